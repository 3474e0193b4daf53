//! Every pair of operations that can be concurrent: each cell of the table is tried, and the table is the page
//! `docs/concurrency.md`.

#[path = "concurrency/acts.rs"]
mod acts;
#[path = "concurrency/agreements.rs"]
mod agreements;
#[path = "concurrency/answers.rs"]
mod answers;
#[path = "concurrency/class.rs"]
mod class;
#[path = "rules/deal.rs"]
mod deal;
#[path = "concurrency/minutes.rs"]
mod minutes;
#[path = "rules/pact.rs"]
mod pact;
#[path = "concurrency/page.rs"]
mod page;
#[path = "concurrency/row.rs"]
mod row;
#[path = "rules/session.rs"]
mod session;
#[path = "concurrency/space.rs"]
mod space;
#[path = "concurrency/votes.rs"]
mod votes;
#[path = "rules/world.rs"]
mod world;

use std::io::Write as _;

use agreement::operation::KINDS;
use class::CLASSES;
use row::{Refused, Row, SpaceRow};

fn rows() -> impl Iterator<Item = &'static Row> {
    votes::VOTES.iter().chain(answers::ANSWERS).chain(acts::ACTS)
}

fn agreement_kinds() -> impl Iterator<Item = [&'static str; 2]> {
    agreements::AGREEMENTS.iter().map(|row| row.kinds)
}

fn space_rows() -> impl Iterator<Item = &'static SpaceRow> {
    space::KEYS.iter().chain(space::BALLOTS)
}

fn none_wrong(wrong: impl Iterator<Item = String>) {
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{} cells\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_pair_on_a_commitment_comes_out_as_stated_in_both_orders() {
    none_wrong(rows().filter_map(|row| {
        let why = row.check().err()?;
        Some(format!("{} | {} | {}: {why}", row.kinds[0], row.kinds[1], row.situation))
    }));
}

#[test]
fn every_pair_on_an_agreement_comes_out_as_stated_in_both_orders() {
    none_wrong(agreements::AGREEMENTS.iter().filter_map(|row| {
        let why = row.check().err()?;
        Some(format!("{} | {} | {}: {why}", row.kinds[0], row.kinds[1], row.situation))
    }));
}

#[test]
fn every_pair_on_the_space_comes_out_as_stated_in_both_orders() {
    none_wrong(space_rows().filter_map(|row| {
        let why = row.check().err()?;
        Some(format!("{} | {} | {}: {why}", row.kinds[0], row.kinds[1], row.situation))
    }));
}

#[test]
fn every_class_holds_for_all_its_members() {
    none_wrong(CLASSES.iter().filter_map(|class| {
        let why = (class.check)().err()?;
        Some(format!("{:?}: {why}", class.one))
    }));
}

#[test]
fn every_pair_of_kinds_is_in_the_table() {
    let kinds: Vec<&str> = KINDS.iter().map(|(_, word, _)| *word).collect();
    let all_rows: Vec<[&str; 2]> = rows()
        .map(|row| row.kinds)
        .chain(space_rows().map(|row| row.kinds))
        .chain(agreement_kinds())
        .collect();
    let pairs =
        kinds.iter().enumerate().flat_map(|(at, one)| kinds[at..].iter().map(move |two| (*one, *two)));
    let missing = pairs.filter(|(one, two)| {
        let in_row = all_rows.iter().any(|kinds| *kinds == [*one, *two] || *kinds == [*two, *one]);
        !in_row && !CLASSES.iter().any(|class| class.holds(one, two))
    });
    none_wrong(missing.map(|(one, two)| format!("{one} | {two}")));
}

#[test]
fn on_a_commitment_fold_order_decides_nothing() {
    none_wrong(
        rows()
            .filter(|row| matches!(row.refused, Refused::Later | Refused::FirstIfLater))
            .map(|row| row.situation.to_owned()),
    );
}

/// A pure crate opens no files, not even in its tests: with `PEYGIR_BLESS` set the page goes to the error stream.
#[test]
fn the_page_is_the_table() {
    let page = page::page(&rows().collect::<Vec<_>>(), &space_rows().collect::<Vec<_>>(), CLASSES);
    if std::env::var_os("PEYGIR_BLESS").is_some() {
        std::io::stderr().write_all(page.as_bytes()).expect("the error stream is open");
        return;
    }
    let committed = include_str!("../../../docs/concurrency.md");
    assert!(committed == page, "docs/concurrency.md is old; its first lines say how it is written again");
}
