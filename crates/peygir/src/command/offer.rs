//! `offer`: terms on the table, of a new commitment or as a change of one that is there.

use node::Shared;
use node::agreement::{CommitmentTerms, Refusal, Tag, Terms, operation};
use serde::{Deserialize, Serialize};

use crate::act::{sign, sign_about};
use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::request::{Done, Once};
use crate::terms::Stated;

/// Put terms on the table
///
/// Example: `peygir offer --debtor "Belarusian Railway" --creditor me --due 2026-12-31 --zone Asia/Tehran --title
/// "Deliver 12 locomotives"`. A change of what is in force: `peygir offer --object 3f2a9c41 --tag reschedule
/// --due-jalali 1405/12/29 --reason "the works froze"`, where everything not stated stays as it is.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Offer {
    /// The space of a new commitment
    #[arg(long, conflicts_with = "object")]
    space: Option<String>,
    /// The commitment to change
    #[arg(long)]
    object: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    stated: Stated,
    #[command(flatten)]
    #[serde(flatten)]
    once: Once,
}

impl Offer {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        let Some(object) = &self.object else { return self.found(shared) };
        sign_about(shared, object, &self.once, "offer", |node, view| {
            let in_force = view.record.in_force();
            let shown = view.record.shown().ok_or(Refusal::NoSuchObject)?;
            let tag = if in_force.is_some() { Tag::Amend } else { Tag::New };
            let base: &CommitmentTerms = &shown.terms;
            let (terms, content) = self.stated.over(node, view.space, base, view.content.as_ref(), tag)?;
            let slot = view.record.ballot.slots.len() as u64;
            let offer = operation::Offer { object: Some(view.id), slot, terms: Terms::Commitment(terms) };
            Ok((offer.into(), Some(content)))
        })
    }

    fn found(&self, shared: &Shared) -> Result<Done> {
        let (space, terms, content) = {
            let mut node = shared.lock();
            let space = find::space(&mut node, self.space.as_deref())?;
            let (terms, content) = self.stated.first(&mut node, space)?;
            (space, terms, content)
        };
        let offer = operation::Offer { object: None, slot: 0, terms: Terms::Commitment(terms) };
        sign(shared, &self.once, space, offer.into(), Some(content))
    }
}
