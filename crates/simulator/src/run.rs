//! One schedule from its seed to its checks, and many of them on all processors.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::fault::{Fault, Step, must};
use crate::tally::Tally;
use crate::world::{Listener, World};

/// What parties tried to sign, whatever came of it.
pub(crate) const ACT_TRIED: &str = "act tried";
/// The fewest acts that a schedule is made of.
const ACTS_MIN: u64 = 30;
/// The most steps that a schedule takes to come to them.
const STEPS_MAX: usize = 200;

/// What came of many schedules.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What they were made of.
    pub tally: Tally,
    /// The seeds that failed, with the reason.
    pub faults: Vec<(u64, String)>,
}

/// Runs the schedule of `seed`, telling each step to `trace`.
///
/// # Errors
/// A property that does not hold.
pub fn run(seed: u64, trace: Option<Listener>) -> Result<Tally, Fault> {
    caught(|| schedule(seed, trace).map(|world| world.tally))
}

/// The bundle of the whole space as the first node holds it at the end of the schedule of `seed`.
///
/// # Errors
/// A property that does not hold.
pub fn last_bundle(seed: u64) -> Result<Vec<u8>, Fault> {
    caught(|| {
        let mut world = schedule(seed, None)?;
        let (space, mut file) = (world.space, Vec::new());
        world.node(0)?.write_bundle(space, &mut file)?;
        Ok(file)
    })
}

/// What `work` gives; a panic in it is a fault like any other.
fn caught<T>(work: impl FnOnce() -> Step<T>) -> Step<T> {
    let whole = catch_unwind(AssertUnwindSafe(work));
    whole.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Err(Fault(format!("panic: {}", words.unwrap_or_default())))
    })
}

fn schedule(seed: u64, trace: Option<Listener>) -> Step<World> {
    let mut world = World::new(seed, trace)?;
    let plan = world.plan.clone();
    world.note(|| format!("seed {seed}: {plan:?}"));
    world.found()?;
    let mut step = 0;
    while step < plan.steps || (world.tally.count(ACT_TRIED) < ACTS_MIN && step < STEPS_MAX) {
        let ms = world.chance.number() % 1_800_000;
        world.pass_time(ms);
        world.note(|| format!("step {step}"));
        world.stir()?;
        step += 1;
    }
    must(world.tally.count(ACT_TRIED) >= ACTS_MIN, || format!("fewer than {ACTS_MIN} acts were tried"))?;
    world.tally.add_many("honest node", world.stations.len() as u64);
    if world.tally.count("crash") + world.tally.count("restore") > 0 {
        world.tally.add("crash or restore");
    }
    world.heal()?;
    world.check()?;
    Ok(world)
}

impl World {
    /// One step: somebody acts, some messages move, something may go wrong.
    fn stir(&mut self) -> Step {
        if self.plan.partition > 0 && self.chance.percent(self.plan.partition) {
            self.cut = if self.cut == 0 { 1 + self.chance.below((1 << self.stations.len()) - 2) } else { 0 };
            if self.cut != 0 {
                self.tally.add("partition");
            }
        }
        let parties = self.stations.len() + self.puppets.len();
        let at = self.chance.below(parties);
        match at.checked_sub(self.stations.len()) {
            Some(who) => self.plot(who)?,
            None => self.act(at)?,
        }
        for _ in 0..1 + self.chance.below(3) {
            let from = self.chance.below(self.stations.len());
            let to = (from + 1 + self.chance.below(self.stations.len() - 1)) % self.stations.len();
            match self.chance.below(40) {
                0..=15 => self.greet(from, to)?,
                16 => self.carry(from, to)?,
                17 => {
                    let done = self.node(from)?.acknowledge()?;
                    self.tally.add_many("receipt", done.len() as u64);
                }
                _ => {
                    self.deliver()?;
                    self.deliver()?;
                }
            }
        }
        self.strike()
    }
}

/// Runs `count` schedules from seed `from` on, on as many threads as there are processors. Stops early after ten
/// faults. `each` is told of every seed that fails.
pub fn run_many(from: u64, count: u64, each: &(dyn Fn(u64, &Fault) + Sync)) -> Report {
    const FAULTS_MAX: usize = 10;
    let next = AtomicU64::new(from);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let mut report = Report::default();
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= from.saturating_add(count) || report.faults.len() >= FAULTS_MAX {
                return report;
            }
            match run(seed, None) {
                Ok(tally) => report.tally.merge(&tally),
                Err(fault) => {
                    each(seed, &fault);
                    report.faults.push((seed, fault.0));
                }
            }
        }
    };
    std::thread::scope(|scope| {
        let hands: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut whole = Report::default();
        for hand in hands {
            match hand.join() {
                Ok(report) => {
                    whole.tally.merge(&report.tally);
                    whole.faults.extend(report.faults);
                }
                Err(_) => whole.faults.push((from, "a thread died".to_owned())),
            }
        }
        whole.faults.sort();
        whole
    })
}

/// The command that replays a seed.
#[must_use]
pub fn replay(seed: u64) -> String {
    format!("replay: cargo run --release -p simulator -- --seed {seed} --trace")
}
