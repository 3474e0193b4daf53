//! The spaces that this node is in.

use askama::Template;
use axum::response::Response;
use node::ask::SpaceView;

use super::shown;
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

#[derive(Template)]
#[template(path = "page/spaces.html")]
struct Page {
    frame: Frame,
    spaces: Vec<SpaceView>,
}

/// `GET /{lang}/spaces`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    let asked = visit.desk.ask(|node| {
        let spaces =
            node.space_ids().into_iter().map(|id| node.space(id)).collect::<node::Result<Vec<_>>>()?;
        Ok((spaces, node.name().to_owned()))
    });
    let (spaces, party) = asked.await?;
    shown(&Page { frame: visit.frame(visit.reader.say("spaces"), party), spaces })
}

impl Page {
    fn parties(&self, space: &SpaceView) -> Markup {
        self.frame.reader.count("space-parties", space.parties.len())
    }

    fn name(space: &SpaceView) -> String {
        calm(&space.name)
    }

    fn id(space: &SpaceView) -> Markup {
        Markup::id(space.id)
    }
}
