//! Which capabilities meet which needs: by field alone, the same on every node that holds the same record.

use std::collections::BTreeMap;

use agreement::{FieldCode, Sort};
use oplog::{ObjectId, PartyId};

/// A capability or need that stands, with its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stated {
    pub(crate) id: ObjectId,
    pub(crate) party: PartyId,
    pub(crate) sort: Sort,
    pub(crate) field: FieldCode,
}

/// A capability and a need of two parties that meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) capability: Stated,
    pub(crate) need: Stated,
}

impl Met {
    /// Whether both are of the same field, and not one of a field in the other's group.
    pub(crate) fn is_exact(&self) -> bool {
        self.capability.field == self.need.field
    }
}

/// What of `own` meets what of others: those of the same field first, then by field and id. They meet when the field of
/// one is that of the other or lies within it.
pub(crate) fn meetings(own: PartyId, stated: &[Stated]) -> Vec<Met> {
    let mut groups: BTreeMap<FieldCode, (Vec<Stated>, Vec<Stated>)> = BTreeMap::new();
    for one in stated {
        let (ours, theirs) = groups.entry(one.field.group()).or_default();
        if one.party == own { ours.push(*one) } else { theirs.push(*one) }
    }
    let mut met = Vec::new();
    for (group, (ours, theirs)) in groups {
        for our in &ours {
            let meets = |their: &&Stated| {
                let near = our.field == their.field || our.field == group || their.field == group;
                near && their.sort == our.sort.other()
            };
            met.extend(theirs.iter().filter(meets).map(|their| match our.sort {
                Sort::Capability => Met { capability: *our, need: *their },
                Sort::Need => Met { capability: *their, need: *our },
            }));
        }
    }
    met.sort_by_key(|met| {
        (!met.is_exact(), met.need.field, met.capability.field, met.need.id, met.capability.id)
    });
    met
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: PartyId = PartyId([1; 32]);

    fn stated(id: u8, party: u8, sort: Sort, field: &str) -> Stated {
        let field = FieldCode::of_code(field).unwrap();
        Stated { id: ObjectId([id; 32]), party: PartyId([party; 32]), sort, field }
    }

    fn numbers(stated: &[Stated]) -> Vec<(u8, u8)> {
        meetings(OWN, stated).iter().map(|met| (met.capability.id.0[0], met.need.id.0[0])).collect()
    }

    #[test]
    fn a_capability_and_a_need_of_two_parties_meet_in_one_field_or_one_within_the_other() {
        use Sort::{Capability, Need};
        let all = [
            stated(1, 1, Need, "2.1"),
            stated(2, 2, Capability, "2"),
            stated(3, 3, Capability, "2.1"),
            stated(4, 2, Capability, "2.10"),
            stated(5, 2, Need, "2.1"),
            stated(6, 1, Capability, "2.1"),
            stated(7, 1, Capability, "T"),
            stated(8, 2, Need, "T"),
            stated(9, 2, Need, "C"),
        ];
        // 3 meets 1 but not 5, which is between others; 4 has a field beside, not within.
        assert_eq!(numbers(&all), [(3, 1), (6, 5), (7, 8), (2, 1)]);
    }

    #[test]
    fn the_order_in_which_they_are_given_makes_no_difference() {
        let sorts = [Sort::Capability, Sort::Need];
        let fields = ["1", "1.1", "1.2", "T"];
        let mut all: Vec<_> = (0..60_u8)
            .map(|n| {
                stated(n, n % 4, sorts[usize::from(n / 4) % 2], fields[usize::from(n / 8) % fields.len()])
            })
            .collect();
        let forward = numbers(&all);
        all.reverse();
        assert_eq!(numbers(&all), forward);
        all.sort_by_key(|one| one.id.0[0].wrapping_mul(97));
        assert_eq!(numbers(&all), forward);
        assert!(forward.len() > 50, "{}", forward.len());
    }
}
