//! Where a commitment stands: its phase in words, whose turn it is, and how late it is.

use std::collections::BTreeSet;

use agreement::{Commitment, Phase};
use node::Clock;
use node::oplog::PartyId;

use super::names::Names;
use crate::markup::Markup;
use crate::messages::Told;
use crate::reader::Reader;

/// A phase in words, with the class that gives it its look.
pub(super) struct Status {
    pub(super) class: &'static str,
    pub(super) words: String,
}

/// A phase in words.
pub(super) fn status(reader: Reader, phase: Phase) -> Status {
    Status { class: phase.name(), words: reader.say(&format!("phase-{}", phase.name())) }
}

/// By how many days something that binds is past its due day in its zone; `None` when it is not.
pub(super) fn late_days(clock: &Clock, record: &Commitment) -> Option<u64> {
    if !matches!(record.phase(), Phase::Detached | Phase::Reported | Phase::Disputed) {
        return None;
    }
    let due = &record.in_force()?.terms.due;
    let late = clock.today(&due.zone)?.days().checked_sub(due.day)?;
    u64::try_from(late).ok().filter(|days| *days > 0)
}

/// How late something is, in words.
pub(super) fn late(reader: Reader, clock: &Clock, record: &Commitment) -> Option<Markup> {
    late_days(clock, record).map(|days| reader.tell("late-days", &[("days", days.into())]))
}

/// For how many days somebody has been waited for, since a minute.
pub(super) fn waiting(reader: Reader, clock: &Clock, since_min: i64) -> Option<Markup> {
    let days = waiting_days(clock, since_min);
    (days > 0).then(|| reader.tell("waiting-days", &[("days", days.into())]))
}

/// How many whole days have gone by since a minute.
pub(super) fn waiting_days(clock: &Clock, since_min: i64) -> u64 {
    const DAY_MIN: i64 = 1_440;
    let now_min = i64::try_from(clock.now_ms() / 60_000).unwrap_or(i64::MAX);
    u64::try_from(now_min.saturating_sub(since_min) / DAY_MIN).unwrap_or(0)
}

/// Whose turn it is, and to do what.
pub(super) struct Turn {
    /// Whether it is ours.
    pub(super) own: bool,
    pub(super) who: Markup,
    pub(super) what: String,
}

/// Whose turn it is.
pub(super) fn turn(reader: Reader, names: &Names, record: &Commitment) -> Turn {
    turn_of(reader, names, record.waits_on(), awaited(record))
}

/// Whose turn it is, of those waited for, and the message that says for what.
pub(super) fn turn_of(reader: Reader, names: &Names, waits: BTreeSet<PartyId>, what: &str) -> Turn {
    let own = waits.contains(&names.own);
    let others: Vec<PartyId> = waits.iter().copied().filter(|party| *party != names.own).collect();
    let who = match (own, others.is_empty()) {
        (true, true) => Markup::isolating(&reader.say("turn-own")),
        (true, false) => reader.tell("turn-own-and", &[("party", Told::Names(names.list(others)))]),
        (false, false) => reader.tell("turn-of", &[("party", Told::Names(names.list(others)))]),
        (false, true) => Markup::isolating(&reader.say("turn-nobody")),
    };
    Turn { own, who, what: reader.say(what) }
}

/// What is waited for.
fn awaited(record: &Commitment) -> &'static str {
    if !record.is_closed() && record.open_slot().is_some_and(|(_, slot)| !slot.awaited().is_empty()) {
        return if record.in_force().is_some() { "awaited-answer-change" } else { "awaited-answer" };
    }
    match record.phase() {
        Phase::Offered => "awaited-answer",
        Phase::NotAgreed => "awaited-new-offer",
        Phase::Conditional => "awaited-condition",
        Phase::Detached => "awaited-delivery",
        Phase::Reported => "awaited-confirmation",
        Phase::Disputed => "awaited-new-report",
        Phase::Confirmed => "over-confirmed",
        Phase::Released => "over-released",
        Phase::Cancelled => "over-cancelled",
        Phase::Ended => "over-ended",
    }
}
