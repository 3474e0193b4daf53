//! A small space of two nodes that do nothing wrong: the first thing to read for a second implementation.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use agreement::operation::{Comment, Offer};
use agreement::{Closure, CommitmentTerms, Content, Due, FieldTag, Rules, Tag, Terms};
use node::{Act, Clock, Entropy, Keys, Mark, Node, NodeError};
use oplog::SpaceId;
use oplog::sync::Frame;
use store::Store;

fn party(name: &str, seed: u8) -> Result<Node, NodeError> {
    let clock = Clock::Set(Arc::new(AtomicU64::new(1_790_000_000_000)));
    let entropy = Entropy::Seeded([seed; 32], 0);
    let made = Node::create(Store::in_memory()?, Keys::in_memory(), Mark::memory(), clock, entropy, name);
    Ok(made?.0)
}

fn sync(space: SpaceId, asking: &mut Node, answering: &mut Node) -> Result<(), NodeError> {
    let (a, b) = (asking.node_key()?, answering.node_key()?);
    let mut message = asking.greet(space, b)?;
    while !message.is_empty() {
        let answer = answering.answer(a, &message)?;
        message = asking.exchange(b, &answer.frames)?.frames;
    }
    Ok(())
}

fn terms(debtor: &Node, creditor: &Node, day: i32) -> CommitmentTerms {
    CommitmentTerms {
        tag: Tag::New,
        debtor: debtor.party(),
        creditors: vec![creditor.party()],
        closure: Closure::All,
        due: Due { day, zone: "Asia/Tehran".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    }
}

/// The space as a bundle.
pub(crate) fn bundle() -> Result<Vec<u8>, NodeError> {
    let (mut a, mut b) = (party("Alfa", 1)?, party("Beta", 2)?);
    let space = a.found("Sample", Rules::default())?;
    let invitation = a.invite(space, "http://127.0.0.1:1")?;
    let join = b.join(&invitation, "Sample", "")?;
    a.answer(b.node_key()?, &[Frame::Join(join)])?;
    a.admit(space, b.party(), None)?;
    sync(space, &mut b, &mut a)?;
    for round in 0..12_i32 {
        let content = Content::default().with(FieldTag::Title, "en", &format!("Deliverable {round}"));
        let offered = Terms::Commitment(terms(&b, &a, 20_800 + round));
        let offer = Offer { object: None, slot: 0, terms: offered }.into();
        let receipt =
            a.submit(Act { space, operation: offer, content: Some(content.clone()), request: None })?;
        let object = receipt.object.ok_or(NodeError::NoSuch("object"))?;
        sync(space, &mut a, &mut b)?;
        // Each round walks one step further, every time with the first move that the rules allow to either side.
        for step in 0..round {
            let node = if step % 2 == 0 { &mut b } else { &mut a };
            let moves: Vec<_> =
                node.commitment(object)?.moves.into_iter().filter_map(|step| step.operation).collect();
            if let Some(operation) = moves.get(usize::from(round % 3 == 2).min(moves.len().saturating_sub(1)))
            {
                let content = Some(Content::default().with(FieldTag::Note, "en", "as agreed"));
                node.submit(Act { space, operation: operation.clone(), content, request: None })?;
            }
            sync(space, &mut b, &mut a)?;
            a.acknowledge()?;
            b.acknowledge()?;
            sync(space, &mut b, &mut a)?;
        }
    }
    let comment = Comment { about: space.into() }.into();
    let content = Some(Content::default().with(FieldTag::Note, "fa", "\u{67e}\u{6cc}\u{6af}\u{6cc}\u{631}"));
    a.submit(Act { space, operation: comment, content, request: None })?;
    b.enrol(space)?;
    sync(space, &mut b, &mut a)?;
    a.acknowledge()?;
    sync(space, &mut b, &mut a)?;
    let mut file = Vec::new();
    a.write_bundle(space, &mut file)?;
    Ok(file)
}
