//! What a person is about to sign: shown whole before it is signed, and signed as it was shown.

use agreement::{Content, Operation};
use askama::Template;
use axum::response::{IntoResponse as _, Redirect, Response};
use node::oplog::SpaceId;
use node::{Act, NodeError};

use super::outside::unproven;
use super::{Row, drafts, file, shown, signed};
use crate::error::{self, Trouble};
use crate::fields::{Fields, PASSPHRASE, REQUEST, STEP};
use crate::markup::Markup;
use crate::refusal;
use crate::visit::{Frame, Visit};

/// The longest idempotency id that a form may carry.
const REQUEST_CHARS_MAX: usize = 64;

/// What the button of a form asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// To see it before it is signed.
    Preview,
    /// To go back to the form and change it.
    Edit,
    /// To sign it.
    Sign,
    /// To keep it as a draft.
    Keep,
}

/// What the button of a form asked for; whatever is not known is only looked at.
pub(super) fn wanted(fields: &Fields) -> Wanted {
    match fields.first(STEP) {
        "sign" => Wanted::Sign,
        "edit" => Wanted::Edit,
        "keep" => Wanted::Keep,
        _ => Wanted::Preview,
    }
}

/// Whether a form's idempotency id is one.
pub(super) fn is_sound(request: &str) -> bool {
    !request.is_empty()
        && request.len() <= REQUEST_CHARS_MAX
        && request.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// What a person is about to sign.
pub(super) struct Proposal {
    pub(super) space: SpaceId,
    pub(super) operation: Operation,
    pub(super) content: Option<Content>,
    /// Our party's name.
    pub(super) party: String,
    /// What the signature says, in one sentence.
    pub(super) statement: Markup,
    pub(super) rows: Vec<Row>,
    /// What follows from it.
    pub(super) consequence: String,
    /// Whether it ends something.
    pub(super) grave: bool,
}

#[derive(Template)]
#[template(path = "page/preview.html")]
struct Page<'a> {
    frame: Frame,
    proposal: &'a Proposal,
    carried: Vec<(String, String)>,
    fault: Option<Markup>,
}

/// The page before the signature.
pub(super) fn preview(
    visit: &Visit,
    proposal: &Proposal,
    fields: &Fields,
    fault: Option<Markup>,
) -> Result<Response, Trouble> {
    let mut frame = visit.frame(visit.reader.say("preview"), proposal.party.clone());
    frame.faulty = fault.is_some();
    let page = Page { frame, proposal, carried: fields.carried(), fault };
    if page.fault.is_some() { Ok(error::once_more(page.render()?)) } else { shown(&page) }
}

/// Signs for whoever proves by the passphrase to be the one who signed in, and leads to the page that says so. The same form sent twice leads there twice and is signed once.
pub(super) async fn sign(visit: &Visit, proposal: Proposal, fields: &Fields) -> Result<Response, Trouble> {
    let request = fields.first(REQUEST);
    if !is_sound(request) {
        return Err(Trouble::Unreadable);
    }
    let act = Act {
        space: proposal.space,
        operation: proposal.operation.clone(),
        content: proposal.content.clone(),
        request: Some(request.to_owned()),
    };
    let name = visit.visitor.person().name.clone();
    let proven = match visit.desk.prove(name, visit.from, fields.first(PASSPHRASE).to_owned()).await? {
        Ok(proven) => proven,
        Err(why) => {
            let fault = unproven(visit.reader, why, "fault-passphrase-wrong");
            return preview(visit, &proposal, fields, Some(fault));
        }
    };
    match visit.desk.sign(visit.visitor.clone(), proven, act).await? {
        Ok(_) => {
            file::forget(visit, fields).await?;
            drafts::forget(visit, fields).await?;
            Ok(Redirect::to(&visit.to(&format!("signed/{request}"))).into_response())
        }
        Err(NodeError::RequestReused) => Ok(error::done_otherwise(signed::page(visit, request, true).await?)),
        Err(why) => match refusal::not_signed(visit.reader, &why) {
            Some(fault) => preview(visit, &proposal, fields, Some(fault)),
            None => Err(why.into()),
        },
    }
}
