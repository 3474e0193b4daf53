//! Why the rules refuse, or why this node will not sign, in the reader's language.
//!
//! The record keeps a refusal as the sentence that the rules say, so sentences are looked up here.

use agreement::Refusal;
use node::NodeError;

use crate::markup::Markup;
use crate::reader::Reader;

/// Every refusal that says one thing, with its message.
const KNOWN: &[(Refusal, &str)] = &[
    (Refusal::NoSuchObject, "refused-no-such-object"),
    (Refusal::NoSuchSlot, "refused-no-such-round"),
    (Refusal::AnswerFirst, "refused-answer-first"),
    (Refusal::AlreadyVoted, "refused-already-voted"),
    (Refusal::Lapsed, "refused-lapsed"),
    (Refusal::NoSuchTerms, "refused-no-such-terms"),
    (Refusal::NotNamed, "refused-not-named"),
    (Refusal::OnlyDebtor, "refused-only-debtor"),
    (Refusal::OnlyCreditor, "refused-only-creditor"),
    (Refusal::OnlyAuthor, "refused-only-author"),
    (Refusal::NotInForce, "refused-not-in-force"),
    (Refusal::Closed, "refused-closed"),
    (Refusal::Conditional, "refused-conditional"),
    (Refusal::NoSuchCondition, "refused-no-such-condition"),
    (Refusal::NoSuchReport, "refused-no-such-report"),
    (Refusal::OwnVoteOpen, "refused-own-vote-open"),
    (Refusal::NoWithdrawal, "refused-no-withdrawal"),
    (Refusal::AlreadyWithdrawn, "refused-already-withdrawn"),
    (Refusal::Terms("between 2 and 200 parties"), "refused-terms-agreement-parties"),
    (Refusal::Terms("between 1 and 256 clauses"), "refused-terms-clauses"),
    (Refusal::Terms("clauses numbered between 1 and 9999"), "refused-terms-clause-numbers"),
    (Refusal::Terms("a notice between 1 and 3650 days"), "refused-terms-notice"),
    (
        Refusal::Terms("all parties of the agreement, which says that none may withdraw"),
        "refused-terms-nobody-withdraws",
    ),
    (
        Refusal::Terms("new numbers for new clauses, as a dropped one is not used again"),
        "refused-terms-number-again",
    ),
    (Refusal::Terms("between 1 and 200 invited parties"), "refused-terms-invited"),
    (Refusal::Terms("the convener among the invited"), "refused-terms-convener"),
    (Refusal::Terms("a day for the meeting"), "refused-terms-meeting-day"),
    (Refusal::Terms("the parties that were invited to the meeting"), "refused-terms-other-invited"),
    (Refusal::Terms("present parties from among the invited"), "refused-terms-present"),
    (Refusal::Terms("at most 256 outcomes"), "refused-terms-outcomes"),
    (Refusal::Terms("agenda items numbered up to 9999"), "refused-terms-items"),
    (Refusal::Terms("outcomes that the author has seen"), "refused-terms-unseen-outcome"),
    (Refusal::NotErasable, "refused-not-erasable"),
    (Refusal::Terms("between 1 and 200 creditors"), "refused-terms-creditors"),
    (Refusal::Terms("each party once, and the debtor not among the creditors"), "refused-terms-parties"),
    (Refusal::Terms("a due day in the calendar's range"), "refused-terms-day"),
    (Refusal::Terms("a time zone's name"), "refused-terms-zone"),
    (Refusal::Terms("tag new, as nothing is in force"), "refused-terms-not-new"),
    (Refusal::Terms("a tag that says what changes, and nothing more"), "refused-terms-tag"),
    (Refusal::Limit("the number of ballots about the space"), "refused-limit-ballots"),
    (Refusal::Limit("the number of rounds"), "refused-limit-rounds"),
    (Refusal::Limit("the number of offers in a round"), "refused-limit-offers"),
    (Refusal::Limit("the number of keys of the space"), "refused-limit-keys"),
    (Refusal::Limit("the number of reports"), "refused-limit-reports"),
    (Refusal::Limit("the number of corrections"), "refused-limit-corrections"),
    (Refusal::Limit("the number of parties or keys of the space"), "refused-limit-parties"),
    (Refusal::Identity("the guardians' signatures on the revocation"), "refused-identity-revocation"),
    (Refusal::Identity("the binding key's own signature on its grant"), "refused-identity-own-signature"),
    (Refusal::Identity("the guardians' grant of the binding key"), "refused-identity-grant"),
    (Refusal::Identity("a party of this space"), "refused-identity-party"),
    (Refusal::Identity("an identity log that continues the known one"), "refused-identity-log"),
    (Refusal::Space("only the founder admits the second party"), "refused-space-founder"),
    (
        Refusal::Space(
            "only the key that founded the space admits the second party; with another key, found a new space",
        ),
        "refused-space-founding-key",
    ),
    (Refusal::Space("a third party is let in by ballot"), "refused-space-third"),
    (Refusal::Space("the party is a member already"), "refused-space-member"),
    (Refusal::Space("a key enrols itself"), "refused-space-enrols"),
    (Refusal::Space("the key is in use here"), "refused-space-key-used"),
    (Refusal::Space("a party revokes keys of its own"), "refused-space-revokes"),
    (
        Refusal::Space("a genesis is the first entry of its space, signed by the founder's key"),
        "refused-space-genesis",
    ),
    (Refusal::Space("a quorum is over half and at most all"), "refused-space-quorum"),
    (Refusal::Space("the ballot is about no member"), "refused-space-subject"),
    (Refusal::Space("in a space of two nobody expels"), "refused-space-of-two"),
    (Refusal::Space("in a space of two nobody hands the other's seat on"), "refused-space-of-two-seats"),
    (
        Refusal::Space(
            "the founder let two parties in unseen by each other, so no seat but its own is voted on",
        ),
        "refused-space-rivals",
    ),
    (Refusal::Space("whoever is let in takes a seat of its own"), "refused-space-own-seat"),
    (
        Refusal::Space("the voters are the members that the offer had seen, without its subject"),
        "refused-space-voters",
    ),
    (Refusal::Space("a rules level is only ever raised"), "refused-space-level"),
    (Refusal::Standing("the key was never introduced"), "refused-standing-unknown"),
    (Refusal::Standing("the author had not seen its own introduction"), "refused-standing-unseen"),
    (
        Refusal::Standing("the party was not admitted in what the author had seen"),
        "refused-standing-not-admitted",
    ),
    (Refusal::Standing("the new key awaits notice by another party"), "refused-standing-notice"),
    (Refusal::Standing("a newer key of the party had taken over"), "refused-standing-newer"),
    (Refusal::Standing("the party was no longer a member"), "refused-standing-left"),
    (Refusal::Standing("the key was taken back before this entry"), "refused-standing-revoked"),
    (Refusal::Standing("the key signed two entries for one place"), "refused-standing-forked"),
    (Refusal::Standing("relied on, but it does not bind its author"), "refused-standing-relied"),
];

