//! Taking up an invitation: the person chooses a passphrase, and is signed in.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::people::{PASSPHRASE_CHARS_MAX, PASSPHRASE_CHARS_MIN};
use node::{Passphrase, Person};

use super::outside::Outside;
use super::{Fault, entrance, shown};
use crate::error::{self, Trouble};
use crate::fields::PASSPHRASE;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

#[derive(Template)]
#[template(path = "page/invitation.html")]
struct Page {
    reader: Reader,
    /// The same page, without the language in front.
    here: String,
    heading: String,
    faulty: bool,
    person: Person,
    fault: Option<Fault>,
}

impl Page {
    fn role(&self) -> String {
        self.reader.say(&format!("role-{}", self.person.role.code()))
    }

    fn name(&self) -> String {
        calm(&self.person.name)
    }

    fn hint(&self) -> Markup {
        self.reader.count("passphrase-hint", PASSPHRASE_CHARS_MIN)
    }

    fn fault(&self, field: &str) -> Option<&Markup> {
        self.fault.as_ref().filter(|fault| fault.field == field).map(|fault| &fault.text)
    }
}

fn page(reader: Reader, secret: &str, person: Person, fault: Option<Fault>) -> Page {
    let (here, heading) = (format!("invitation/{secret}"), reader.say("invitation"));
    Page { reader, here, heading, faulty: fault.is_some(), person, fault }
}

/// What is wrong with a passphrase that is chosen.
fn fault(reader: Reader, passphrase: &str, again: &str) -> Option<Fault> {
    let count = passphrase.chars().count();
    let told = |id: &str, bound: usize| reader.tell(id, &[("count", count.into()), ("bound", bound.into())]);
    let (field, text) = if count < PASSPHRASE_CHARS_MIN {
        (PASSPHRASE, told("fault-passphrase-short", PASSPHRASE_CHARS_MIN))
    } else if count > PASSPHRASE_CHARS_MAX {
        (PASSPHRASE, told("fault-passphrase-long", PASSPHRASE_CHARS_MAX))
    } else if passphrase != again {
        ("again", Markup::isolating(&reader.say("fault-passphrase-differs")))
    } else {
        return None;
    };
    Some(Fault { field, text })
}

/// `GET /{lang}/invitation/{secret}`: uses nothing up, so that a program that looks at links does no harm.
pub(crate) async fn begin(
    outside: Outside,
    Path((_, secret)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let asked = secret.clone();
    let person = outside.desk.ask(move |node| node.invited(&asked)).await?.ok_or(Trouble::NoInvitation)?;
    shown(&page(outside.reader, &secret, person, None))
}

/// `POST /{lang}/invitation/{secret}`
pub(crate) async fn take(
    outside: Outside,
    Path((_, secret)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let (desk, reader) = (outside.desk, outside.reader);
    let fields = outside.form.unwrap_or_default();
    let asked = secret.clone();
    // Before anything is hashed, so that only whoever was invited has this machine work.
    let person = desk.ask(move |node| node.invited(&asked)).await?.ok_or(Trouble::NoInvitation)?;
    let passphrase = fields.first(PASSPHRASE).to_owned();
    if let Some(fault) = fault(reader, &passphrase, fields.first("again")) {
        return Ok(error::once_more(page(reader, &secret, person, Some(fault)).render()?));
    }
    let chosen = desk.hash(move || Passphrase::choose(&passphrase)).await??;
    let opened = desk.ask(move |node| node.take_invitation(&secret, &chosen)).await?;
    Ok(entrance::opened(&desk, reader.lang, &opened.ok_or(Trouble::NoInvitation)?))
}
