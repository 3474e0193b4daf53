//! The table: pairs of operations on one agreement.

use agreement::{AgreementPhase, AgreementTag, Withdrawal};

use crate::pact::Pact;
use crate::row::{InForce, Refused, try_pair};
use crate::world::{CREDITOR, DEBTOR, Draft, OTHER, normal, parties};

/// A pair of operations on one agreement. Both stand, in both orders.
pub(crate) struct AgreementRow {
    pub(crate) kinds: [&'static str; 2],
    pub(crate) situation: &'static str,
    pub(crate) setup: fn() -> Pact,
    pub(crate) acts: [fn(&Pact) -> Draft; 2],
    pub(crate) phase: AgreementPhase,
    pub(crate) in_force: InForce,
    /// The seats that have withdrawn afterwards.
    pub(crate) leaving: &'static [u8],
    pub(crate) why: &'static str,
}

impl AgreementRow {
    /// Tries the cell.
    pub(crate) fn check(&self) -> Result<(), String> {
        let pact = (self.setup)();
        let tried = try_pair(&pact.world, self.acts.map(|act| act(&pact)));
        let of_kind = |at: usize| tried.world.entries[tried.world.entries.len() - 2 + at].operation.word();
        if [of_kind(0), of_kind(1)] != self.kinds {
            return Err("the acts are of other kinds".to_owned());
        }
        tried.refused_as(Refused::Neither)?;
        tried.same_records()?;
        for fold in &tried.folds {
            let agreement = fold.agreement(pact.object);
            let in_force = match agreement.in_force() {
                None => InForce::Nothing,
                Some(offered) if offered.terms == pact.table && pact.table != pact.terms => InForce::New,
                Some(_) if pact.agreement().in_force().is_none() => InForce::New,
                Some(_) => InForce::Old,
            };
            let found = (agreement.phase(), in_force, agreement.leaving());
            if found != (self.phase, self.in_force, parties(self.leaving)) {
                return Err(format!("{found:?}"));
            }
        }
        if normal(&tried.world.fold()) != normal(&tried.folds[0]) {
            return Err("the one order gives another record".to_owned());
        }
        Ok(())
    }
}

const NOTICE: Withdrawal = Withdrawal::Notice(90);

/// Another amendment by a party that had not seen the one on the table.
fn crossing(pact: &Pact) -> Draft {
    pact.do_offer(OTHER, pact.next - 1, pact.amended(4)).blind_to(&[pact.offer])
}

/// Other first terms in answer.
fn answer(pact: &Pact, seat: u8, clause: u64) -> Draft {
    let tag = if pact.agreement().in_force().is_some() { AgreementTag::Amend } else { AgreementTag::New };
    pact.do_counter(seat, agreement::AgreementTerms { tag, ..pact.amended(clause) })
}

fn crossed() -> Pact {
    let mut pact = Pact::plain().proposed(DEBTOR);
    let rival = crossing(&pact);
    pact.world.sign(rival);
    pact
}

const fn row(
    kinds: [&'static str; 2],
    situation: &'static str,
    setup: fn() -> Pact,
    acts: [fn(&Pact) -> Draft; 2],
    outcome: (AgreementPhase, InForce, &'static [u8]),
    why: &'static str,
) -> AgreementRow {
    let (phase, in_force, leaving) = outcome;
    AgreementRow { kinds, situation, setup, acts, phase, in_force, leaving, why }
}

type Outcome = (AgreementPhase, InForce, &'static [u8]);
const OLD: Outcome = (AgreementPhase::InForce, InForce::Old, &[]);
const NEW: Outcome = (AgreementPhase::InForce, InForce::New, &[]);
const ON_THE_TABLE: Outcome = (AgreementPhase::Offered, InForce::Nothing, &[]);
const FAILED: Outcome = (AgreementPhase::NotAgreed, InForce::Nothing, &[]);
const LEFT: Outcome = (AgreementPhase::InForce, InForce::Old, &[CREDITOR]);

const FIRST: fn() -> Pact = || Pact::offered(NOTICE);
const PLAIN: fn() -> Pact = Pact::plain;
const CHANGE: fn() -> Pact = || Pact::plain().proposed(DEBTOR);
const NEARLY: fn() -> Pact = || Pact::plain().nearly();

const SAW_FIRST: &str = "first terms on the table";
const SAW_CHANGE: &str = "an amendment is on the table";
const UNSEEN: &str = "an amendment is on the table; another party offers before it saw that";

/// The rows.
pub(crate) const AGREEMENTS: &[AgreementRow] = &[
    row(
        ["offer", "offer"],
        "in force; two parties both offer an amendment",
        PLAIN,
        [
            |pact| pact.do_offer(DEBTOR, pact.next, pact.amended(3)),
            |pact| pact.do_offer(CREDITOR, pact.next, pact.amended(4)),
        ],
        OLD,
        "both count as votes of one round; no terms can have every vote, so the round fails",
    ),
    row(
        ["offer", "accept"],
        UNSEEN,
        CHANGE,
        [crossing, |pact| pact.do_accept(CREDITOR)],
        OLD,
        "the other's offer is its vote: the round has two different votes and fails",
    ),
    row(
        ["offer", "decline"],
        UNSEEN,
        CHANGE,
        [crossing, |pact| pact.do_decline(CREDITOR)],
        OLD,
        "votes of one round are a set",
    ),
    row(
        ["offer", "counter"],
        UNSEEN,
        CHANGE,
        [crossing, |pact| answer(pact, CREDITOR, 5)],
        OLD,
        "the round fails either way, and the counter stands in the next one",
    ),
    row(
        ["offer", "lapse"],
        UNSEEN,
        CHANGE,
        [crossing, |pact| pact.do_lapse(DEBTOR)],
        OLD,
        "the other has voted before it saw the lapse; the round fails by two different votes",
    ),
    row(
        ["offer", "pass"],
        "in force; one passes while another offers",
        PLAIN,
        [|pact| pact.do_offer(DEBTOR, pact.next, pact.amended(3)), |pact| pact.do_pass(CREDITOR, pact.next)],
        OLD,
        "a pass gives up only its author's turn",
    ),
    row(
        ["offer", "withdraw"],
        "in force; one leaves while another offers an amendment",
        PLAIN,
        [|pact| pact.do_offer(DEBTOR, pact.next, pact.amended(3)), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "the amendment names who leaves: with its vote it would be bound anew, and without that it stays out of force",
    ),
    row(
        ["offer", "withdraw"],
        "in force; one leaves while another offers to end it",
        PLAIN,
        [|pact| pact.do_offer(DEBTOR, pact.next, pact.ended()), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "with all votes it ends for all at once, and without them for each by its own notice",
    ),
    row(
        ["accept", "accept"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_accept(CREDITOR), |pact| pact.do_accept(OTHER)],
        NEW,
        "votes of one round are a set: with both the text is in force",
    ),
    row(
        ["accept", "decline"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_accept(CREDITOR), |pact| pact.do_decline(OTHER)],
        FAILED,
        "one vote against is enough for the round to fail",
    ),
    row(
        ["accept", "counter"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_accept(CREDITOR), |pact| answer(pact, OTHER, 5)],
        ON_THE_TABLE,
        "a counter is a vote against, and an offer in the next round",
    ),
    row(
        ["accept", "lapse"],
        "an amendment lacks one vote",
        NEARLY,
        [|pact| pact.do_accept(OTHER), |pact| pact.do_lapse(DEBTOR)],
        NEW,
        "a lapse works on notice: an accept that had not seen it binds all sides",
    ),
    row(
        ["accept", "pass"],
        "an amendment lacks one vote",
        NEARLY,
        [|pact| pact.do_accept(OTHER), |pact| pact.do_pass(CREDITOR, pact.next)],
        NEW,
        "a pass is about a later round",
    ),
    row(
        ["accept", "withdraw"],
        SAW_CHANGE,
        CHANGE,
        [|pact| pact.do_accept(OTHER), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "who leaves has not voted; the amendment waits for its vote, by which it would be bound anew",
    ),
    row(
        ["decline", "decline"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_decline(CREDITOR), |pact| pact.do_decline(OTHER)],
        FAILED,
        "votes of one round are a set",
    ),
    row(
        ["decline", "counter"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_decline(CREDITOR), |pact| answer(pact, OTHER, 5)],
        ON_THE_TABLE,
        "the round fails either way, and the counter stands in the next one",
    ),
    row(
        ["decline", "lapse"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_decline(CREDITOR), |pact| pact.do_lapse(DEBTOR)],
        FAILED,
        "the round fails either way",
    ),
    row(
        ["decline", "pass"],
        SAW_FIRST,
        FIRST,
        [|pact| pact.do_decline(CREDITOR), |pact| pact.do_pass(OTHER, pact.next)],
        FAILED,
        "a pass is about a later round",
    ),
    row(
        ["decline", "withdraw"],
        SAW_CHANGE,
        CHANGE,
        [|pact| pact.do_decline(OTHER), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "the vote is about the amendment, the withdrawal about the terms in force",
    ),
    row(
        ["counter", "counter"],
        SAW_FIRST,
        FIRST,
        [|pact| answer(pact, CREDITOR, 5), |pact| answer(pact, OTHER, 6)],
        FAILED,
        "the counters cross in the next round, which fails by two different votes; then it is one party's turn",
    ),
    row(
        ["counter", "lapse"],
        SAW_FIRST,
        FIRST,
        [|pact| answer(pact, CREDITOR, 5), |pact| pact.do_lapse(DEBTOR)],
        ON_THE_TABLE,
        "the counter is a vote that had not seen the lapse; its terms stand in the next round",
    ),
    row(
        ["counter", "pass"],
        SAW_FIRST,
        FIRST,
        [|pact| answer(pact, CREDITOR, 5), |pact| pact.do_pass(OTHER, pact.next)],
        ON_THE_TABLE,
        "a pass gives up only its author's turn",
    ),
    row(
        ["counter", "withdraw"],
        SAW_CHANGE,
        CHANGE,
        [|pact| answer(pact, OTHER, 5), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "the counter is about the next round, the withdrawal about the terms in force",
    ),
    row(
        ["lapse", "lapse"],
        "amendments by two parties crossed",
        crossed,
        [|pact| pact.do_lapse(DEBTOR), |pact| pact.do_lapse(OTHER)],
        OLD,
        "each withdraws its own; the round had failed",
    ),
    row(
        ["lapse", "pass"],
        SAW_CHANGE,
        CHANGE,
        [|pact| pact.do_lapse(DEBTOR), |pact| pact.do_pass(CREDITOR, pact.next)],
        OLD,
        "a pass is about a later round",
    ),
    row(
        ["lapse", "withdraw"],
        SAW_CHANGE,
        CHANGE,
        [|pact| pact.do_lapse(DEBTOR), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "one is about an amendment, the other about the terms in force",
    ),
    row(
        ["pass", "pass"],
        "in force",
        PLAIN,
        [|pact| pact.do_pass(DEBTOR, pact.next), |pact| pact.do_pass(CREDITOR, pact.next)],
        OLD,
        "each gives up its own turn",
    ),
    row(
        ["pass", "withdraw"],
        "in force",
        PLAIN,
        [|pact| pact.do_pass(DEBTOR, pact.next), |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "a pass is about a round to come",
    ),
    row(
        ["withdraw", "withdraw"],
        "in force between three; two leave",
        PLAIN,
        [|pact| pact.do_withdraw(CREDITOR), |pact| pact.do_withdraw(OTHER)],
        (AgreementPhase::Withdrawn, InForce::Old, &[CREDITOR, OTHER]),
        "each leaves for itself; with one party left it is over when their notice has run",
    ),
    row(
        ["erase", "withdraw"],
        "in force",
        PLAIN,
        [Pact::do_erase, |pact| pact.do_withdraw(CREDITOR)],
        LEFT,
        "what is erased is the text of a failed offer",
    ),
];
