//! Exhaustive search over the shipped rules for the ballot of one commitment or one agreement: [`agreement::decide`],
//! [`agreement::sight`] and [`agreement::Record::absorb`], no copy of them.
//!
//! A state is a causally closed set of entries: it stands for every view that holds just these and for every union
//! of views. A party may know any closed subset that holds its own entries, and signs any of `offer accept decline
//! counter lapse pass withdraw` that the rules allow on the fold of what it knows; or an `ack`, where that is the first to have
//! seen a lapse, or an entry of a party that cheats or has lost a key. All states up to the bound are visited.
//!
//! *Bounded*: one object; slots 0 and 1 (0 to 2 where said); the founding terms and two others, each as first
//! terms and as an amendment; entries in all and per key, by the table in each test, the founding offer counted; one
//! order of the made-up ids, with its reverse where said. In a troubled search one key cheats or is lost, once: it
//! signs two entries for one place, or is taken back with any cut by the next key of its party, which then signs as well.
//!
//! *Checked in every state*: no slot has two terms with all the votes they need; what is in force has an entry by every
//! party named in the old or the new terms; what was in force with fewer entries still is; no two views of one slot have
//! different terms in force; what an honest party was allowed to sign is refused by no one who knows more; a record
//! stored and read again after each entry is the same.
//!
//! *What remains with a fork or a revocation*, and nothing else, is asserted: terms in force are undone
//! 1. by the entry that makes the fork or the revocation known, when no honest party had signed after seeing them in
//!    force (finding 4: commitments bind on reliance);
//! 2. when an earlier slot turns out to be won, by contradicting votes of the cheat that different parties relied on,
//!    for terms that name a party without a vote in the later slot: the rights of whom everyone had signed for go first.
//!
//! *An entry is "seen" in these searches when it is in the causal past and counted there*, so [`agreement::By::sees`]
//! leaves out what was void by all its author knew. With the plain causal past the promises do not hold: an entry
//! that its author rightly signed over a void one is refused once it turns out that a third party had relied on it.
#![expect(clippy::print_stdout, reason = "the counts are the result")]
#![expect(
    clippy::unwrap_used,
    reason = "a number that does not fit or an event that is not there is a bug of the search"
)]

#[path = "exhaustive/fold.rs"]
mod fold;
#[path = "exhaustive/model.rs"]
mod model;
#[path = "exhaustive/search.rs"]
mod search;

use agreement::{AgreementTag, Tag, Terms};
use model::{Act, Event, EventId, Setup, Trouble, agreed, terms};
use search::{Broken, Report, Search};

/// The founding terms, and two others before and after some are in force.
fn rival_terms(creditors: &[u8]) -> Vec<Terms> {
    let list = [(Tag::New, 10), (Tag::New, 20), (Tag::New, 30), (Tag::Amend, 20), (Tag::Amend, 30)];
    list.into_iter().map(|(tag, day)| terms(tag, creditors, day)).collect()
}

/// As [`rival_terms`], between parties 0 and 1; the second others hand the claim to party 2.
fn handing_terms() -> Vec<Terms> {
    vec![
        terms(Tag::New, &[1], 10),
        terms(Tag::New, &[1], 20),
        terms(Tag::New, &[1, 2], 10),
        terms(Tag::Amend, &[1], 20),
        terms(Tag::Assign, &[2], 10),
    ]
}

/// The founding terms of an agreement, another first text, an amendment and the end.
fn rival_texts(parties: &[u8]) -> Vec<Terms> {
    let list = [
        (AgreementTag::New, 1),
        (AgreementTag::New, 2),
        (AgreementTag::Amend, 2),
        (AgreementTag::Amend, 3),
        (AgreementTag::Terminate, 1),
    ];
    list.into_iter().map(|(tag, clause)| agreed(tag, parties, clause)).collect()
}

/// Searches, prints the counts and every broken promise with the first run that breaks it.
fn explore(setup: &Setup) -> Report {
    let (report, all) = Search::new(setup).run(None);
    println!(
        "{}: {} states, {} with terms in force; undone: {} not relied on, {} overtaken",
        setup.name, report.states, report.in_force, report.unrelied, report.overtaken
    );
    for (kind, events) in &report.broken {
        println!("  {kind:?}:");
        show(setup, &all, events);
    }
    report
}

