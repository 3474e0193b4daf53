//! `person`: who may use the desk, and in which role.

mod add;
mod invite;
mod list;
mod remove;
mod role;

use clap::Subcommand;
use node::{Authorized, ManagePeople, Node, Person as One, Role, Shared};
use serde::{Deserialize, Serialize};

use crate::desk;
use crate::failure::{Failure, Result};
use crate::folder::Folder;
use crate::request::Done;

/// Say who may use the desk, and in which role
///
/// Example: `peygir person add "Minister's office" --role head` prints a link by which that person chooses a passphrase.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Person {
    #[command(subcommand)]
    what: What,
}

/// What is done about people.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Add(add::Add),
    List(list::List),
    Role(role::Role),
    Remove(remove::Remove),
    Invite(invite::Invite),
}

impl Person {
    pub(crate) fn carry_out(self, shared: &Shared, _folder: &Folder) -> Result<Done> {
        // Whoever reaches the control socket has the folder, and so the keys.
        let may = Authorized::by_operator(ManagePeople);
        match self.what {
            What::Add(verb) => verb.carry_out(shared, &may),
            What::List(verb) => verb.carry_out(shared, &may),
            What::Role(verb) => verb.carry_out(shared, &may),
            What::Remove(verb) => verb.carry_out(shared, &may),
            What::Invite(verb) => verb.carry_out(shared, &may),
        }
    }
}

/// A role by its code.
fn role_of(code: &str) -> Result<Role> {
    Role::of_code(code).ok_or_else(|| {
        let codes = Role::ALL.map(Role::code).join(", ");
        Failure::usage(format!("there is no role {code}")).hint(format!("the roles are {codes}"))
    })
}

/// A person by name.
fn named(node: &Node, may: &Authorized<ManagePeople>, name: &str) -> Result<One> {
    let found = node.people(may)?.into_iter().find(|person| person.name == name.trim());
    found.ok_or_else(|| {
        Failure::not_found(format!("nobody here is called {name}")).hint("peygir person list shows who is")
    })
}

/// The link by which whoever has an invitation's secret chooses a passphrase.
fn link(secret: &str, language: &str) -> Result<String> {
    let lang = language.parse().map_err(|why: web::NoSuchLang| Failure::usage(why.to_string()))?;
    Ok(desk::invitation_link(lang, secret))
}
