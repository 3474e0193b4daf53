//! What a form fixes of an operation, so that what was read before signing is what is signed, whatever arrives between.

use agreement::Operation;
use agreement::operation::{
    Accept, Cancel, Confirm, Decline, Dispute, Lapse, Pass, Release, Report, Satisfy, Subject, Withdraw,
};
use node::oplog::ObjectId;

use crate::fields::Fields;

/// Names and values of hidden fields.
pub(super) type Pins = Vec<(&'static str, String)>;

/// What has to be fixed of an operation about an object.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else there is, now or later, has no form of this kind"
)]
pub(super) fn of(operation: &Operation) -> Pins {
    match operation {
        Operation::Accept(accept) => {
            vec![("slot", accept.slot.to_string()), ("terms", accept.terms.to_string())]
        }
        Operation::Decline(decline) => vec![("slot", decline.slot.to_string())],
        Operation::Lapse(lapse) => vec![("slot", lapse.slot.to_string())],
        Operation::Pass(pass) => vec![("slot", pass.slot.to_string())],
        Operation::Satisfy(satisfy) => vec![("condition", satisfy.condition.to_string())],
        Operation::Report(report) => vec![("terms", report.terms.to_string())],
        Operation::Confirm(confirm) => vec![("report", confirm.report.to_string())],
        Operation::Dispute(dispute) => vec![("report", dispute.report.to_string())],
        _ => Vec::new(),
    }
}

/// Pins as a query. Their values are digits alone.
pub(super) fn query(pins: &Pins) -> String {
    pins.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The operation that a verb and its pins name; `None` if they name none.
pub(super) fn operation(
    subject: Subject,
    verb: &str,
    object: ObjectId,
    fields: &Fields,
) -> Option<Operation> {
    let slot = || fields.number("slot");
    Some(match verb {
        "accept" => {
            Accept { subject, object, slot: slot()?, terms: fields.first("terms").parse().ok()? }.into()
        }
        "decline" => Decline { subject, object, slot: slot()? }.into(),
        "lapse" => Lapse { subject, object, slot: slot()? }.into(),
        "pass" => Pass { subject, object, slot: slot()? }.into(),
        "withdraw" if subject == Subject::Agreement => Withdraw { object }.into(),
        _ if subject != Subject::Commitment => return None,
        "satisfy" => Satisfy { object, condition: fields.number("condition")? }.into(),
        "report" => Report { object, terms: fields.first("terms").parse().ok()? }.into(),
        "confirm" => Confirm { object, report: fields.first("report").parse().ok()? }.into(),
        "dispute" => Dispute { object, report: fields.first("report").parse().ok()? }.into(),
        "release" => Release { object }.into(),
        "cancel" => Cancel { object }.into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use node::oplog::{EntryId, TermsHash};

    use super::*;

    #[test]
    fn an_operation_is_the_same_after_its_pins_went_through_a_form() {
        let (object, report, terms) = (ObjectId([1; 32]), EntryId([2; 32]), TermsHash([3; 32]));
        let all: [Operation; 13] = [
            Accept { subject: Subject::Commitment, object, slot: 4, terms }.into(),
            Decline { subject: Subject::Commitment, object, slot: 4 }.into(),
            Lapse { subject: Subject::Commitment, object, slot: 4 }.into(),
            Pass { subject: Subject::Commitment, object, slot: 4 }.into(),
            Satisfy { object, condition: 5 }.into(),
            Report { object, terms }.into(),
            Confirm { object, report }.into(),
            Dispute { object, report }.into(),
            Release { object }.into(),
            Cancel { object }.into(),
            Accept { subject: Subject::Agreement, object, slot: 4, terms }.into(),
            Lapse { subject: Subject::Agreement, object, slot: 4 }.into(),
            Withdraw { object }.into(),
        ];
        for pinned in all {
            let fields = Fields::read(query(&of(&pinned)).as_bytes());
            let subject = pinned.subject().unwrap();
            assert_eq!(operation(subject, pinned.word(), object, &fields), Some(pinned));
        }
        assert_eq!(operation(Subject::Commitment, "accept", object, &Fields::default()), None);
        assert_eq!(operation(Subject::Agreement, "cancel", object, &Fields::default()), None);
        assert_eq!(operation(Subject::Commitment, "withdraw", object, &Fields::default()), None);
        assert_eq!(operation(Subject::Commitment, "genesis", object, &Fields::default()), None);
    }
}
