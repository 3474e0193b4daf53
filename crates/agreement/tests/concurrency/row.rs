//! What a cell of the table is, and how it is tried: the two operations are signed without knowledge of each
//! other and folded in both orders.

use agreement::{Phase, Refusal};

use crate::deal::Deal;
use crate::world::{Draft, Entry, Folded, World, normal};

/// Who is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Neither: both stand, in both orders.
    Neither,
    /// The second operation of the row, in both orders: by what its author had seen it is against the rules.
    Second,
    /// The first operation of the row, in both orders.
    First,
    /// Whichever is folded later: fold order decides.
    Later,
    /// The first operation, when it is folded later: fold order decides.
    FirstIfLater,
}

/// Which terms are in force afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InForce {
    /// None.
    Nothing,
    /// Those that were.
    Old,
    /// Those that were on the table.
    New,
}

/// A pair of operations on one commitment.
pub(crate) struct Row {
    pub(crate) kinds: [&'static str; 2],
    pub(crate) situation: &'static str,
    pub(crate) setup: fn() -> Deal,
    pub(crate) acts: [fn(&Deal) -> Draft; 2],
    pub(crate) refused: Refused,
    pub(crate) phase: Phase,
    pub(crate) in_force: InForce,
    pub(crate) why: &'static str,
}

/// A pair of operations on the space.
pub(crate) struct SpaceRow {
    pub(crate) kinds: [&'static str; 2],
    pub(crate) situation: &'static str,
    pub(crate) setup: fn() -> World,
    pub(crate) acts: [fn(&World) -> Draft; 2],
    pub(crate) refused: Refused,
    /// What is true afterwards, in both orders.
    pub(crate) outcome: &'static str,
    pub(crate) holds: fn(&World, &Folded) -> bool,
    pub(crate) why: &'static str,
}

/// Two operations signed without knowledge of each other, folded in both orders.
pub(crate) struct Tried {
    pub(crate) world: World,
    /// With the first operation first, and with the second first.
    pub(crate) folds: [Folded; 2],
    /// Why each operation was refused, by order and operation.
    pub(crate) refusals: [[Option<Refusal>; 2]; 2],
}

/// Signs both drafts and folds them in both orders, each after all that stood before.
pub(crate) fn try_pair(world: &World, drafts: [Draft; 2]) -> Tried {
    let mut world = world.clone();
    let before = world.entries.len();
    let [a, b] = drafts;
    let a = world.sign(a);
    let b = world.sign(b.blind_to(&[a]));
    let mut common: Vec<&Entry> = world.entries[..before].iter().collect();
    common.sort_by_key(|entry| (entry.depth, entry.id));
    let (first, second) = (&world.entries[before], &world.entries[before + 1]);
    let folds = [[first, second], [second, first]].map(|pair| {
        let order: Vec<_> = common.iter().copied().chain(pair).collect();
        world.fold_in(&order)
    });
    let refusals = [0, 1].map(|order| [a, b].map(|entry| folds[order].refused.get(&entry).cloned()));
    Tried { folds, refusals, world }
}

impl Tried {
    /// Whether who was refused is as stated.
    pub(crate) fn refused_as(&self, stated: Refused) -> Result<(), String> {
        let found = self.refusals.each_ref().map(|order| order.each_ref().map(Option::is_some));
        let wanted = match stated {
            Refused::Neither => [[false, false], [false, false]],
            Refused::First => [[true, false], [true, false]],
            Refused::Second => [[false, true], [false, true]],
            Refused::Later => [[false, true], [true, false]],
            Refused::FirstIfLater => [[false, false], [true, false]],
        };
        if found == wanted { Ok(()) } else { Err(format!("refused: {:?}", self.refusals)) }
    }

    /// Whether all records are the same bytes in both orders.
    pub(crate) fn same_records(&self) -> Result<(), String> {
        let [one, two] = self.folds.each_ref().map(normal);
        if one == two { Ok(()) } else { Err(format!("{:#?}\n{:#?}", self.folds[0], self.folds[1])) }
    }
}

impl Row {
    /// Tries the cell.
    pub(crate) fn check(&self) -> Result<(), String> {
        let deal = (self.setup)();
        let tried = try_pair(&deal.world, self.acts.map(|act| act(&deal)));
        let of_kind = |at: usize| tried.world.entries[tried.world.entries.len() - 2 + at].operation.word();
        if [of_kind(0), of_kind(1)] != self.kinds {
            return Err("the acts are of other kinds".to_owned());
        }
        tried.refused_as(self.refused)?;
        if !matches!(self.refused, Refused::Later | Refused::FirstIfLater) {
            tried.same_records()?;
        }
        for fold in &tried.folds {
            let commitment = fold.commitment(deal.object);
            let in_force = match commitment.in_force() {
                None => InForce::Nothing,
                Some(offered) if offered.terms == deal.table && deal.table != deal.terms => InForce::New,
                Some(_) if deal.commitment().in_force().is_none() => InForce::New,
                Some(_) => InForce::Old,
            };
            if (commitment.phase(), in_force) != (self.phase, self.in_force) {
                return Err(format!("{:?}, {in_force:?}", commitment.phase()));
            }
        }
        if normal(&tried.world.fold()) != normal(&tried.folds[0]) && self.refused == Refused::Neither {
            return Err("the one order gives another record".to_owned());
        }
        Ok(())
    }
}

impl SpaceRow {
    /// Tries the cell.
    pub(crate) fn check(&self) -> Result<(), String> {
        let world = (self.setup)();
        let tried = try_pair(&world, self.acts.map(|act| act(&world)));
        tried.refused_as(self.refused)?;
        if !matches!(self.refused, Refused::Later | Refused::FirstIfLater) {
            tried.same_records()?;
        }
        for fold in &tried.folds {
            if !(self.holds)(&tried.world, fold) {
                return Err(format!("not so: {:#?}", fold.the_space()));
            }
        }
        Ok(())
    }
}