/// How a refusal that names something begins, its message, and what that message calls the thing.
const NAMING: &[(&str, &str, &str)] = &[
    ("kind ", "refused-kind", "kind"),
    ("the effect does not read: ", "refused-unreadable", "what"),
    ("two offers crossed, and the next offer belongs to party ", "refused-not-your-turn", "party"),
];

/// How the reasons begin for which a node will not sign, with their messages.
const UNWILLING: &[(&str, &str)] = &[
    ("it has no key in this space", "unwilling-no-key"),
    ("its key for this space is not in the key folder", "unwilling-key-missing"),
    ("there is no high-water mark for this folder", "unwilling-no-mark"),
    ("the high-water mark does not know this space", "unwilling-mark-unknown"),
    ("this folder is a copy", "unwilling-copy"),
    ("its database is older than what it has signed", "unwilling-old-database"),
    ("a peer holds entries of its key that it did not have", "unwilling-peer-ahead"),
    ("the space lives by rules level", "unwilling-level"),
    ("this version knows rules levels up to", "unwilling-level"),
    ("the agreement's text has other clauses", "unwilling-clauses"),
    ("the entry d", "unwilling-log"),
];

/// The beginning that a node puts before the reason for which it will not sign.
const UNWILLING_PREFIX: &str = "this node will not sign: ";

