//! What our chances of being on time would have been worth on two public track records that lie beside the checkout.

#![expect(clippy::print_stderr, reason = "a test that does not run says so aloud")]
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

#[path = "data/beside.rs"]
mod beside;
#[path = "data/csv.rs"]
mod csv;

use beside::beside;
use calendar::CivilDay;
use forecast::{Backtest, FieldId, Outcome, PartyId, backtest};
use std::collections::BTreeMap;

type Row = BTreeMap<String, String>;

fn rows(name: &str) -> Option<Vec<Row>> {
    Some(csv::rows(&std::fs::read_to_string(beside(name)?).unwrap()))
}

/// `02-Jun-06`.
fn short_day(text: &str) -> Option<CivilDay> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split('-');
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let year: i32 = words.next()?.parse().ok()?;
    CivilDay::from_ymd(2_000 + year, month.try_into().ok()?, day).ok()
}

/// `2012-03-31T00:00:00Z`.
fn long_day(text: &str) -> Option<CivilDay> {
    text.get(..10)?.parse().ok()
}

/// Numbers for names, in the order in which they come up.
#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap();
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

fn told(name: &str, outcomes: &[Outcome]) -> Backtest {
    let found = backtest(outcomes).unwrap();
    eprintln!(
        "{name}: {} of {} judged; Brier as promised {:.4}, pool {:.4}, outlook {:.4}; calibration error {:.3}",
        found.judged,
        outcomes.len(),
        found.as_promised,
        found.pool,
        found.outlook,
        found.calibration_error
    );
    found
}

#[test]
fn deliveries_are_foretold_better_than_promised_and_than_by_the_pool() {
    let Some(rows) = rows("scms_deliveries.csv") else {
        return;
    };
    assert_eq!(rows.len(), 10_324);
    let (mut vendors, mut modes) = (Names::default(), Names::default());
    let outcomes: Vec<_> = rows
        .iter()
        .map(|row| Outcome {
            party: PartyId(vendors.number(&row["Vendor"])),
            field: FieldId(modes.number(&row["Shipment Mode"])),
            promised: short_day(&row["Scheduled Delivery Date"]).unwrap(),
            actual: short_day(&row["Delivered to Client Date"]).unwrap(),
        })
        .collect();
    let found = told("deliveries", &outcomes);
    assert!(found.judged > 10_000);
    assert!(found.outlook <= 0.125 && found.outlook < found.pool && found.outlook < found.as_promised);
    assert!(found.calibration_error <= 0.05);
}

#[test]
fn public_projects_are_foretold_better_than_promised_and_about_as_by_the_pool() {
    let Some(rows) = rows("us_it_projects_2012.csv") else {
        return;
    };
    let mut agencies = Names::default();
    let mut dated = Vec::new();
    for row in &rows {
        let promised = long_day(&row["Planned Project Completion Date (B2)"]);
        let actual = long_day(&row["Projected/Actual Project Completion Date (B2)"]);
        if let (Some(promised), Some(actual)) = (promised, actual) {
            let party = PartyId(agencies.number(&row["Agency Name"]));
            let is_over = long_day(&row["Updated"]).is_some_and(|updated| actual <= updated);
            dated.push((Outcome { party, field: FieldId(0), promised, actual }, is_over));
        }
    }
    assert_eq!(dated.len(), 1_546);
    let all: Vec<_> = dated.iter().map(|(outcome, _)| *outcome).collect();
    let found = told("projects, dates as stated", &all);
    assert!(found.outlook <= 0.180 && found.outlook < found.as_promised);
    assert!(found.outlook <= found.pool + 0.003);
    // The column mixes what was projected with what came true: those that were over when their row was written.
    let over: Vec<_> = dated.iter().filter(|(_, is_over)| *is_over).map(|(outcome, _)| *outcome).collect();
    let found = told("projects that were over", &over);
    assert!(found.outlook < found.as_promised && found.outlook <= found.pool + 0.005);
}