fn show(setup: &Setup, all: &[Event], events: &[EventId]) {
    let mut order = events.to_vec();
    order.sort_by_key(|id| (all[*id as usize].depth, all[*id as usize].entry));
    let number = |id: &EventId| order.iter().position(|other| other == id).unwrap();
    for id in &order {
        let event = &all[*id as usize];
        let mut past: Vec<_> = event.past.iter().map(number).collect();
        past.sort_unstable();
        let (chain, seq) = (event.chain, event.seq);
        let party = setup.chains[usize::from(chain)];
        println!(
            "    {}: party {party}, key {chain}, place {seq}: {:?}, had seen {past:?}",
            number(id),
            event.act
        );
    }
}

fn holds(setup: &Setup) -> Report {
    let report = explore(setup);
    assert!(report.broken.is_empty(), "{}: the runs are printed above", setup.name);
    assert!(report.in_force > 0, "the search brings terms into force");
    report
}

#[test]
fn two_honest_parties() {
    let setup = Setup { events: 12, round_trips: true, ..Setup::new("2 honest", &[0, 1], rival_terms(&[1])) };
    let complete = holds(&setup).states;
    let longer = holds(&Setup { events: 13, mirrored: true, ..setup }).states;
    assert_eq!(complete, longer, "the bound cuts nothing off, and ids do not decide what can be signed");
}

#[test]
fn two_honest_parties_and_three_slots() {
    let setup = Setup::new("2 honest, 3 slots", &[0, 1], rival_terms(&[1]));
    holds(&Setup { slots: 3, passes: true, events: 6, ..setup });
}

#[test]
fn three_honest_parties() {
    let setup = Setup::new("3 honest", &[0, 1, 2], rival_terms(&[1, 2]));
    holds(&Setup { events: 6, ..setup });
    let setup = Setup::new("3 honest, the claim handed on", &[0, 1, 2], handing_terms());
    holds(&Setup { events: 7, mirrored: true, ..setup });
}

#[test]
fn two_honest_parties_agree_on_a_text_and_leave() {
    let setup = Setup::new("an agreement of 2", &[0, 1], rival_texts(&[0, 1]));
    holds(&Setup { events: 8, round_trips: true, mirrored: true, ..setup });
}

#[test]
fn three_honest_parties_agree_on_a_text_and_leave() {
    let setup = Setup::new("an agreement of 3", &[0, 1, 2], rival_texts(&[0, 1, 2]));
    holds(&Setup { events: 6, ..setup });
}

#[test]
fn two_parties_agree_on_a_text_and_one_forks_or_loses_a_key() {
    for chain in [0, 1] {
        let setup = Setup::new("an agreement of 2, one forks", &[0, 1], rival_texts(&[0, 1]));
        holds(&Setup { trouble: Trouble::Fork { chain }, events: 6, ..setup });
        let setup = Setup::new("an agreement of 2, one key taken back", &[0, 1, chain], rival_texts(&[0, 1]));
        holds(&Setup { trouble: Trouble::Revoked { old: chain, new: 2 }, events: 6, ..setup });
    }
}

#[test]
fn two_parties_one_of_which_forks() {
    for chain in [0, 1] {
        let setup = Setup::new("2 parties, one forks", &[0, 1], rival_terms(&[1]));
        let report = holds(&Setup { trouble: Trouble::Fork { chain }, events: 7, ..setup });
        assert!(
            report.unrelied > 0 && report.overtaken == 0,
            "the search forks, and without a third party that is all"
        );
    }
}

#[test]
fn three_parties_one_of_which_forks() {
    for (chain, mirrored) in [(0, false), (1, true)] {
        let trouble = Trouble::Fork { chain };
        let setup = Setup::new("3 parties, one forks", &[0, 1, 2], rival_terms(&[1, 2]));
        holds(&Setup { trouble, events: 5, mirrored, ..setup });
        let setup = Setup::new("2 parties and a witness, one forks", &[0, 1, 2], rival_terms(&[1]));
        holds(&Setup { trouble, events: 6, mirrored, ..setup });
    }
}

