//! Meetings in stories: convening one, and the minutes of one.

use agreement::operation::{Convene, Offer};
use agreement::{Content, Due, FieldTag, Meeting, MinutesTerms, Operation, Record, Terms};
use oplog::ObjectId;

use crate::fault::{Fault, Step};
use crate::story::event::Who;
use crate::story::play::Play;

const ZONE: &str = "Asia/Tehran";

impl Play<'_> {
    fn meeting(&mut self, who: Who, title: &str) -> Step<(ObjectId, Meeting)> {
        let (object, space) = (self.object(title)?, self.space);
        match self.actors[who].node()?.record(space, object) {
            Ok(Record::Meeting(record)) => Ok((object, record)),
            Ok(_) => Err(Fault(format!("\"{title}\" is no meeting"))),
            Err(_) => Err(Fault(format!("its node has not heard of \"{title}\""))),
        }
    }

    /// A new meeting, or another day for one that is there.
    pub(crate) fn convene(&mut self, title: &str, invited: &[Who], day: i32) -> Step<(Operation, Content)> {
        let invited = invited.iter().map(|who| self.actors[*who].party).collect();
        let day = Some(Due { day, zone: ZONE.to_owned() });
        let object = self.book.titles.get(title).copied();
        Ok((Convene { object, invited, day }.into(), Content::default().with(FieldTag::Title, "", title)))
    }

    pub(crate) fn call_off(&mut self, who: Who, title: &str) -> Step<Operation> {
        let (object, record) = self.meeting(who, title)?;
        Ok(Convene { object: Some(object), invited: record.invited, day: None }.into())
    }

    pub(crate) fn offer_minutes(
        &mut self,
        who: Who,
        title: &str,
        present: &[Who],
        outcomes: &[String],
    ) -> Step<(Operation, Content)> {
        let (object, record) = self.meeting(who, title)?;
        let outcome = |(at, title): (u64, &String)| Ok((at, self.object(title)?));
        let terms = MinutesTerms {
            parties: record.invited.clone(),
            present: present.iter().map(|who| self.actors[*who].party).collect(),
            outcomes: (1..).zip(outcomes).map(outcome).collect::<Step<_>>()?,
            reply_by: None,
        };
        let slot = record.ballot.slots.len() as u64;
        let offer = Offer { object: Some(object), slot, terms: Terms::Minutes(terms) };
        Ok((offer.into(), Content::default().with(FieldTag::Text, "", "what was said")))
    }
}
