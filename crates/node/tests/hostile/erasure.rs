//! Words that one object names twice are gone when both entries are erased, however the erasures arrive.

use agreement::operation::{Dispute, Erase, Report};
use agreement::{Content, FieldTag, Operation, Terms};
use node::{Act, Node};
use oplog::{EntryId, ObjectId};

use crate::attacks::{held, naming, part, promised};
use crate::{Puppet, comment, refusal, terms, together};

fn submit(node: &mut Node, puppet: &Puppet, operation: Operation) {
    node.submit(Act { space: puppet.space, operation, content: None, request: None }).unwrap();
}

fn erase(object: ObjectId, entry: EntryId) -> Operation {
    Erase { object, entry }.into()
}

/// A commitment that the puppet reported twice in the same words, with the reports and the words.
fn reported_twice(node: &mut Node, puppet: &mut Puppet) -> (ObjectId, [EntryId; 2], Vec<u8>) {
    let object = promised(node, puppet);
    let promise = Terms::Commitment(terms(puppet.identity.party(), node.party()));
    let report = Report { object, terms: promise.hash(None) }.into();
    let words = Content::default().with(FieldTag::Note, "en", "it is done").to_bytes();
    let named = Content::reference(&words);
    let reports = [(); 2].map(|()| naming(node, puppet, &report, named).id());
    assert_eq!(reports.map(|report| refusal(node, puppet.space, report)), [None, None]);
    node.answer(puppet.node.public(), &[part(puppet.space, &words, 1)]).unwrap();
    assert_eq!(held(node, puppet, named.hash), (1, words.clone()));
    (object, reports, words)
}

#[test]
fn words_that_one_object_names_twice_are_gone_when_both_are_erased_in_order() {
    let (mut node, mut puppet) = together();
    let (object, reports, words) = reported_twice(&mut node, &mut puppet);
    let erased = reports.map(|report| puppet.next(&erase(object, report), Vec::new()));
    let hash = Content::reference(&words).hash;
    assert!(puppet.send(&mut node, &[&erased[0]]).is_empty());
    assert_eq!(held(&mut node, &puppet, hash).0, 1, "the other report stands");
    assert!(puppet.send(&mut node, &[&erased[1]]).is_empty());
    assert_eq!(held(&mut node, &puppet, hash), (3, Vec::new()));
}

#[test]
fn words_that_one_object_names_twice_are_gone_when_both_erasures_come_late() {
    let (mut node, mut puppet) = together();
    let (object, reports, words) = reported_twice(&mut node, &mut puppet);
    let erased = reports.map(|report| puppet.next(&erase(object, report), Vec::new()));
    // Deeper than what the puppet signed without having seen it, so that the commitment is folded again.
    for word in ["one", "two", "three"] {
        let content = Some(Content::default().with(FieldTag::Note, "en", word));
        let act = Act { space: puppet.space, operation: comment(puppet.space), content, request: None };
        node.submit(act).unwrap();
    }
    submit(&mut node, &puppet, Dispute { object, report: reports[0] }.into());
    assert!(puppet.send(&mut node, &[&erased[0], &erased[1]]).is_empty());
    let refused = erased.map(|entry| refusal(&node, puppet.space, entry.id()));
    assert_eq!(refused, [None, None]);
    assert_eq!(held(&mut node, &puppet, Content::reference(&words).hash), (3, Vec::new()));
}
