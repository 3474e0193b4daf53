//! A person's own sessions: where one is signed in, and the button that ends it.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use node::SessionView;

use super::shown;
use crate::error::Trouble;
use crate::markup::Markup;
use crate::visit::{Frame, Visit};

/// The zone of the times.
const ZONE: &str = "UTC";

#[derive(Template)]
#[template(path = "page/sessions.html")]
struct Page {
    frame: Frame,
    role: String,
    sessions: Vec<SessionView>,
}

impl Page {
    fn moment(&self, ms: &u64) -> Markup {
        self.frame.reader.moment(ms, ZONE)
    }
}

/// `GET /{lang}/sessions`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let visitor = visit.visitor.clone();
    let asked = visit.desk.ask(move |node| Ok((node.sessions(&visitor)?, node.name().to_owned())));
    let (sessions, party) = asked.await?;
    let role = visit.reader.say(&format!("role-{}", visit.visitor.person().role.code()));
    shown(&Page { frame: visit.frame(visit.reader.say("sessions"), party), role, sessions })
}

/// `POST /{lang}/sessions/{session}/end`
pub(crate) async fn end(
    visit: Visit,
    Path((_, session)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let visitor = visit.visitor.clone();
    visit.desk.ask(move |node| node.end_session(&visitor, &session)).await?;
    Ok(Redirect::to(&visit.to("sessions")).into_response())
}
