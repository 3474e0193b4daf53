//! The table: pairs that share one reason, each class tried over all its members.

use agreement::operation::{Ack, Attach, Comment, Convene, Transcribe};
use agreement::{Operation, SpaceTerms};

use crate::deal::Deal;
use crate::pact::Pact;
use crate::row::{Refused, try_pair};
use crate::world::{
    CREDITOR, DEBTOR, Draft, Entry, OTHER, World, all_but, draft, expel, introduction, leave, normal, parties,
};

/// What is done on a commitment.
pub(crate) const ON_A_COMMITMENT: &[&str] = &[
    "offer", "accept", "decline", "counter", "lapse", "pass", "satisfy", "report", "confirm", "dispute",
    "release", "cancel",
];
/// What is done on an agreement and on nothing else.
const ON_AN_AGREEMENT: &[&str] = &["withdraw"];
const NOTES: &[&str] = &["attach", "comment", "transcribe", "convene"];
const ON_MINUTES: &[&str] = &["offer", "accept", "decline", "counter", "lapse", "pass", "convene"];
const RECORDS: &[&str] = &["attach", "erase", "transcribe", "comment"];

/// Pairs with one reason.
pub(crate) struct Class {
    pub(crate) one: &'static [&'static str],
    /// Empty: every kind.
    pub(crate) other: &'static [&'static [&'static str]],
    pub(crate) outcome: &'static str,
    pub(crate) why: &'static str,
    pub(crate) check: fn() -> Result<(), String>,
}

/// The classes.
pub(crate) const CLASSES: &[Class] = &[
    Class {
        one: &["genesis"],
        other: &[],
        outcome: "never concurrent",
        why: "an entry that has not seen the genesis has not seen its key introduced, and is void; a second genesis is refused",
        check: genesis,
    },
    Class {
        one: &["ack"],
        other: &[],
        outcome: "no record changes",
        why: "an ack says what its author has seen; a lapse that it had not seen is none of its business",
        check: ack,
    },
    Class {
        one: &["admit"],
        other: &[],
        outcome: "both stand",
        why: "only the founder signs it, while it is alone: everything else is its own, before or after; a second key of its own lets in nobody",
        check: admit,
    },
    Class {
        one: &["leave"],
        other: &[ON_A_COMMITMENT, ON_AN_AGREEMENT, RECORDS],
        outcome: "both stand",
        why: "who leaves stays bound by what it promised, and what others sign is theirs",
        check: leaving,
    },
    Class {
        one: &["enrol"],
        other: &[ON_A_COMMITMENT, ON_AN_AGREEMENT, RECORDS],
        outcome: "both stand",
        why: "a new key retires the old one only for whoever has seen it",
        check: enrolling,
    },
    Class {
        one: &["revoke"],
        other: &[ON_A_COMMITMENT, ON_AN_AGREEMENT, RECORDS],
        outcome: "what stands beyond the cut is void; before the cut, or of another key, both stand",
        why: "authority fails closed; what another party relied on before it knew binds its author all the same",
        check: revoking,
    },
    Class {
        one: &["offer, accept or decline about the space"],
        other: &[ON_A_COMMITMENT, ON_AN_AGREEMENT, RECORDS],
        outcome: "both stand",
        why: "a ballot about the space changes who counts from where it is seen, and no commitment",
        check: balloting,
    },
    Class {
        one: ON_AN_AGREEMENT,
        other: &[ON_A_COMMITMENT],
        outcome: "both stand",
        why: "what was promised under an agreement stays promised when a party leaves it: others relied on it",
        check: withdrawing,
    },
    Class {
        one: NOTES,
        other: &[],
        outcome: "both stand",
        why: "each founds or corrects an object of its author's own",
        check: noting,
    },
    Class {
        one: &["offer, accept, decline, counter, lapse, pass or convene about a meeting"],
        other: &[ON_MINUTES],
        outcome: "both stand; minutes are adopted when all that were invited have signed the same",
        why: "votes of one round are a set, as on an agreement; when and where the meeting is says nothing about its minutes",
        check: crate::minutes::check,
    },
    Class {
        one: &["erase"],
        other: &[ON_A_COMMITMENT, &["erase"]],
        outcome: "both stand",
        why: "it forgets the content of the author's own report or failed offer; the entry and its effect stay",
        check: erasing,
    },
    Class {
        one: &["satisfy"],
        other: &[&["satisfy", "report", "cancel"]],
        outcome: "only by two keys of the debtor; then each is judged by what it had seen",
        why: "only the debtor signs both, and one key's entries are ordered; while a debt is being handed on, the old debtor signs neither satisfy nor cancel",
        check: satisfying,
    },
    Class {
        one: &["cancel"],
        other: &[&["cancel"]],
        outcome: "only by two keys of the debtor: both are kept",
        why: "only the debtor signs it",
        check: cancelling,
    },
];

