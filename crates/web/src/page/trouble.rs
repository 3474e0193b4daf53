//! The page that says what went wrong and what to do; to whoever is outside, how to get in.

use askama::Template;
use axum::response::{IntoResponse as _, Response};

use crate::error::{self, Trouble};
use crate::lang::Lang;
use crate::markup::Markup;
use crate::reader::Reader;

/// What one language says of it.
struct Said {
    reader: Reader,
    heading: String,
    text: String,
    /// What the machine said, for whoever is asked for help.
    detail: Option<Markup>,
}

#[derive(Template)]
#[template(path = "page/trouble.html")]
struct Page {
    reader: Reader,
    said: Vec<Said>,
    /// Whether signing in is what helps.
    entrance: bool,
}

/// The message of each trouble, without its ending.
fn id(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Missing => "trouble-missing",
        Trouble::OtherHost => "trouble-host",
        Trouble::NoSession => "trouble-session",
        Trouble::NotAllowed => "trouble-not-allowed",
        Trouble::NoInvitation => "trouble-invitation",
        Trouble::Foreign => "trouble-foreign",
        Trouble::Forged => "trouble-token",
        Trouble::Unreadable => "trouble-unreadable",
        Trouble::TooLarge => "trouble-large",
        Trouble::TooSlow => "trouble-slow",
        Trouble::NotNow => "trouble-not-now",
        Trouble::Busy => "trouble-busy",
        Trouble::Failed(_) => "trouble-failed",
    }
}

/// The page. Whoever is outside reads it in every language, as nobody has chosen one yet.
pub(crate) fn page(reader: Reader, trouble: &Trouble) -> Response {
    let entrance = matches!(trouble, Trouble::NoSession | Trouble::NoInvitation);
    let mut readers = vec![reader];
    if entrance {
        readers.extend(Lang::ALL.into_iter().filter(|lang| *lang != reader.lang).map(|lang| Reader { lang }));
    }
    let detail = if let Trouble::Failed(why) = trouble { Some(Markup::text(why)) } else { None };
    let said = readers.into_iter().map(|reader| Said {
        reader,
        heading: reader.say(&format!("{}-heading", id(trouble))),
        text: reader.say(&format!("{}-text", id(trouble))),
        detail: detail.clone(),
    });
    let page = Page { reader, said: said.collect(), entrance };
    match page.render() {
        Ok(page) => error::troubled(trouble, page),
        Err(why) => Trouble::Failed(why.to_string()).into_response(),
    }
}
