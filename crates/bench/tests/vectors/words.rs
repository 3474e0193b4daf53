//! The fields of headers and effects in words, under the names that the protocol gives them.

use agreement::operation::Subject;
use agreement::{
    AgreementTag, AgreementTerms, Closure, CommitmentTerms, Condition, Introduction, MinutesTerms, Operation,
    SpaceTerms, Tag, Terms, Withdrawal, quorum::Quorum,
};
use oplog::{Header, IdentityLog, ObjectId, PublicKey, RecoverySet, Signature};

use crate::said::{Said, say};

pub(crate) fn signatures(signatures: &[(PublicKey, Signature)]) -> Said {
    signatures.iter().map(|(key, signature)| say! { "key": *key, "sig": Said::hex(&signature.0) }).collect()
}

pub(crate) fn set(set: &RecoverySet) -> Said {
    say! {
        "keys": set.keys.iter().map(|key| Said::from(*key)).collect::<Said>(),
        "threshold": set.threshold,
    }
}

pub(crate) fn log(log: &IdentityLog) -> Said {
    let revision = |signed: &oplog::SignedRevision| {
        say! {
            "number": signed.revision.number,
            "prev": signed.revision.prev,
            "guardians": set(&signed.revision.guardians),
            "next": signed.revision.next,
            "recovery": signed.recovery.as_ref().map(set),
            "signatures": signatures(&signed.signatures),
        }
    };
    log.revisions().iter().map(revision).collect()
}

fn introduction(introduction: &Introduction) -> Said {
    say! {
        "identity": log(&introduction.identity),
        "seat": introduction.seat,
        "key": introduction.key,
        "node": introduction.node,
        "signatures": signatures(&introduction.signatures),
    }
}

fn agreement_terms(terms: &AgreementTerms) -> Said {
    let tag = match terms.tag {
        AgreementTag::New => "new",
        AgreementTag::Amend => "amend",
        AgreementTag::Terminate => "terminate",
    };
    let (how, days) = match terms.withdrawal {
        Withdrawal::Never => ("never", None),
        Withdrawal::Notice(days) => ("notice", Some(days)),
        Withdrawal::Consent => ("consent", None),
    };
    say! {
        "tag": tag,
        "parties": terms.parties.iter().map(|party| Said::from(*party)).collect::<Said>(),
        "clauses": terms.clauses.iter().map(|number| Said::from(*number)).collect::<Said>(),
        "withdrawal": say! { "how": how, "days": days },
        "reply_by": terms.reply_by,
    }
}

fn minutes_terms(terms: &MinutesTerms) -> Said {
    let outcome = |(item, object): &(u64, ObjectId)| say! { "item": *item, "object": *object };
    say! {
        "parties": terms.parties.iter().map(|party| Said::from(*party)).collect::<Said>(),
        "present": terms.present.iter().map(|party| Said::from(*party)).collect::<Said>(),
        "outcomes": terms.outcomes.iter().map(outcome).collect::<Said>(),
        "reply_by": terms.reply_by,
    }
}

fn commitment_terms(terms: &CommitmentTerms) -> Said {
    let tag = match terms.tag {
        Tag::New => "new",
        Tag::Amend => "amend",
        Tag::Reschedule => "reschedule",
        Tag::Delegate => "delegate",
        Tag::Assign => "assign",
        Tag::MutualEnd => "mutual end",
    };
    let closure = match terms.closure {
        Closure::All => "all",
        Closure::Any => "any",
        Closure::Lead => "lead",
    };
    let condition = terms.condition.map(|condition| match condition {
        Condition::Fulfilled(commitment) => say! { "commitment": commitment },
        Condition::Text(number) => say! { "number": number },
    });
    say! {
        "tag": tag,
        "debtor": terms.debtor,
        "creditors": terms.creditors.iter().map(|party| Said::from(*party)).collect::<Said>(),
        "closure": closure,
        "due": say! { "day": terms.due.day, "zone": terms.due.zone.as_str() },
        "condition": condition,
        "clause": terms.clause.map(|(object, number)| say! { "of": object, "number": number }),
        "reply_by": terms.reply_by,
    }
}