impl Class {
    /// Whether the pair is in this class.
    pub(crate) fn holds(&self, a: &str, b: &str) -> bool {
        let fits = |one: &str, other: &str| {
            self.one.contains(&one)
                && (self.other.is_empty() || self.other.iter().any(|kinds| kinds.contains(&other)))
        };
        fits(a, b) || fits(b, a)
    }
}

/// An act of a row.
struct Sample {
    world: World,
    object: oplog::ObjectId,
    situation: &'static str,
    /// The commitment that it is about, if it is about one.
    deal: Option<Deal>,
}

/// Every act of every row.
fn samples() -> impl Iterator<Item = (Sample, Draft)> {
    let on_commitments = crate::rows().flat_map(|row| {
        let [one, two] = row.acts;
        [one, two].into_iter().enumerate().filter_map(move |(at, act)| {
            // What a rule refuses on its own says nothing about the other operation.
            let refused = matches!((row.refused, at), (Refused::First, 0) | (Refused::Second, 1));
            let deal = (row.setup)();
            let draft = act(&deal);
            let (world, object) = (deal.world.clone(), deal.object);
            let sample = Sample { world, object, situation: row.situation, deal: Some(deal) };
            (!refused).then_some((sample, draft))
        })
    });
    let on_agreements = crate::agreements::AGREEMENTS.iter().flat_map(|row| {
        let [one, two] = row.acts;
        [one, two].map(|act| {
            let pact = (row.setup)();
            let draft = act(&pact);
            let (world, object) = (pact.world, pact.object);
            (Sample { world, object, situation: row.situation, deal: None }, draft)
        })
    });
    on_commitments.chain(on_agreements)
}

/// Tries every sample beside the drafts that `beside` makes for it; both must stand, with the same records.
fn beside_all(beside: impl Fn(&mut Sample, &mut Draft) -> Vec<Draft>, stated: Refused) -> Result<(), String> {
    for (mut sample, mut act) in samples() {
        for draft in beside(&mut sample, &mut act) {
            let said =
                format!("{} | {} | {}", act.operation.word(), draft.operation.word(), sample.situation);
            let tried = try_pair(&sample.world, [draft, act.clone()]);
            tried.refused_as(stated).map_err(|why| format!("{said}: {why}"))?;
            tried.same_records().map_err(|why| format!("{said}: {why}"))?;
        }
    }
    Ok(())
}

fn others(act: &Draft) -> Vec<u8> {
    all_but(act.signer.0)
}

fn genesis() -> Result<(), String> {
    let genesis = World::of_four().entries[0].operation.clone();
    beside_all(|_, act| vec![draft(others(act)[0], genesis.clone())], Refused::First)?;
    let deal = Deal::plain(agreement::Closure::All);
    let mut world = deal.world.clone();
    let genesis = world.entries[0].id;
    let report = world.sign(deal.do_report(DEBTOR).blind_to(&[genesis]));
    if world.fold().refused.contains_key(&report) { Ok(()) } else { Err("it stands".to_owned()) }
}

