//! `entries.json`: a space in which every kind and every form of terms occurs, and entries that are odd but valid.

use std::collections::BTreeSet;

use agreement::operation::{
    Accept, Ack, Admit, Attach, Cancel, Comment, Confirm, Convene, Counter, Decline, Dispute, Enrol, Erase,
    Genesis, Lapse, Leave, Offer, Pass, Release, Report, Revoke, Satisfy, Transcribe, Withdraw,
};
use agreement::{
    AgreementTag, AgreementTerms, Closure, CommitmentTerms, Condition, Content, Due, FieldTag, MinutesTerms,
    Operation, Rules, SpaceTerms, Subject, Tag, Terms, Withdrawal, operation::KINDS, quorum::Quorum,
};
use oplog::{Digest, EntryId, Grant, ObjectId, SpaceId, TermsHash, Unverified};

use crate::cast::{self, Party};
use crate::history::{History, Made, Signer};
use crate::observer::Observer;
use crate::said::{Said, say};
use crate::{curve, unreadable, words};

const ALFA: Signer = (Party::Alfa, 0);
const BETA: Signer = (Party::Beta, 0);
const GAMMA: Signer = (Party::Gamma, 0);

fn content(salt: u8) -> Content {
    Content { salt: [salt; 16], ..Content::default() }
}

