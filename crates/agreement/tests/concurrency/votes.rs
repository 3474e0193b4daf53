//! The table: what votes do beside votes and beside acts, on one commitment.

use agreement::{Closure, Phase, Tag};

use crate::deal::{Deal, FIRST, plain_terms};
use crate::row::{InForce, Refused, Row};
use crate::world::{CREDITOR, DEBTOR, Draft, OTHER, party};

/// The rows.
pub(crate) const VOTES: &[Row] = &[
    Row {
        kinds: ["offer", "offer"],
        situation: "in force; debtor and creditor both offer a change",
        setup: || Deal::plain(Closure::All),
        acts: [
            |deal| deal.do_offer(DEBTOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_offer(CREDITOR, FIRST + 1, deal.changed(Tag::Reschedule, 25_000)),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "both count as votes of one round; no terms can have every vote, so the round fails and the next offer is one party's turn",
    },
    Row {
        kinds: ["offer", "accept"],
        situation: "the debtor's change is on the table; the other offers before it saw that",
        setup: || Deal::plain(Closure::All).proposed(DEBTOR, Tag::Reschedule),
        acts: [
            |deal| {
                deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)).blind_to(&[deal.offer])
            },
            |deal| deal.do_accept(CREDITOR, FIRST + 1),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "the other's offer is its vote: the round has two different votes and fails",
    },
    Row {
        kinds: ["offer", "decline"],
        situation: "the debtor's change is on the table; the other offers before it saw that",
        setup: || Deal::plain(Closure::All).proposed(DEBTOR, Tag::Reschedule),
        acts: [
            |deal| {
                deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)).blind_to(&[deal.offer])
            },
            |deal| deal.do_decline(CREDITOR, FIRST + 1),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "votes of one round are a set",
    },
    Row {
        kinds: ["offer", "counter"],
        situation: "the debtor's change is on the table; the other offers before it saw that",
        setup: || Deal::plain(Closure::All).proposed(DEBTOR, Tag::Reschedule),
        acts: [
            |deal| {
                deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)).blind_to(&[deal.offer])
            },
            |deal| deal.do_counter(CREDITOR, FIRST + 1, 25_000),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "the round fails either way, and the counter stands in the next one",
    },
    Row {
        kinds: ["offer", "lapse"],
        situation: "the debtor's change is on the table; the other offers before it saw that",
        setup: || Deal::plain(Closure::All).proposed(DEBTOR, Tag::Reschedule),
        acts: [
            |deal| {
                deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)).blind_to(&[deal.offer])
            },
            |deal| deal.do_lapse(DEBTOR, FIRST + 1),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "the other has voted before it saw the lapse; the round fails by two different votes",
    },
    Row {
        kinds: ["offer", "pass"],
        situation: "in force; the creditor passes while the debtor offers",
        setup: || Deal::plain(Closure::All),
        acts: [
            |deal| deal.do_offer(DEBTOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_pass(CREDITOR, FIRST + 1),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "nobody's turn was at stake: a pass gives up only its author's turn",
    },
    Row {
        kinds: ["offer", "pass"],
        situation: "offers crossed; another offers before it saw the turn's owner pass",
        setup: || Deal::plain(Closure::All).crossed(),
        acts: [|deal| out_of_turn(deal), |deal| deal.do_pass(turn(deal), FIRST + 2)],
        refused: Refused::First,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "a pass counts for those that have seen it; the offer was out of turn by all that its author knew, and can be made again",
    },
    Row {
        kinds: ["offer", "satisfy"],
        situation: "in force with an open condition",
        setup: || Deal::conditional(),
        acts: [
            |deal| deal.do_offer(CREDITOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_satisfy(DEBTOR, 1),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "the condition is of the terms in force, the offer of the next round",
    },
    Row {
        kinds: ["offer", "report"],
        situation: "in force",
        setup: || Deal::plain(Closure::All),
        acts: [
            |deal| deal.do_offer(CREDITOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_report(DEBTOR),
        ],
        refused: Refused::Neither,
        phase: Phase::Reported,
        in_force: InForce::Old,
        why: "a report is under the terms in force, which an offer does not touch",
    },
    Row {
        kinds: ["offer", "confirm"],
        situation: "reported; one confirmation closes",
        setup: || Deal::plain(Closure::Any).reported(),
        acts: [
            |deal| deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_confirm(CREDITOR),
        ],
        refused: Refused::Neither,
        phase: Phase::Confirmed,
        in_force: InForce::Old,
        why: "what is done is done; the offer is moot",
    },
    Row {
        kinds: ["offer", "dispute"],
        situation: "reported",
        setup: || Deal::plain(Closure::All).reported(),
        acts: [
            |deal| deal.do_offer(OTHER, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_dispute(CREDITOR),
        ],
        refused: Refused::Neither,
        phase: Phase::Disputed,
        in_force: InForce::Old,
        why: "the answer is under the terms in force, which an offer does not touch",
    },
    Row {
        kinds: ["offer", "release"],
        situation: "in force",
        setup: || Deal::plain(Closure::All),
        acts: [
            |deal| deal.do_offer(DEBTOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_release(CREDITOR),
        ],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::Old,
        why: "the release is the creditor's own and frees from it alone, whatever is offered",
    },
    Row {
        kinds: ["offer", "cancel"],
        situation: "in force",
        setup: || Deal::plain(Closure::All),
        acts: [
            |deal| deal.do_offer(CREDITOR, FIRST + 1, deal.changed(Tag::Reschedule, 24_000)),
            |deal| deal.do_cancel(DEBTOR),
        ],
        refused: Refused::Neither,
        phase: Phase::Cancelled,
        in_force: InForce::Old,
        why: "the offer is moot unless all agree to it after all; the cancel stands",
    },
    Row {
        kinds: ["accept", "accept"],
        situation: "first terms on the table",
        setup: || Deal::offered(plain_terms(Closure::All)),
        acts: [|deal| deal.do_accept(CREDITOR, FIRST), |deal| deal.do_accept(OTHER, FIRST)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "votes of one round are a set: with both the terms are in force",
    },
    Row {
        kinds: ["accept", "decline"],
        situation: "first terms on the table",
        setup: || Deal::offered(plain_terms(Closure::All)),
        acts: [|deal| deal.do_accept(CREDITOR, FIRST), |deal| deal.do_decline(OTHER, FIRST)],
        refused: Refused::Neither,
        phase: Phase::NotAgreed,
        in_force: InForce::Nothing,
        why: "one vote against is enough for the round to fail",
    },
    Row {
        kinds: ["accept", "counter"],
        situation: "first terms on the table",
        setup: || Deal::offered(plain_terms(Closure::All)),
        acts: [|deal| deal.do_accept(CREDITOR, FIRST), |deal| deal.do_counter(OTHER, FIRST, 23_000)],
        refused: Refused::Neither,
        phase: Phase::Offered,
        in_force: InForce::Nothing,
        why: "a counter is a vote against, and an offer in the next round",
    },
    Row {
        kinds: ["accept", "lapse"],
        situation: "a change on the table lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_lapse(DEBTOR, FIRST + 1)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "a lapse works on notice: an accept that had not seen it binds both sides",
    },
    Row {
        kinds: ["accept", "pass"],
        situation: "a change on the table lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_pass(DEBTOR, FIRST + 2)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "a pass is about a later round",
    },
    Row {
        kinds: ["accept", "satisfy"],
        situation: "a change of the due day lacks one vote; a condition is open",
        setup: || Deal::conditional().nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_satisfy(DEBTOR, 1)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "the condition is the same in the new terms, and it holds",
    },
    Row {
        kinds: ["accept", "satisfy"],
        situation: "the debt's passing to another debtor lacks one vote; a condition is open",
        setup: || Deal::conditional().nearly(Tag::Delegate),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_satisfy(DEBTOR, 1)],
        refused: Refused::Second,
        phase: Phase::Conditional,
        in_force: InForce::New,
        why: "who has voted to hand the debt on cannot bind the next debtor meanwhile",
    },
    Row {
        kinds: ["accept", "report"],
        situation: "a change of the due day lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_report(DEBTOR)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "the report stands under the old terms; under the new ones it is to be made again",
    },
    Row {
        kinds: ["accept", "confirm"],
        situation: "reported; a change of the due day lacks one vote; one confirmation closes",
        setup: || Deal::plain(Closure::Any).reported().nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_confirm(CREDITOR)],
        refused: Refused::Neither,
        phase: Phase::Confirmed,
        in_force: InForce::New,
        why: "the creditor granted it under terms that it had not seen replaced; nobody owes more",
    },
    Row {
        kinds: ["accept", "confirm"],
        situation: "reported; a mutual end lacks one vote; one confirmation closes",
        setup: || Deal::plain(Closure::Any).reported().nearly(Tag::MutualEnd),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_confirm(CREDITOR)],
        refused: Refused::Neither,
        phase: Phase::Confirmed,
        in_force: InForce::New,
        why: "of two ends the one kinder to the debtor stands",
    },
    Row {
        kinds: ["accept", "confirm"],
        situation: "reported; the claim's passing to another creditor lacks one vote",
        setup: || Deal::plain(Closure::Any).reported().nearly(Tag::Assign),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_confirm(CREDITOR)],
        refused: Refused::Second,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "who has voted to hand the claim on cannot use it up meanwhile",
    },
    Row {
        kinds: ["accept", "dispute"],
        situation: "reported; a change of the due day lacks one vote",
        setup: || Deal::plain(Closure::All).reported().nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_dispute(CREDITOR)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "the answer stays with the report under the old terms",
    },
    Row {
        kinds: ["accept", "release"],
        situation: "a change of the due day lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_release(CREDITOR)],
        refused: Refused::Neither,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "the release frees from the one creditor under the new terms as well",
    },
    Row {
        kinds: ["accept", "release"],
        situation: "a mutual end lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::MutualEnd),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_release(CREDITOR)],
        refused: Refused::Neither,
        phase: Phase::Ended,
        in_force: InForce::New,
        why: "all agreed to the end; the release adds nothing",
    },
    Row {
        kinds: ["accept", "release"],
        situation: "the claim's passing to another creditor lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Assign),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_release(CREDITOR)],
        refused: Refused::Second,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "who has voted to hand the claim on cannot give it up meanwhile",
    },
    Row {
        kinds: ["accept", "cancel"],
        situation: "a change of the due day lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Reschedule),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_cancel(DEBTOR)],
        refused: Refused::Neither,
        phase: Phase::Cancelled,
        in_force: InForce::New,
        why: "the debtor's word ends it under either due day",
    },
    Row {
        kinds: ["accept", "cancel"],
        situation: "a mutual end lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::MutualEnd),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_cancel(DEBTOR)],
        refused: Refused::Neither,
        phase: Phase::Ended,
        in_force: InForce::New,
        why: "of two ends the one kinder to the debtor stands: it had offered this one",
    },
    Row {
        kinds: ["accept", "cancel"],
        situation: "the debt's passing to another debtor lacks one vote",
        setup: || Deal::plain(Closure::All).nearly(Tag::Delegate),
        acts: [|deal| deal.do_accept(OTHER, FIRST + 1), |deal| deal.do_cancel(DEBTOR)],
        refused: Refused::Second,
        phase: Phase::Detached,
        in_force: InForce::New,
        why: "who has voted to hand the debt on cannot end it meanwhile",
    },
];

/// Whose turn it is to offer after offers crossed in the round after the first.
fn turn(deal: &Deal) -> u8 {
    let base: Vec<_> = deal.commitment().ballot.base().into_iter().collect();
    let owner = base[usize::try_from(FIRST + 2).unwrap_or(0) % base.len()];
    [DEBTOR, CREDITOR, OTHER].into_iter().find(|seat| party(*seat) == owner).unwrap_or(DEBTOR)
}

/// An offer by a party whose turn it is not.
fn out_of_turn(deal: &Deal) -> Draft {
    let seat = if turn(deal) == DEBTOR { CREDITOR } else { DEBTOR };
    deal.do_offer(seat, FIRST + 2, deal.changed(Tag::Reschedule, 26_000))
}