fn ack() -> Result<(), String> {
    for (sample, act) in samples() {
        let ack = draft(others(&act)[0], Ack { digest: None, level: 0 });
        let tried = try_pair(&sample.world, [ack, act.clone()]);
        tried.refused_as(Refused::Neither)?;
        let mut alone = tried.world.clone();
        alone.entries.remove(alone.entries.len() - 2);
        let order: Vec<&Entry> = alone.entries.iter().collect();
        if tried.folds.iter().any(|fold| normal(fold) != normal(&alone.fold_in(&order))) {
            return Err(format!("an ack changes a record beside {}", sample.situation));
        }
    }
    Ok(())
}

fn admit() -> Result<(), String> {
    let mut world = World::founded();
    let enrol = world.sign(world.enrol((DEBTOR, 1)));
    let admit = |seat| agreement::operation::Admit { introduction: introduction(world.space(), (seat, 0)) };
    let one = draft(DEBTOR, admit(CREDITOR)).blind_to(&[enrol]);
    let two = draft(DEBTOR, admit(OTHER)).by_key(1);
    let tried = try_pair(&world, [one, two]);
    tried.refused_as(Refused::Second)?;
    tried.same_records()?;
    if tried.folds[0].the_space().members() != parties(&[DEBTOR, CREDITOR]) {
        return Err("a second key of the founder lets in a party".to_owned());
    }
    let mut world = World::of_two();
    let again = agreement::operation::Admit { introduction: introduction(world.space(), (OTHER, 0)) };
    let again = world.sign(draft(DEBTOR, again));
    if world.fold().refused.contains_key(&again) { Ok(()) } else { Err("a third by the founder".to_owned()) }
}

fn leaving() -> Result<(), String> {
    beside_all(|_, act| others(act).into_iter().map(leave).collect(), Refused::Neither)
}

fn enrolling() -> Result<(), String> {
    let keys = |deal: &mut Sample, act: &mut Draft| {
        [act.signer.0, others(act)[0]].map(|seat| deal.world.enrol((seat, 1))).to_vec()
    };
    beside_all(keys, Refused::Neither)
}

fn revoking() -> Result<(), String> {
    let of_another = |deal: &mut Sample, act: &mut Draft| {
        others(act).into_iter().map(|seat| deal.world.revoke((seat, 0), (seat, 0), Some(99))).collect()
    };
    beside_all(of_another, Refused::Neither)?;
    let cut = |deal: &mut Sample, act: &mut Draft, spared: u64| {
        let seat = act.signer.0;
        let signed = deal.world.entries.iter().filter(|entry| entry.signer == (seat, 0)).count() as u64;
        let new = deal.world.enrol_noticed((seat, 1));
        *act = act.clone().blind_to(&new);
        vec![deal.world.revoke((seat, 1), (seat, 0), signed.checked_sub(1).map(|last| last + spared))]
    };
    beside_all(|deal, act| cut(deal, act, 1), Refused::Neither)?;
    beside_all(|deal, act| cut(deal, act, 0), Refused::Second)
}

fn balloting() -> Result<(), String> {
    let opened = |deal: &mut Sample, act: &mut Draft| {
        let others = others(act);
        let level = SpaceTerms::Level { voters: parties(&[0, 1, 2, 3]), level: 1 };
        [expel(act.signer.0), level].map(|terms| deal.world.open(others[0], terms)).to_vec()
    };
    beside_all(opened, Refused::Neither)?;
    let voted = |deal: &mut Sample, act: &mut Draft| {
        let others = others(act);
        let offer = deal.world.open(others[0], expel(act.signer.0));
        let offer = deal.world.sign(offer);
        *act = act.clone().blind_to(&[offer]);
        vec![deal.world.vote(others[1]), deal.world.vote_against(others[1])]
    };
    beside_all(voted, Refused::Neither)
}

