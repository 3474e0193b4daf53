//! Signing in by name and passphrase.

use askama::Template;
use axum::response::Response;

use super::outside::{Outside, unproven};
use super::{entrance, shown};
use crate::desk::Unproven;
use crate::error::{self, Trouble};
use crate::fields::PASSPHRASE;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

#[derive(Template)]
#[template(path = "page/sign_in.html")]
struct Page {
    reader: Reader,
    /// The same page, without the language in front.
    here: &'static str,
    heading: String,
    faulty: bool,
    name: String,
    fault: Option<Markup>,
}

fn page(reader: Reader, name: String, fault: Option<Markup>) -> Page {
    let (heading, faulty) = (reader.say("sign-in"), fault.is_some());
    Page { reader, here: "sign-in", heading, faulty, name: calm(&name), fault }
}

/// `GET /{lang}/sign-in`
pub(crate) async fn begin(outside: Outside) -> Result<Response, Trouble> {
    shown(&page(outside.reader, String::new(), None))
}

/// `POST /{lang}/sign-in`
pub(crate) async fn take(outside: Outside) -> Result<Response, Trouble> {
    let (desk, reader) = (outside.desk, outside.reader);
    let fields = outside.form.unwrap_or_default();
    let name = fields.words("name");
    let proven = desk.prove(name.clone(), outside.from, fields.first(PASSPHRASE).to_owned()).await?;
    let opened = match proven {
        // An account that was closed in this very moment is told what a wrong name is told.
        Ok(proven) => desk.ask(move |node| node.sign_in(&proven)).await?.ok_or(Unproven::Wrong),
        Err(why) => Err(why),
    };
    match opened {
        Ok(session) => Ok(entrance::opened(&desk, reader.lang, &session)),
        Err(why) => {
            let fault = unproven(reader, why, "fault-sign-in");
            Ok(error::once_more(page(reader, name, Some(fault)).render()?))
        }
    }
}
