//! The wall clock: the only file that asks what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where claimed times come from. They order nothing.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that somebody else moves: tests and the simulator.
    Set(Arc<AtomicU64>),
}

impl Clock {
    /// Milliseconds since 1970-01-01 UTC; 0 when the machine's clock is set before that.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this file is where the wall clock lives")]
    pub fn now_ms(&self) -> u64 {
        match self {
            Self::System => std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            Self::Set(time) => time.load(Ordering::SeqCst),
        }
    }

    /// Today's civil day in a zone; `None` when the zone is not known.
    #[must_use]
    pub fn today(&self, zone: &str) -> Option<calendar::CivilDay> {
        Self::civil(self.now_ms(), zone).map(|(day, _, _)| day)
    }

    /// The civil day, hour and minute in a zone of a time in milliseconds since 1970-01-01 UTC; `None` when the zone is
    /// not known or the time is out of the calendar's range.
    #[must_use]
    pub fn civil(ms: u64, zone: &str) -> Option<(calendar::CivilDay, u8, u8)> {
        let zone = jiff::tz::TimeZone::get(zone).ok()?;
        let time = jiff::Timestamp::from_millisecond(i64::try_from(ms).ok()?).ok()?;
        let there = time.to_zoned_datetime(zone);
        let (date, time) = (there.date(), there.time());
        let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
        let day = calendar::CivilDay::from_ymd(i32::from(date.year()), month, day).ok()?;
        Some((day, u8::try_from(time.hour()).ok()?, u8::try_from(time.minute()).ok()?))
    }

    /// The minute since 1970-01-01 UTC at which a civil day ends in a zone; in UTC when the zone is not known.
    #[must_use]
    pub fn day_end_min(day: calendar::CivilDay, zone: &str) -> Option<i64> {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let next = jiff::civil::Date::new(1970, 1, 1).ok()?;
        let days = i64::from(day.days()).checked_add(1)?;
        let next = next.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Some(zone.to_timestamp(next.at(0, 0, 0, 0)).ok()?.as_second().div_euclid(60))
    }

    /// Whether a time zone of this name is known.
    #[must_use]
    pub fn knows_zone(zone: &str) -> bool {
        jiff::tz::TimeZone::get(zone).is_ok()
    }
}
