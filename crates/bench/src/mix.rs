//! The work of a commission, as a stated mix of kinds and sizes.

use agreement::operation::{Accept, Ack, Comment, Confirm, Counter, Decline, Offer, Report};
use agreement::{Closure, CommitmentTerms, Content, Due, FieldTag, Subject, Tag, Terms};
use oplog::{EntryId, ObjectId, TermsHash};

use crate::world::World;

/// What is signed, out of a hundred.
pub const SHARES: [(&str, usize); 8] = [
    ("offer", 30),
    ("accept", 25),
    ("report", 10),
    ("confirm", 10),
    ("comment", 10),
    ("counter", 5),
    ("decline", 5),
    ("ack", 5),
];
/// The mix in words.
pub const STATED: &str = "30 % offers (content 300 to 600 B), 25 % accepts, 10 % reports, 10 % confirms, \
10 % comments (200 B to 2 kB), 5 % counters (300 to 600 B), 5 % declines, 5 % acks; one offer in seven has two creditors; \
an author has seen all but the last 0 to 8 entries, or in one act of ten only what it answers";

/// How far behind the newest entry an author may be.
const LAG_MAX: usize = 8;
/// How many open matters of one sort are kept at most; older ones stay unanswered, as in life.
const OPEN_MAX: usize = 2_000;

struct Table {
    object: ObjectId,
    slot: u64,
    terms: CommitmentTerms,
    hash: TermsHash,
    by: usize,
    answers: Vec<usize>,
    needed: usize,
    at: usize,
}

struct Duty {
    object: ObjectId,
    terms: CommitmentTerms,
    hash: TermsHash,
    at: usize,
}

struct Claim {
    object: ObjectId,
    report: EntryId,
    creditor: usize,
    at: usize,
}

/// What is open between the authors.
#[derive(Default)]
pub struct Mix {
    tables: Vec<Table>,
    duties: Vec<Duty>,
    claims: Vec<Claim>,
    objects: Vec<(ObjectId, usize)>,
}

fn pick<T>(open: &mut Vec<T>, world: &mut World) -> Option<T> {
    if open.len() > OPEN_MAX {
        open.drain(..OPEN_MAX / 2);
    }
    if open.is_empty() { None } else { Some(open.swap_remove(world.chance.below(open.len()))) }
}

impl Mix {
    /// Signs one entry more.
    pub fn step(&mut self, world: &mut World) {
        let mut drawn = world.chance.below(100);
        let kind = SHARES.iter().find(|(_, share)| {
            let hit = drawn < *share;
            drawn = drawn.wrapping_sub(*share);
            hit
        });
        let done = match kind.map_or("offer", |(kind, _)| *kind) {
            "accept" => self.accept(world),
            "report" => self.report(world),
            "confirm" => self.confirm(world),
            "comment" => self.comment(world),
            "counter" => self.counter(world),
            "decline" => self.decline(world),
            "ack" => ack(world),
            _ => None,
        };
        if done.is_none() {
            self.offer(world);
        }
    }

    fn offer(&mut self, world: &mut World) {
        let authors = world.active;
        let by = world.chance.below(authors);
        let other = (by + 1 + world.chance.below(authors - 1)) % authors;
        let (debtor, creditor) = if world.chance.below(2) == 0 { (by, other) } else { (other, by) };
        let mut creditors = vec![creditor];
        let third = world.chance.below(authors);
        if world.chance.below(7) == 0 && third != by && third != other {
            creditors.push(third);
        }
        let party = |number: &usize| world.authors[*number].party();
        let terms = CommitmentTerms {
            tag: Tag::New,
            debtor: party(&debtor),
            creditors: creditors.iter().map(party).collect(),
            closure: Closure::All,
            due: due(world.made.len()),
            condition: None,
            clause: None,
            reply_by: None,
        };
        let content = text(world);
        let view = view(world, 0);
        let offer = Offer { object: None, slot: 0, terms: Terms::Commitment(terms.clone()) };
        let object = world.sign(by, view, &offer.into(), Some(content)).into();
        let answers = creditors.iter().copied().chain([debtor]).filter(|number| *number != by).collect();
        self.objects.push((object, world.made.len()));
        self.lay(world, object, 0, terms, by, answers);
    }

    /// Puts terms on the table that the last entry offered.
    fn lay(
        &mut self,
        world: &World,
        object: ObjectId,
        slot: u64,
        terms: CommitmentTerms,
        by: usize,
        answers: Vec<usize>,
    ) {
        let last = world.made.last().and_then(|made| made.content.as_deref()).map(Content::reference);
        let hash = Terms::Commitment(terms.clone()).hash(last.map(|content| content.hash));
        let needed = answers.len();
        self.tables.push(Table { object, slot, terms, hash, by, answers, needed, at: world.made.len() });
    }

