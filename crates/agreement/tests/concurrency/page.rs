//! The page `docs/concurrency.md`, written from the table.

use std::fmt::Write as _;

use agreement::Phase;

use crate::agreements::{AGREEMENTS, AgreementRow};
use crate::class::Class;
use crate::row::{InForce, Refused, Row, SpaceRow};

const HEAD: &str = "\
# What happens when two parties act without knowledge of each other

This page is written by the test `crates/agreement/tests/concurrency.rs`, which holds the table as data and tries
every cell: in a common past both operations are signed without knowledge of each other and folded in both orders.
To write the page again:
`PEYGIR_BLESS=1 cargo test -q -p agreement --test concurrency the_page 2> docs/concurrency.md`

**One rule stands behind the table.** An operation is judged by what its author had seen, never by what was folded
before it; what a record comes to is a function of the set of operations that stand. So on a commitment or an agreement fold order
decides nothing, the named limits apart (the 257th report is the one folded last). Where it does decide, in the tables about the space, the cell says so, and either outcome is one
that every side can live with.

**When several ends were signed without knowledge of each other**, the one kinder to the debtor stands: confirmed,
then ended by consent, then released, then cancelled.

**Pairs on different objects share one proven cell**: both stand, because an operation reads and changes its own
object alone. The exception is what the space says about keys and members, and that is the class table.

Offers cross and turns: after two offers crossed, the next round's offer belongs to one party until it offers or
passes. A party with two keys at once (a new one, and the old one that has not heard of it) can be concurrent with
itself; each of its entries is judged by what it had seen, like any other.
";

fn refused(row: &str, refused: Refused, [one, two]: [&str; 2]) -> String {
    match refused {
        Refused::Neither => format!("both stand: {row}"),
        Refused::First => format!("the {one} is refused in both orders: {row}"),
        Refused::Second => format!("the {two} is refused in both orders: {row}"),
        Refused::Later => format!("**fold order decides**: the later one is refused; either way {row}"),
        Refused::FirstIfLater => {
            format!("**fold order decides** whether the {one} stands or is refused; either way {row}")
        }
    }
}

fn phase(row: &Row) -> String {
    let terms = in_words(row.in_force);
    let name = if row.phase == Phase::Disputed { "disputed, and it binds on" } else { row.phase.name() };
    format!("{name}, {terms}")
}

fn in_words(in_force: InForce) -> &'static str {
    match in_force {
        InForce::Nothing => "nothing in force",
        InForce::Old => "the old terms in force",
        InForce::New => "the new terms in force",
    }
}

fn agreement_outcome(row: &AgreementRow) -> String {
    let left = match row.leaving.len() {
        0 => "",
        1 => ", one party leaving",
        _ => ", two parties leaving",
    };
    format!("both stand: {}, {}{left}", row.phase.name(), in_words(row.in_force))
}

/// The whole page.
pub(crate) fn page(rows: &[&Row], space: &[&SpaceRow], classes: &[Class]) -> String {
    let mut page = HEAD.to_owned();
    let mut line = |text: String| writeln!(page, "{text}").expect("a string takes every write");
    let head = "| one | beside | situation | outcome | because |\n|---|---|---|---|---|";
    line(format!("\n## On one commitment\n\n{head}"));
    for row in rows {
        let ([one, two], outcome) = (row.kinds, refused(&phase(row), row.refused, row.kinds));
        line(format!("| {one} | {two} | {} | {outcome} | {} |", row.situation, row.why));
    }
    line(format!("\n## On one agreement\n\n{head}"));
    for row in AGREEMENTS {
        let [one, two] = row.kinds;
        let outcome = agreement_outcome(row);
        line(format!("| {one} | {two} | {} | {outcome} | {} |", row.situation, row.why));
    }
    line(format!("\n## On the space\n\n{head}"));
    for row in space {
        let ([one, two], outcome) = (row.kinds, refused(row.outcome, row.refused, row.kinds));
        line(format!("| {one} | {two} | {} | {outcome} | {} |", row.situation, row.why));
    }
    line(
        "\n## Classes\n\nEach is tried over every operation of the tables above that it speaks of.\n"
            .to_owned(),
    );
    line("| one | beside | outcome | because |\n|---|---|---|---|".to_owned());
    for class in classes {
        let kinds = |kinds: &[&str]| kinds.join(", ");
        let beside = match class.other {
            [] => "everything".to_owned(),
            others => others.iter().map(|others| kinds(others)).collect::<Vec<_>>().join(", "),
        };
        line(format!("| {} | {beside} | {} | {} |", kinds(class.one), class.outcome, class.why));
    }
    page
}
