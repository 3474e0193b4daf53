//! What the verbs that sign have in common: finding what they are about, the request id, the receipt.

use node::agreement::{Content, FieldTag, Operation};
use node::ask::CommitmentView;
use node::oplog::{ObjectId, SpaceId};
use node::{Act, Authorized, Node, NodeError, Receipt, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::find::{self, Table};
use crate::request::{Done, Once};

/// The arguments of a verb about one object.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct About {
    /// The object, by the first digits of its id
    pub(crate) object: String,
    /// Words that go with it
    #[arg(long)]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    pub(crate) once: Once,
}

/// A content that holds a note, if there is one.
pub(crate) fn noted(note: Option<&str>) -> Option<Content> {
    note.map(|note| Content::default().with(FieldTag::Note, "", note))
}

/// What a receipt looks like.
pub(crate) fn receipt(word: &str, receipt: Receipt, once: &Once) -> Done {
    let object = receipt.object.map(|object| object.to_string());
    let lines = [
        Some(format!("{word}: signed")),
        object.as_ref().map(|object| format!("  object  {object}")),
        Some(format!("  entry   {}", receipt.entry)),
        Some(format!("  request {}", once.id)),
    ];
    Done {
        lines: lines.into_iter().flatten().collect(),
        data: json!({ "done": word, "object": object, "entry": receipt.entry.to_string(), "request": once.id }),
    }
}

/// Signs an operation that is the same however often it is asked for.
pub(crate) fn sign(
    shared: &Shared,
    once: &Once,
    space: SpaceId,
    operation: Operation,
    content: Option<Content>,
) -> Result<Done> {
    let word = operation.word();
    // Whoever reaches the control socket has the folder, and so the keys.
    let act = Act { space, operation, content, request: Some(once.id.clone()) };
    let signed = shared.submit(Authorized::by_operator(act))?;
    Ok(receipt(word, signed, once))
}

/// Signs an operation about an object that is worked out from where the object stands. When the request was carried
/// out before, where it stands has moved on, so the receipt is given without working it out again.
pub(crate) fn sign_over<V>(
    shared: &Shared,
    once: &Once,
    word: &str,
    load: impl FnOnce(&mut Node) -> Result<(SpaceId, ObjectId, V)>,
    build: impl FnOnce(&mut Node, &V) -> Result<(Operation, Option<Content>)>,
) -> Result<Done> {
    let (space, operation, content) = {
        let mut node = shared.lock();
        let (space, object, view) = load(&mut node)?;
        if let Some((before, kind)) = node.done_before(&once.id)? {
            let same = agreement::operation::word(kind) == word && before.object == Some(object);
            return if same { Ok(receipt(word, before, once)) } else { Err(NodeError::RequestReused.into()) };
        }
        let (operation, content) = build(&mut node, &view)?;
        (space, operation, content)
    };
    sign(shared, once, space, operation, content)
}

/// The same about a commitment.
pub(crate) fn sign_about(
    shared: &Shared,
    object: &str,
    once: &Once,
    word: &str,
    build: impl FnOnce(&mut Node, &CommitmentView) -> Result<(Operation, Option<Content>)>,
) -> Result<Done> {
    let load = |node: &mut Node| {
        let view = find::commitment(node, object)?;
        Ok((view.space, view.id, view))
    };
    sign_over(shared, once, word, load, build)
}

/// The same about whatever is balloted in rounds.
pub(crate) fn sign_on_table(
    shared: &Shared,
    object: &str,
    once: &Once,
    word: &str,
    build: impl FnOnce(&Table) -> Result<(Operation, Option<Content>)>,
) -> Result<Done> {
    let load = |node: &mut Node| {
        let table = find::table(node, object)?;
        Ok((table.space, table.object, table))
    };
    sign_over(shared, once, word, load, |_, table| build(table))
}