/// A refusal as the record keeps it.
pub(crate) fn refused(reader: Reader, kept: &str) -> Markup {
    if let Some((_, id)) = KNOWN.iter().find(|(refusal, _)| refusal.to_string() == kept) {
        return Markup::isolating(&reader.say(id));
    }
    for (beginning, id, name) in NAMING {
        if let Some(rest) = kept.strip_prefix(beginning) {
            let thing = rest.split(' ').next().filter(|_| *name == "kind").unwrap_or(rest);
            return reader.tell(id, &[(name, thing.into())]);
        }
    }
    reader.tell("refused-other", &[("what", kept.into())])
}

/// Why this node will not sign, and what to do.
pub(crate) fn unwilling(reader: Reader, why: &str) -> Markup {
    let why = why.strip_prefix(UNWILLING_PREFIX).unwrap_or(why);
    match UNWILLING.iter().find(|(beginning, _)| why.starts_with(beginning)) {
        Some((_, id)) => Markup::isolating(&reader.say(id)),
        None => reader.tell("unwilling-other", &[("what", why.into())]),
    }
}

/// Why an act was not signed, if it is a reason that its author can do something about.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else there is, now or later, is no answer to a form"
)]
pub(crate) fn not_signed(reader: Reader, why: &NodeError) -> Option<Markup> {
    match why {
        NodeError::Refused(refusal) => Some(refused(reader, &refusal.to_string())),
        NodeError::WillNotSign(why) => Some(unwilling(reader, why)),
        NodeError::TextMissing => Some(Markup::isolating(&reader.say("text-missing"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use agreement::{BallotTerms as _, Closure, CommitmentTerms, Due, Tag};
    use node::oplog::PartyId;

    use super::*;
    use crate::lang::Lang;

    /// Fails to compile when the rules gain a refusal, so that its message is not forgotten.
    fn has_message(refusal: &Refusal) -> bool {
        match refusal {
            Refusal::Kind(_) | Refusal::Unreadable(_) | Refusal::NotYourTurn(_) => {
                NAMING.iter().any(|(beginning, _, _)| refusal.to_string().starts_with(beginning))
            }
            Refusal::Standing(_)
            | Refusal::NoSuchObject
            | Refusal::Terms(_)
            | Refusal::NoSuchSlot
            | Refusal::AnswerFirst
            | Refusal::AlreadyVoted
            | Refusal::Lapsed
            | Refusal::NoSuchTerms
            | Refusal::NotNamed
            | Refusal::OnlyDebtor
            | Refusal::OnlyCreditor
            | Refusal::OnlyAuthor
            | Refusal::NotInForce
            | Refusal::Closed
            | Refusal::Conditional
            | Refusal::NoSuchCondition
            | Refusal::NoSuchReport
            | Refusal::OwnVoteOpen
            | Refusal::NoWithdrawal
            | Refusal::AlreadyWithdrawn
            | Refusal::Limit(_)
            | Refusal::Identity(_)
            | Refusal::Space(_)
            | Refusal::NotErasable => KNOWN.iter().any(|(known, _)| known == refusal),
        }
    }

    type Maker = fn(&'static str) -> Refusal;

    fn sources(of: &str) -> String {
        let mut text = String::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src")];
        while let Some(folder) = folders.pop() {
            for file in std::fs::read_dir(folder).unwrap() {
                let path = file.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    text.push_str(&std::fs::read_to_string(path).unwrap());
                }
            }
        }
        text
    }

    /// The literals with which `call` is made in a source, up to a placeholder.
    fn literals<'a>(source: &'a str, call: &str) -> Vec<&'a str> {
        let mut found = Vec::new();
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start().trim_start_matches("format!(").trim_start();
            let literal = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            found.extend(literal.map(|(literal, _)| literal.split('{').next().unwrap_or_default()));
        }
        found
    }

    #[test]
    fn every_refusal_that_the_rules_can_say_has_a_message() {
        let source = sources("agreement");
        let makers: [(&str, Maker); 6] = [
            ("Refusal::Terms(", Refusal::Terms),
            ("Refusal::Limit(", Refusal::Limit),
            ("Refusal::Identity(", Refusal::Identity),
            ("Refusal::Space(", Refusal::Space),
            ("Standing::Void(", Refusal::Standing),
            ("Refusal::Standing(", Refusal::Standing),
        ];
        let mut count = 0;
        for (call, make) in makers {
            for literal in literals(&source, call) {
                let refusal = make(Box::leak(literal.to_owned().into_boxed_str()));
                assert!(has_message(&refusal), "{refusal:?}");
                count += 1;
            }
        }
        assert!(count > 30, "only {count} refusals were found in the rules");
        assert!(KNOWN.iter().all(|(refusal, _)| has_message(refusal)));
        assert!(has_message(&Refusal::Kind(7)) && has_message(&Refusal::Unreadable("bytes remain")));
        assert!(has_message(&Refusal::NotYourTurn(PartyId([1; 32]))));
    }

    #[test]
    fn every_rule_about_terms_has_a_message() {
        let party = |number| PartyId([number; 32]);
        let good = CommitmentTerms {
            tag: Tag::New,
            debtor: party(1),
            creditors: vec![party(2)],
            closure: Closure::All,
            due: Due { day: 20_000, zone: "UTC".to_owned() },
            condition: None,
            clause: None,
            reply_by: None,
        };
        let due = |day, zone: &str| Due { day, zone: zone.to_owned() };
        let bad = [
            CommitmentTerms { creditors: Vec::new(), ..good.clone() },
            CommitmentTerms { creditors: vec![party(1)], ..good.clone() },
            CommitmentTerms { due: due(i32::MAX, "UTC"), ..good.clone() },
            CommitmentTerms { due: due(20_000, "a zone"), ..good.clone() },
        ];
        for terms in bad {
            let refusal = terms.check().unwrap_err();
            assert!(has_message(&refusal), "{refusal:?}");
        }
    }

    #[test]
    fn every_reason_for_which_a_node_will_not_sign_has_a_message() {
        let source = sources("node");
        let reasons = literals(&source, "NodeError::WillNotSign(");
        assert!(reasons.len() > 6, "only {reasons:?} were found in the node");
        for reason in reasons {
            assert!(UNWILLING.iter().any(|(beginning, _)| reason.starts_with(beginning)), "{reason}");
        }
    }

    #[test]
    fn a_refusal_is_said_in_the_language_of_the_reader() {
        let said = |lang, kept: &str| refused(Reader { lang }, kept).to_string();
        for lang in Lang::ALL {
            for id in KNOWN.iter().map(|(_, id)| id).chain(UNWILLING.iter().map(|(_, id)| id)) {
                assert_ne!(Reader { lang }.say(id), **id, "{id} is missing in {}", lang.code());
            }
        }
        assert_ne!(
            said(Lang::Persian, "the commitment is closed"),
            said(Lang::English, "the commitment is closed")
        );
        assert!(said(Lang::Persian, &Refusal::Kind(7).to_string()).contains("<bdi>7</bdi>"));
        assert!(said(Lang::English, "a later version's reason").contains("a later version&#39;s reason"));
    }
}
