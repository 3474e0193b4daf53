//! `convene` invites parties to a meeting, and says anew when and where it is, or that it is called off.

use std::collections::BTreeSet;

use oplog::{ObjectId, PartyId, wire_struct};

use crate::change::Change;
use crate::meeting::{CONVENED_MAX, Convened, Meeting};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::PARTIES_MAX;
use crate::standing::By;
use crate::terms::Due;

/// A meeting, or a correction of one by its convener. Title, place and agenda stand in the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convene {
    /// The meeting that this corrects; `None` convenes one.
    pub object: Option<ObjectId>,
    /// Who is invited, the convener too.
    pub invited: BTreeSet<PartyId>,
    /// The day, in its zone; `None` calls the meeting off.
    pub day: Option<Due>,
}

wire_struct!(Convene { object, invited, day });

impl Convene {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        self.day.as_ref().map_or(Ok(()), Due::check)?;
        let convened = Convened { entry: by.entry, day: self.day.clone() };
        match (self.object, record) {
            (None, None) => {
                let rules = [
                    ((1..=PARTIES_MAX).contains(&self.invited.len()), "between 1 and 200 invited parties"),
                    (self.invited.contains(&by.party), "the convener among the invited"),
                    (self.day.is_some(), "a day for the meeting"),
                ];
                if let Some((_, rule)) = rules.iter().find(|(holds, _)| !holds) {
                    return Err(Refusal::Terms(rule));
                }
                let meeting = Meeting::of(by.party, self.invited.clone(), convened);
                Ok(vec![Change::Founded(Box::new(Record::Meeting(meeting)))])
            }
            (Some(_), Some(Record::Meeting(meeting))) => {
                if meeting.convener != by.party {
                    return Err(Refusal::OnlyAuthor);
                }
                if meeting.invited != self.invited {
                    return Err(Refusal::Terms("the parties that were invited to the meeting"));
                }
                if meeting.convened.len() >= CONVENED_MAX {
                    return Err(Refusal::Limit("the number of corrections"));
                }
                Ok(vec![Change::Convened(convened)])
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}