    fn accept(&mut self, world: &mut World) -> Option<()> {
        let mut table = pick(&mut self.tables, world)?;
        let by = table.answers.pop().filter(|by| *by < world.active)?;
        let Table { object, slot, hash: terms, at, .. } = table;
        let view = view(world, at);
        world.sign(by, view, &Accept { subject: Subject::Commitment, object, slot, terms }.into(), None);
        table.at = world.made.len();
        if table.answers.is_empty() {
            self.duties.push(Duty { object, terms: table.terms, hash: table.hash, at: table.at });
        } else {
            self.tables.push(table);
        }
        Some(())
    }

    fn report(&mut self, world: &mut World) -> Option<()> {
        let Duty { object, terms, hash, at } = pick(&mut self.duties, world)?;
        let number = |party| world.authors.iter().position(|author| author.party() == party);
        let by = number(terms.debtor).filter(|by| *by < world.active)?;
        let creditors: Vec<_> = terms.creditors.iter().filter_map(|party| number(*party)).collect();
        let view = view(world, at);
        let report = world.sign(by, view, &Report { object, terms: hash }.into(), None);
        let at = world.made.len();
        self.claims.extend(creditors.into_iter().map(|creditor| Claim { object, report, creditor, at }));
        Some(())
    }

    fn confirm(&mut self, world: &mut World) -> Option<()> {
        let claim = pick(&mut self.claims, world)?;
        let Claim { object, report, creditor, at } = claim;
        if creditor >= world.active {
            return None;
        }
        let view = view(world, at);
        world.sign(creditor, view, &Confirm { object, report }.into(), None);
        Some(())
    }

    fn comment(&mut self, world: &mut World) -> Option<()> {
        let recent = self.objects.len().min(OPEN_MAX);
        let from = self.objects.len() - recent;
        let (about, at) = *self.objects.get(from + world.chance.below(recent))?;
        let by = world.chance.below(world.active);
        let len_bytes = 200 + world.chance.below(1_800);
        let content = Content::default().with(FieldTag::Note, "en", &world.chance.words(len_bytes));
        let view = view(world, at);
        world.sign(by, view, &Comment { about }.into(), Some(content));
        Some(())
    }

    /// A table of two parties that nobody has answered.
    fn fresh(&mut self, world: &mut World) -> Option<Table> {
        let table = pick(&mut self.tables, world)?;
        if table.needed == 1 && table.slot < 8 {
            return Some(table);
        }
        self.tables.push(table);
        None
    }

    fn counter(&mut self, world: &mut World) -> Option<()> {
        let table = self.fresh(world)?;
        let by = table.answers.first().copied().filter(|by| *by < world.active)?;
        let terms = CommitmentTerms { due: due(world.made.len()), ..table.terms };
        let content = text(world);
        let view = view(world, table.at);
        let counter =
            Counter { object: table.object, slot: table.slot, terms: Terms::Commitment(terms.clone()) };
        world.sign(by, view, &counter.into(), Some(content));
        self.lay(world, table.object, table.slot + 1, terms, by, vec![table.by]);
        Some(())
    }

    fn decline(&mut self, world: &mut World) -> Option<()> {
        let table = self.fresh(world)?;
        let by = table.answers.first().copied().filter(|by| *by < world.active)?;
        let Table { object, slot, at, .. } = table;
        let view = view(world, at);
        world.sign(by, view, &Decline { subject: Subject::Commitment, object, slot }.into(), None);
        Some(())
    }
}

fn ack(world: &mut World) -> Option<()> {
    let by = world.chance.below(world.active);
    let view = view(world, 0);
    world.sign(by, view, &Ack { digest: None, level: 0 }.into(), None);
    Some(())
}

/// How much of the world an author that answers the entry before `needed` has seen.
fn view(world: &mut World, needed: usize) -> usize {
    let lag = world.chance.below(LAG_MAX + 1);
    let synced = if world.chance.below(10) == 0 { 0 } else { world.made.len().saturating_sub(lag) };
    synced.max(needed)
}

fn due(number: usize) -> Due {
    let day = 20_800 + i32::try_from(number % 700).unwrap_or_default();
    Due { day, zone: "Asia/Tehran".to_owned() }
}

fn text(world: &mut World) -> Content {
    let len_bytes = 240 + world.chance.below(300);
    let title = world.chance.words(40);
    let deliverable = world.chance.words(len_bytes - 60);
    Content::default().with(FieldTag::Title, "en", title.trim()).with(
        FieldTag::Deliverable,
        "en",
        &deliverable,
    )
}