fn space_terms(terms: &SpaceTerms) -> Said {
    let voters: Said = terms.voters().iter().map(|party| Said::from(*party)).collect();
    match terms {
        SpaceTerms::Admit { introduction: new, .. } => {
            say! { "ballot": "admit", "voters": voters, "introduction": introduction(new) }
        }
        SpaceTerms::Expel { seat, .. } => say! { "ballot": "expel", "voters": voters, "seat": *seat },
        SpaceTerms::Succeed { introduction: new, .. } => {
            say! { "ballot": "succeed", "voters": voters, "introduction": introduction(new) }
        }
        SpaceTerms::Level { level, .. } => say! { "ballot": "level", "voters": voters, "level": *level },
    }
}

fn terms(terms: &Terms) -> Said {
    match terms {
        Terms::Commitment(terms) => commitment_terms(terms),
        Terms::Space(terms) => space_terms(terms),
        Terms::Agreement(terms) => agreement_terms(terms),
        Terms::Minutes(terms) => minutes_terms(terms),
    }
}

fn subject(subject: Subject) -> &'static str {
    match subject {
        Subject::Commitment => "commitment",
        Subject::Space => "space",
        Subject::Agreement => "agreement",
        Subject::Meeting => "meeting",
    }
}

fn quorum(quorum: Quorum) -> Said {
    say! { "numerator": quorum.numerator, "denominator": quorum.denominator }
}

/// The fields of an effect.
pub(crate) fn effect(operation: &Operation) -> Said {
    match operation {
        Operation::Genesis(it) => say! {
            "nonce": it.nonce,
            "admit": quorum(it.rules.admit),
            "expel": quorum(it.rules.expel),
            "founder": introduction(&it.founder),
        },
        Operation::Admit(it) => say! { "introduction": introduction(&it.introduction) },
        Operation::Enrol(it) => say! { "introduction": introduction(&it.introduction) },
        Operation::Revoke(it) => say! {
            "seat": it.seat,
            "identity": log(&it.identity),
            "key": it.key,
            "cut": it.cut,
            "signatures": signatures(&it.signatures),
        },
        Operation::Leave(_) => say! {},
        Operation::Ack(it) => say! { "digest": it.digest, "level": it.level },
        Operation::Offer(it) => say! { "object": it.object, "slot": it.slot, "terms": terms(&it.terms) },
        Operation::Accept(it) => say! {
            "subject": subject(it.subject), "object": it.object, "slot": it.slot, "terms": it.terms,
        },
        Operation::Decline(it) => {
            say! { "subject": subject(it.subject), "object": it.object, "slot": it.slot }
        }
        Operation::Counter(it) => {
            say! { "object": it.object, "slot": it.slot, "terms": terms(&it.terms) }
        }
        Operation::Lapse(it) => {
            say! { "subject": subject(it.subject), "object": it.object, "slot": it.slot }
        }
        Operation::Pass(it) => say! { "subject": subject(it.subject), "object": it.object, "slot": it.slot },
        Operation::Satisfy(it) => say! { "object": it.object, "condition": it.condition },
        Operation::Report(it) => say! { "object": it.object, "terms": it.terms },
        Operation::Confirm(it) => say! { "object": it.object, "report": it.report },
        Operation::Dispute(it) => say! { "object": it.object, "report": it.report },
        Operation::Release(it) => say! { "object": it.object },
        Operation::Cancel(it) => say! { "object": it.object },
        Operation::Withdraw(it) => say! { "object": it.object },
        Operation::Convene(it) => say! {
            "object": it.object,
            "invited": it.invited.iter().map(|party| Said::from(*party)).collect::<Said>(),
            "day": it.day.as_ref().map(|day| say! { "day": day.day, "zone": day.zone.as_str() }),
        },
        Operation::Attach(it) => say! { "about": it.about },
        Operation::Erase(it) => say! { "object": it.object, "entry": it.entry },
        Operation::Transcribe(it) => say! { "object": it.object },
        Operation::Comment(it) => say! { "about": it.about },
    }
}

/// The fields of a header but for its effect.
pub(crate) fn header(header: &Header) -> Said {
    let content = header.content;
    say! {
        "space": header.space,
        "key": header.key,
        "seq": header.seq,
        "prev": header.prev,
        "deps": header.deps.iter().map(|dep| Said::from(*dep)).collect::<Said>(),
        "time_ms": header.time_ms,
        "kind": header.kind,
        "effect": Said::hex(&header.effect),
        "content": content.map(|content| say! { "hash": content.hash, "len": content.len_bytes }),
    }
}