/// A party leaves an agreement beside whatever is done about a commitment.
fn withdrawing() -> Result<(), String> {
    let left = |sample: &mut Sample, act: &mut Draft| {
        if sample.deal.is_none() {
            return Vec::new();
        }
        let before = sample.world.entries.len();
        let pact = Pact::plain_in(sample.world.clone());
        sample.world = pact.world.clone();
        let signed: Vec<_> = sample.world.entries[before..].iter().map(|entry| entry.id).collect();
        *act = act.clone().blind_to(&signed);
        let leaver = if act.signer.0 == CREDITOR { OTHER } else { CREDITOR };
        vec![pact.do_withdraw(leaver)]
    };
    beside_all(left, Refused::Neither)
}

fn noting() -> Result<(), String> {
    let notes = |deal: &mut Sample, act: &mut Draft| {
        let about = deal.object;
        let writer = others(act)[0];
        let operations: [Operation; 3] =
            [Attach { about }.into(), Comment { about }.into(), Transcribe { object: None }.into()];
        let invited = parties(&[writer]);
        let convene = Convene { object: None, invited, day: crate::session::on(20_000) };
        let mut drafts = operations.map(|operation| draft(writer, operation)).to_vec();
        drafts.push(draft(writer, convene));
        drafts
    };
    beside_all(notes, Refused::Neither)?;
    let correction = |deal: &mut Sample, act: &mut Draft| {
        let writer = others(act)[0];
        let object = deal.world.sign(draft(writer, Transcribe { object: None })).into();
        let note = deal.world.sign(draft(writer, Comment { about: deal.object }));
        let forget = agreement::operation::Erase { object: note.into(), entry: note };
        vec![draft(writer, Transcribe { object: Some(object) }), draft(writer, forget)]
    };
    beside_all(correction, Refused::Neither)
}

fn erasing() -> Result<(), String> {
    let own = |deal: &mut Sample, act: &mut Draft| {
        let Some(deal) = &deal.deal else { return Vec::new() };
        let eraser = if act.signer.0 == DEBTOR { CREDITOR } else { DEBTOR };
        vec![deal.do_erase(eraser, deal.failed_offer(eraser))]
    };
    beside_all(own, Refused::Neither)?;
    let report = |deal: &mut Sample, act: &mut Draft| {
        let Some(deal) = &deal.deal else { return Vec::new() };
        let erase = deal.do_erase(DEBTOR, deal.report);
        let reported = deal.report != oplog::EntryId::ZERO && act.signer.0 != DEBTOR;
        if reported { vec![erase] } else { Vec::new() }
    };
    beside_all(report, Refused::Neither)?;
    let deal = Deal::plain(agreement::Closure::All);
    let erases = [DEBTOR, CREDITOR].map(|seat| deal.do_erase(seat, deal.failed_offer(seat)));
    let tried = try_pair(&deal.world, erases);
    tried.refused_as(Refused::Neither).and_then(|()| tried.same_records())
}

/// The debtor's old key does `one` and its new key `two`, without knowledge of each other.
fn by_two_keys(
    mut deal: Deal,
    one: impl Fn(&Deal) -> Draft,
    two: impl Fn(&Deal) -> Draft,
    stated: Refused,
) -> Result<(), String> {
    let new = deal.world.enrol_noticed((DEBTOR, 1));
    let tried = try_pair(&deal.world, [one(&deal).blind_to(&new), two(&deal).by_key(1)]);
    tried.refused_as(stated).and_then(|()| tried.same_records())
}

fn satisfying() -> Result<(), String> {
    let satisfy = |deal: &Deal| deal.do_satisfy(DEBTOR, 1);
    by_two_keys(Deal::conditional(), satisfy, satisfy, Refused::Neither)?;
    by_two_keys(Deal::conditional(), satisfy, |deal| deal.do_report(DEBTOR), Refused::Second)?;
    by_two_keys(Deal::conditional(), satisfy, |deal| deal.do_cancel(DEBTOR), Refused::Neither)
}

fn cancelling() -> Result<(), String> {
    let cancel = |deal: &Deal| deal.do_cancel(DEBTOR);
    by_two_keys(Deal::plain(agreement::Closure::All), cancel, cancel, Refused::Neither)
}