#[test]
fn two_parties_one_of_which_loses_a_key() {
    for old in [0, 1] {
        let trouble = Trouble::Revoked { old, new: 2 };
        let setup = Setup::new("2 parties, one key taken back", &[0, 1, old], rival_terms(&[1]));
        let report = holds(&Setup { trouble, events: 6, round_trips: true, ..setup });
        assert!(
            report.unrelied > 0 && report.overtaken == 0,
            "the search revokes, and without a third party that is all"
        );
    }
}

#[test]
fn three_parties_one_of_which_loses_a_key() {
    for (old, mirrored) in [(0, false), (1, true)] {
        let trouble = Trouble::Revoked { old, new: 3 };
        let setup = Setup::new("3 parties, one key taken back", &[0, 1, 2, old], rival_terms(&[1, 2]));
        holds(&Setup { trouble, events: 5, mirrored, ..setup });
        let setup =
            Setup::new("2 parties and a witness, one key taken back", &[0, 1, 2, old], rival_terms(&[1]));
        holds(&Setup { trouble, events: 6, mirrored, ..setup });
    }
}

/// Party 1 tells party 0 that it declines to hand its claim to party 2, and party 2 that it accepts; then each of the
/// two goes on with an amendment of what it believes to be in force. Only the acts of this plot are tried.
#[test]
fn a_cheat_that_hands_its_claim_on_and_does_not() {
    let list = vec![
        terms(Tag::New, &[1], 10),
        terms(Tag::Assign, &[2], 10),
        terms(Tag::Amend, &[1], 20),
        terms(Tag::Amend, &[2], 30),
    ];
    let setup = Setup {
        trouble: Trouble::Fork { chain: 1 },
        opening: vec![(1, Act::Accept { slot: 0, terms: 0 }), (0, Act::Offer { slot: 1, terms: 1 })],
        tried: |chain, act| {
            matches!(
                (chain, act),
                (1, Act::Decline { slot: 1 })
                    | (1 | 2, Act::Accept { slot: 1, .. })
                    | (0 | 1, Act::Accept { slot: 2, .. })
                    | (0 | 2, Act::Offer { slot: 2, .. })
            )
        },
        slots: 3,
        events: 10,
        per_chain: vec![4, 6, 3],
        ..Setup::new("a claim handed on and kept", &[0, 1, 2], list)
    };
    assert!(holds(&setup).overtaken > 0, "what party 0 believes is overtaken by what all three signed");
}

/// A broken reading of the rules: the author counts as having seen whatever is in its causal past. Party 1 accepts an
/// offer whose withdrawal is void, as the key had been taken back; then it turns out that party 2 had relied on that.
#[test]
fn with_the_plain_causal_past_terms_in_force_are_undone() {
    let trouble = Trouble::Revoked { old: 0, new: 3 };
    let setup = Setup::new("2 parties and a witness, plain past", &[0, 1, 2, 0], rival_terms(&[1]));
    found(&Setup { trouble, events: 6, plain_past: true, ..setup }, |act| matches!(act, Act::Lapse { .. }));
}

/// The broken rule: an acceptance can be withdrawn while its author does not know that it has come into force.
#[test]
fn with_withdrawal_terms_in_force_are_undone() {
    let setup = Setup::new("3 honest, accepts can be withdrawn", &[0, 1, 2], rival_terms(&[1, 2]));
    let setup = Setup { trouble: Trouble::Withdrawal, events: 6, ..setup };
    let length = found(&setup, |act| matches!(act, Act::Withdraw { .. }));
    assert_eq!(
        length, 4,
        "an offer, an accept and its withdrawal, and another's accept that had not seen it"
    );
}

/// Finds terms in force that are undone, with an act `by` in it; prints the run and gives its length, the shortest.
fn found(setup: &Setup, by: fn(Act) -> bool) -> usize {
    let (report, all) = Search::new(setup).run(Some(Broken::Undone));
    let (_, run) = report.broken.iter().find(|(kind, _)| *kind == Broken::Undone).expect("it is found");
    println!("{}: terms in force are undone, found after {} states:", setup.name, report.states);
    show(setup, &all, run);
    assert!(run.iter().any(|id| by(all[*id as usize].act)), "by what is broken");
    run.len()
}
