//! The register: what our party, or another, has transcribed from elsewhere, so that it is followed up before anybody else
//! has a node. Whether it is done our own people say among themselves.

use agreement::{Content, FieldTag, Record, Statement};
use calendar::CivilDay;
use oplog::{ObjectId, PartyId, SpaceId};
use store::concerns::At;
use store::objects::ObjectNo;
use store::register::NO_DAY;

use crate::desk::{KeepDesk, SeeDesk};
use crate::policy::{Actor, Authorized};
use crate::{Node, NodeError, Result};

/// A line of the register.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The transcript.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// Who recorded it.
    pub author: PartyId,
    /// Its words, when they are here.
    pub content: Content,
    /// The day that it names, in days since 1970, when it can be read as one.
    pub due: Option<i32>,
    /// Who of us holds it to be done, by name.
    pub done_by: Option<String>,
}

/// The day that a text names in ISO 8601, as our own form writes it.
fn day_of(text: &str) -> Option<i64> {
    let mut parts = text.trim().splitn(3, '-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let day = CivilDay::from_ymd(year.into(), u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()?;
    Some(day.days().into())
}

impl Node {
    /// Keeps the line of a transcript: its newest version whose words were not taken back.
    pub(crate) fn keep_registered(&self, no: ObjectNo, transcript: &Statement) -> Result<()> {
        let version = transcript.versions.iter().rev().find(|version| !transcript.erased.contains(version));
        let Some(version) = version else { return Ok(self.store.forget_registered(no)?) };
        let content = self.content_of(*version)?;
        let due = content.as_ref().and_then(|content| day_of(content.text(FieldTag::DueAsWritten, "")?));
        Ok(self.store.set_registered(no, due, *version)?)
    }

    /// At most `limit` lines of the register that are done, or are not, by day, from behind `after` on; and from where on
    /// there are more.
    ///
    /// # Errors
    /// The database fails.
    pub fn registered(
        &mut self,
        _may: &Authorized<SeeDesk>,
        done: bool,
        after: Option<At>,
        limit: usize,
    ) -> Result<(Vec<Registered>, Option<At>)> {
        let rows = self.store.registered(done, after.unwrap_or((i64::MIN, 0)), limit.saturating_add(1))?;
        let more = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit).map(|row| row.at);
        let mut lines = Vec::new();
        for row in rows.into_iter().take(limit) {
            let Some(space) = self.spaces.values().find(|live| live.no == row.space).map(|live| live.id)
            else {
                continue;
            };
            let Record::Transcript(transcript) = self.record(space, row.object)? else { continue };
            let done_by = row.done_by.map(|person| self.store.person(&person)).transpose()?.flatten();
            lines.push(Registered {
                id: row.object,
                space,
                author: transcript.author,
                content: self.content_of(row.version)?.unwrap_or_default(),
                due: Some(row.at.0).filter(|due| *due != NO_DAY).and_then(|due| i32::try_from(due).ok()),
                done_by: done_by.map(|person| person.name),
            });
        }
        Ok((lines, more))
    }

    /// How many lines are not done, how many of those name a day that is over in UTC, and how many are done.
    ///
    /// # Errors
    /// The database fails.
    pub fn registered_counts(&self, _may: &Authorized<SeeDesk>) -> Result<[u64; 3]> {
        let today = self.clock.today("UTC").map_or(0, |day| i64::from(day.days()));
        Ok(self.store.registered_counts(today)?)
    }

    /// Keeps that a line of the register is done, or is not.
    ///
    /// # Errors
    /// There is no such line.
    pub fn set_done(&mut self, may: &Authorized<KeepDesk>, object: ObjectId, done: bool) -> Result<()> {
        let Actor::Person(person, _) = may.by() else { return Err(NodeError::NotAllowed) };
        let space = self.space_of(object)?;
        let Record::Transcript(_) = self.record(space, object)? else {
            return Err(NodeError::NoSuch("transcript"));
        };
        let at_ms = self.clock.now_ms();
        self.transact(|node| Ok(node.store.set_done(object, done.then_some(&person.0), at_ms)?))
    }
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn a_day_is_read_where_one_is_written_and_nothing_else() {
        assert_eq!(day_of("2027-03-20"), Some(20_897));
        for other in ["", "by autumn", "2027-02-31", "2027-3", "1405-12-29", "-1-1-1", "2027-03-20x"] {
            assert_eq!(day_of(other), None, "{other}");
        }
    }
}
