//! `terminate`: the offer to end an agreement by consent.

use node::agreement::operation::Offer;
use node::agreement::{AgreementTag, AgreementTerms, Content, FieldTag, Refusal, Terms};
use node::{Node, Shared};
use serde::{Deserialize, Serialize};

use crate::act::sign_over;
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};

/// Offer to end an agreement; it ends when every party has signed that
///
/// Example: `peygir terminate 3f2a9c41 --reason "the works are done"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Terminate {
    /// The agreement, by the first digits of its id
    object: String,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Terminate {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let load = |node: &mut Node| {
            let view = node.agreement(find::object(node, &self.object)?)?;
            Ok((view.space, view.id, view))
        };
        sign_over(shared, &self.once, "offer", load, |_, view| {
            let held = view.record.in_force().ok_or(Refusal::NotInForce)?;
            let terms = AgreementTerms { tag: AgreementTag::Terminate, reply_by: None, ..held.terms.clone() };
            let slot = view.record.ballot.slots.len() as u64;
            let offer = Offer { object: Some(view.id), slot, terms: Terms::Agreement(terms) };
            let titles = view.content.iter().flat_map(|content| &content.fields);
            let titles = titles.filter(|field| field.tag == FieldTag::Title).cloned().collect();
            let content = Content { fields: titles, ..Content::default() };
            Ok((offer.into(), Some(content.with(FieldTag::Reason, "", &self.reason))))
        })
    }
}