pub(crate) fn terms(debtor: Party, creditors: &[Party]) -> CommitmentTerms {
    CommitmentTerms {
        tag: Tag::New,
        debtor: debtor.id(),
        creditors: creditors.iter().map(|party| party.id()).collect(),
        closure: Closure::All,
        due: Due { day: 20_819, zone: "Asia/Tehran".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    }
}

pub(crate) fn founding(terms: CommitmentTerms) -> Offer {
    Offer { object: None, slot: 0, terms: Terms::Commitment(terms) }
}

fn later(object: ObjectId, slot: u64, tag: Tag, terms: CommitmentTerms) -> Offer {
    Offer { object: Some(object), slot, terms: Terms::Commitment(CommitmentTerms { tag, ..terms }) }
}

fn ballot(terms: SpaceTerms) -> Offer {
    Offer { object: None, slot: 0, terms: Terms::Space(terms) }
}

fn accept(object: ObjectId, slot: u64, terms: TermsHash) -> Accept {
    Accept { subject: Subject::Commitment, object, slot, terms }
}

/// The founding of a space of three.
pub(crate) fn three() -> History {
    let mut all = History::default();
    let rules = Rules { admit: Quorum::ALL, expel: Quorum::TWO_THIRDS };
    let founder = Party::Alfa.introduction(SpaceId::ZERO, 0);
    all.sign("genesis", ALFA, Genesis { nonce: 0x0102_0304_0506_0708, rules, founder });
    let space = all.space();
    all.sign("admit", ALFA, Admit { introduction: Party::Beta.introduction(space, 0) });
    let voters = [Party::Alfa.id(), Party::Beta.id()].into();
    let introduction = Party::Gamma.introduction(space, 0);
    let offer =
        all.sign("offer of a ballot: admit", ALFA, ballot(SpaceTerms::Admit { voters, introduction }));
    let (subject, terms) = (Subject::Space, all.terms_of(offer));
    all.sign("accept in a ballot", BETA, Accept { subject, object: offer.into(), slot: 0, terms });
    all.sign("ack without a digest", GAMMA, Ack { digest: None, level: 0 });
    all
}

/// One commitment through every tag.
fn tags(all: &mut History) {
    let title =
        content(1).with(FieldTag::Title, "en", "Bridge").with(FieldTag::Title, "fa", "\u{67e}\u{644}");
    let first = CommitmentTerms {
        clause: Some((ObjectId([0xc1; 32]), 7)),
        reply_by: Some(20_700),
        ..terms(Party::Alfa, &[Party::Beta])
    };
    let offer =
        all.sign_with("offer: new, with clause and reply_by", ALFA, founding(first.clone()), Some(&title));
    let object = offer.into();
    all.sign("accept", BETA, accept(object, 0, all.terms_of(offer)));
    let moved = CommitmentTerms { due: Due { day: 20_900, ..first.due.clone() }, ..first };
    let amended = CommitmentTerms { closure: Closure::Any, ..moved.clone() };
    let delegated = CommitmentTerms { debtor: Party::Gamma.id(), ..amended.clone() };
    let assigned = CommitmentTerms { creditors: vec![Party::Alfa.id()], ..delegated.clone() };
    let steps: [(_, _, _, &CommitmentTerms, &[Signer]); 5] = [
        ("reschedule", Tag::Reschedule, ALFA, &moved, &[BETA]),
        ("amend", Tag::Amend, BETA, &amended, &[ALFA]),
        ("delegate", Tag::Delegate, ALFA, &delegated, &[BETA, GAMMA]),
        ("assign", Tag::Assign, BETA, &assigned, &[ALFA, GAMMA]),
        ("mutual end", Tag::MutualEnd, ALFA, &assigned, &[GAMMA]),
    ];
    for ((word, tag, by, terms, others), slot) in steps.into_iter().zip(1..) {
        let offer = all.sign(&format!("offer: {word}"), by, later(object, slot, tag, terms.clone()));
        for other in others {
            let hash = all.terms_of(offer);
            all.sign(&format!("accept of {word} by {:?}", other.0), *other, accept(object, slot, hash));
        }
    }
}

/// Votes of every sort, and a condition that is a text.
fn votes(all: &mut History) {
    let first = CommitmentTerms {
        closure: Closure::Any,
        due: Due { day: -1, zone: "UTC".to_owned() },
        reply_by: Some(-2),
        ..terms(Party::Beta, &[Party::Gamma, Party::Alfa])
    };
    let offer = all.sign("offer: closure any, days before 1970", BETA, founding(first.clone()));
    let object = offer.into();
    all.sign("decline", GAMMA, Decline { subject: Subject::Commitment, object, slot: 0 });
    all.sign("pass", BETA, Pass { subject: Subject::Commitment, object, slot: 1 });
    let second = CommitmentTerms { closure: Closure::Lead, condition: Some(Condition::Text(1)), ..first };
    let words = content(2).with(FieldTag::Condition, "en", "the road is open");
    let offer = later(object, 1, Tag::New, second.clone());
    all.sign_with("offer: closure lead, condition by number", GAMMA, offer, Some(&words));
    let third = CommitmentTerms { due: Due { day: 20_830, zone: "Europe/Minsk".to_owned() }, ..second };
    let counter = Counter { object, slot: 1, terms: Terms::Commitment(third) };
    let counter = all.sign_with("counter", ALFA, counter, Some(&words));
    all.sign("accept of the counter by Beta", BETA, accept(object, 2, all.terms_of(counter)));
    all.sign("accept of the counter by Gamma", GAMMA, accept(object, 2, all.terms_of(counter)));
    let withdrawn = all.sign("offer that lapses", ALFA, founding(terms(Party::Alfa, &[Party::Beta])));
    all.sign("lapse", ALFA, Lapse { subject: Subject::Commitment, object: withdrawn.into(), slot: 0 });
    all.sign("ack with a digest", BETA, Ack { digest: Some(Digest([0xd1; 32])), level: 3 });
    all.sign("satisfy", BETA, Satisfy { object, condition: 1 });
    acts(all, object, counter);
}

/// Agreements with every way to leave, and every change of one.
fn agreements(all: &mut History) {
    let (subject, parties) = (Subject::Agreement, [Party::Alfa, Party::Beta].map(Party::id).into());
    let first = AgreementTerms {
        tag: AgreementTag::New,
        parties,
        clauses: [1, 2, 300].into(),
        withdrawal: Withdrawal::Notice(90),
        reply_by: Some(20_710),
    };
    let text = |salt| {
        let content = content(salt).with(FieldTag::Title, "en", "Transit").with(
            FieldTag::Text,
            "en",
            "The parties, willing to trade, agree:",
        );
        ["1", "2", "300"].into_iter().fold(content, |content, number| {
            content
                .with(FieldTag::Number, "", number)
                .with(FieldTag::Heading, "en", "Trains")
                .with(FieldTag::Text, "en", "Trains run daily.")
                .with(FieldTag::Text, "fa", "\u{642}\u{637}\u{627}\u{631}")
        })
    };
    let found = |terms| Offer { object: None, slot: 0, terms: Terms::Agreement(terms) };
    let offer = all.sign_with("offer of an agreement", ALFA, found(first.clone()), Some(&text(8)));
    let object: ObjectId = offer.into();
    let accept = |all: &History, slot, offer| {
        let terms = all.terms_of(offer);
        Accept { subject, object, slot, terms }
    };
    all.sign("accept of an agreement", BETA, accept(all, 0, offer));
    let wider = AgreementTerms {
        tag: AgreementTag::Amend,
        parties: [Party::Alfa, Party::Beta, Party::Gamma].map(Party::id).into(),
        reply_by: None,
        ..first.clone()
    };
    let later = |slot, terms| Offer { object: Some(object), slot, terms: Terms::Agreement(terms) };
    let offer = all.sign_with("offer: amend an agreement", BETA, later(1, wider.clone()), Some(&text(9)));
    let without = AgreementTerms { clauses: [1, 2, 301].into(), ..wider.clone() };
    let counter = Counter { object, slot: 1, terms: Terms::Agreement(without) };
    let counter = all.sign_with("counter about an agreement", ALFA, counter, Some(&text(10)));
    all.sign("decline of an agreement", BETA, Decline { subject, object, slot: 2 });
    all.sign("lapse about an agreement", BETA, Lapse { subject, object, slot: 1 });
    all.sign("pass about an agreement", ALFA, Pass { subject, object, slot: 4 });
    let again = all.sign_with("offer: amend it again", ALFA, later(3, wider.clone()), Some(&text(11)));
    for (by, name) in [(BETA, "accept of an amendment by Beta"), (GAMMA, "accept of an amendment by Gamma")] {
        all.sign(name, by, accept(all, 3, again));
    }
    all.sign("withdraw", GAMMA, Withdraw { object });
    all.sign("withdraw a second time", GAMMA, Withdraw { object });
    let ended = AgreementTerms { tag: AgreementTag::Terminate, ..wider };
    let offer_to_end = all.sign("offer: terminate an agreement", ALFA, later(4, ended));
    for (by, name) in [(BETA, "accept of the end by Beta"), (GAMMA, "accept of the end by Gamma")] {
        all.sign(name, by, accept(all, 4, offer_to_end));
    }
    for (withdrawal, name) in [(Withdrawal::Never, "never"), (Withdrawal::Consent, "by consent")] {
        let terms = AgreementTerms { withdrawal, clauses: [1].into(), ..first.clone() };
        let offer = all.sign(&format!("offer of an agreement to be left {name}"), ALFA, found(terms));
        let (object, terms) = (offer.into(), all.terms_of(offer));
        let accept = Accept { subject, object, slot: 0, terms };
        all.sign(&format!("accept of an agreement to be left {name}"), BETA, accept);
        all.sign(&format!("withdraw from an agreement to be left {name}"), BETA, Withdraw { object });
    }
    assert_ne!(offer, counter, "both are in the list");
}

/// A meeting that is moved, its minutes adopted and corrected; and one that is called off.
fn meetings(all: &mut History) {
    let subject = Subject::Meeting;
    let invited: BTreeSet<_> = [Party::Alfa, Party::Beta].map(Party::id).into();
    let on = |day| Some(Due { day, zone: "Asia/Tehran".to_owned() });
    let agenda = content(12)
        .with(FieldTag::Title, "en", "First session")
        .with(FieldTag::Place, "en", "Tehran")
        .with(FieldTag::Number, "", "1")
        .with(FieldTag::Heading, "en", "Transit");
    let convene = Convene { object: None, invited: invited.clone(), day: on(20_650) };
    let first = all.sign_with("convene", ALFA, convene, Some(&agenda));
    let object: ObjectId = first.into();
    let convene = Convene { object: Some(object), invited: invited.clone(), day: on(20_660) };
    all.sign_with("convene: another day", ALFA, convene, Some(&agenda));
    let minutes = MinutesTerms {
        parties: invited.clone(),
        present: [Party::Alfa.id()].into(),
        outcomes: [(1, all.space().into())].into(),
        reply_by: Some(20_700),
    };
    let offer = |slot, terms| Offer { object: Some(object), slot, terms: Terms::Minutes(terms) };
    let text = content(13).with(FieldTag::Text, "en", "The parties met.");
    let offered = all.sign_with("offer of minutes", ALFA, offer(0, minutes.clone()), Some(&text));
    all.sign("pass about minutes", BETA, Pass { subject, object, slot: 3 });
    let both = MinutesTerms { present: invited.clone(), reply_by: None, ..minutes };
    let counter = Counter { object, slot: 0, terms: Terms::Minutes(both.clone()) };
    let counter = all.sign_with("counter about minutes", BETA, counter, Some(&text));
    let accept = |all: &History, slot, entry| Accept { subject, object, slot, terms: all.terms_of(entry) };
    all.sign("accept of minutes that failed", ALFA, accept(all, 0, offered));
    all.sign("accept of minutes", ALFA, accept(all, 1, counter));
    let corrected = MinutesTerms { outcomes: [].into(), ..both };
    all.sign("offer of corrected minutes", BETA, offer(2, corrected));
    all.sign("lapse about minutes", BETA, Lapse { subject, object, slot: 2 });
    all.sign("decline of minutes", ALFA, Decline { subject, object, slot: 2 });
    let convene = Convene { object: None, invited: invited.clone(), day: on(20_670) };
    let second = all.sign_with("convene: a second meeting", BETA, convene, Some(&agenda));
    let off = Convene { object: Some(second.into()), invited, day: None };
    all.sign("convene: called off", BETA, off);
}

/// What debtor and creditors do once terms are in force.
fn acts(all: &mut History, object: ObjectId, terms_entry: EntryId) {
    let in_force = all.terms_of(terms_entry);
    let evidence = Content { attachment: b"%PDF-1.7\n".to_vec(), ..content(3) }
        .with(FieldTag::FileName, "", "act.pdf")
        .with(FieldTag::MediaType, "", "application/pdf");
    all.sign_with("attach", BETA, Attach { about: object }, Some(&evidence));
    let why = content(4).with(FieldTag::Reason, "en", "half of it is missing").with(
        FieldTag::Other(900),
        "",
        "kept",
    );
    let report = all.sign("report", BETA, Report { object, terms: in_force });
    all.sign_with("dispute", GAMMA, Dispute { object, report }, Some(&why));
    let again = all.sign("report again", BETA, Report { object, terms: in_force });
    all.sign("confirm", GAMMA, Confirm { object, report: again });
    let condition = Some(Condition::Fulfilled(object));
    let after = CommitmentTerms { condition, ..terms(Party::Alfa, &[Party::Beta, Party::Gamma]) };
    let offer = all.sign("offer: condition is another commitment", ALFA, founding(after));
    let object = offer.into();
    all.sign("accept after a condition by Beta", BETA, accept(object, 0, all.terms_of(offer)));
    all.sign("accept after a condition by Gamma", GAMMA, accept(object, 0, all.terms_of(offer)));
    all.sign("release", GAMMA, Release { object });
    all.sign("cancel", ALFA, Cancel { object });
    let note = content(5).with(FieldTag::Note, "be", "\u{437}\u{430}\u{45e}\u{432}\u{430}\u{433}\u{430}");
    let comment = all.sign_with("comment", BETA, Comment { about: object }, Some(&note));
    all.sign("erase", BETA, Erase { object: comment.into(), entry: comment });
    let written = content(6).with(FieldTag::DebtorAsWritten, "en", "The Ministry of Roads").with(
        FieldTag::CreditorAsWritten,
        "en",
        "The Commission",
    );
    let first = all.sign_with("transcribe", ALFA, Transcribe { object: None }, Some(&written));
    let corrected = written.with(FieldTag::DueAsWritten, "en", "end of spring");
    let transcribe = Transcribe { object: Some(first.into()) };
    all.sign_with("transcribe: a correction", ALFA, transcribe, Some(&corrected));
}

/// The ballots that are not admissions, and what keys and parties do.
fn space(all: &mut History) {
    let (space, everyone) = (all.space(), [Party::Alfa, Party::Beta, Party::Gamma]);
    let without = |subject: Option<Party>| {
        everyone.into_iter().filter(|party| Some(*party) != subject).map(Party::id).collect()
    };
    let (voters, level) = (without(None), 1);
    let offer = all.sign("offer of a ballot: level", BETA, ballot(SpaceTerms::Level { voters, level }));
    let object = offer.into();
    all.sign("decline in a ballot", GAMMA, Decline { subject: Subject::Space, object, slot: 0 });
    let (voters, seat) = (without(Some(Party::Gamma)), Party::Gamma.id());
    all.sign("offer of a ballot: expel", ALFA, ballot(SpaceTerms::Expel { voters, seat }));
    let voters = without(Some(Party::Beta));
    let introduction = Party::Delta.introduction_for(space, Party::Beta, 0);
    let terms = SpaceTerms::Succeed { voters, introduction };
    all.sign("offer of a ballot: succeed", GAMMA, ballot(terms));
    let enrol = Enrol { introduction: Party::Alfa.introduction(space, 1) };
    all.sign("enrol", (Party::Alfa, 1), enrol);
    all.sign("ack that gives notice of a key", BETA, Ack { digest: None, level: 0 });
    for (name, cut) in [("revoke", Some(5)), ("revoke without a cut", None)] {
        let (identity, key) = (Party::Alfa.identity(), Party::Alfa.binding(0).public().id());
        let signatures = Grant::Revoke { space, key, cut }.sign(&identity, &[&Party::Alfa.guardian()]);
        let revoke = Revoke { seat: identity.party(), identity, key, cut, signatures };
        all.sign(name, (Party::Alfa, 1), revoke);
    }
    all.sign("leave", GAMMA, Leave);
}

/// The whole space of `entries.json`.
pub(crate) fn history() -> History {
    let mut all = three();
    tags(&mut all);
    votes(&mut all);
    agreements(&mut all);
    meetings(&mut all);
    space(&mut all);
    all
}

fn said(made: &Made) -> Said {
    let (entry, key) = (&made.entry, made.signer.0.binding(made.signer.1));
    let header = oplog::to_bytes(entry.header());
    let again = Unverified::decode(entry.raw()).unwrap();
    again.verify(key.public().id(), &key.public().prepare().unwrap()).unwrap();
    let read = Operation::read(entry.header().kind, &entry.header().effect);
    assert_eq!(read.as_ref(), Ok(&made.operation));
    say! {
        "name": made.name.as_str(),
        "kind": entry.header().kind,
        "word": made.operation.word(),
        "seed": Said::hex(key.seed().as_slice()),
        "public": key.public(),
        "header": Said::hex(&header),
        "entry": Said::hex(entry.raw()),
        "id": entry.id(),
        "fields": words::header(entry.header()),
        "effect": words::effect(&made.operation),
        "content": made.content.as_deref().map(Said::hex),
        "content_hash": entry.header().content.map(|content| content.hash),
        "terms_hash": made.terms_hash(),
    }
}

/// The file.
pub(crate) fn made() -> Said {
    let all = history();
    let genesis = all.made[0].entry.raw();
    let mut observer = Observer::new(all.space(), crate::observer::founder(genesis));
    assert_eq!(observer.show(&all.raw()), Vec::<String>::new());
    let log = observer.log();
    assert_eq!(log.len(), all.made.len(), "every entry is stored");
    for (kind, word, _) in KINDS {
        assert!(all.made.iter().any(|made| made.entry.header().kind == *kind), "{word} is missing");
    }
    let refused = all.made.iter().filter_map(|made| {
        let reason = log[&made.entry.id()].clone()?;
        Some(say! { "entry": made.entry.id(), "name": made.name.as_str(), "reason": reason })
    });
    say! {
        "parties": cast::said(),
        "space": all.space(),
        "entries": all.made.iter().map(said).collect::<Said>(),
        "digest": observer.node.digest(all.space()).unwrap(),
        "without_effect": refused.collect::<Said>(),
        "odd_but_valid": curve::odd(&all),
        "unreadable_effects": unreadable::made(&all),
    }
}
