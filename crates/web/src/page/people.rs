//! The party's people: who there is, in which role; adding, inviting, changing and removing them.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::{NodeError, Person, PersonId, Proven, Role};

use super::outside::unproven;
use super::shown;
use crate::error::{self, Trouble};
use crate::fields::{Fields, PASSPHRASE, STEP};
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;
use crate::visit::{Frame, Visit};

/// The zone of the times.
const ZONE: &str = "UTC";

/// One of the people, as the page shows it.
struct Shown {
    id: PersonId,
    name: String,
    role: Role,
    waiting: bool,
    until: Option<Markup>,
    is_own: bool,
    governed: bool,
}

/// What was typed into the form for a new person.
#[derive(Default)]
struct Typed {
    name: String,
    role: String,
}

/// What a change led to.
#[derive(Default)]
struct Told {
    /// Why nothing was changed.
    fault: Option<Markup>,
    /// A link to hand over, and to whom.
    link: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "page/people.html")]
struct Page {
    frame: Frame,
    people: Vec<Shown>,
    roles: Vec<Role>,
    typed: Typed,
    told: Told,
}

impl Page {
    fn role(&self, role: &Role) -> String {
        self.frame.reader.say(&format!("role-{}", role.code()))
    }

    fn hint(&self, role: &Role) -> String {
        self.frame.reader.say(&format!("role-hint-{}", role.code()))
    }
}

async fn page(visit: &Visit, typed: Typed, told: Told) -> Result<Page, Trouble> {
    let (reader, visitor) = (visit.reader, visit.visitor.clone());
    let asked = visit.desk.ask(move |node| Ok((node.people_for(&visitor)?, node.name().to_owned())));
    let (people, party) = asked.await?;
    let own = visit.visitor.person();
    let one = |person: Person| Shown {
        id: person.id,
        name: calm(&person.name),
        role: person.role,
        waiting: !person.can_sign_in,
        until: person.until_ms.map(|until_ms| reader.moment(&until_ms, ZONE)),
        is_own: person.id == own.id,
        governed: person.id != own.id && own.role.governs(person.role),
    };
    let mut frame = visit.frame(reader.say("people"), party);
    frame.faulty = told.fault.is_some();
    let roles = Role::ALL.into_iter().filter(|role| own.role.governs(*role)).collect();
    Ok(Page { frame, people: people.into_iter().map(one).collect(), roles, typed, told })
}

async fn answer(visit: &Visit, typed: Typed, told: Told) -> Result<Response, Trouble> {
    let page = page(visit, typed, told).await?;
    if page.told.fault.is_some() { Ok(error::once_more(page.render()?)) } else { shown(&page) }
}

/// Whoever changes who there is proves to be the one who signed in.
async fn prove(visit: &Visit, fields: &Fields) -> Result<Result<Proven, Markup>, Trouble> {
    let name = visit.visitor.person().name.clone();
    let proven = visit.desk.prove(name, visit.from, fields.first(PASSPHRASE).to_owned()).await?;
    Ok(proven.map_err(|why| unproven(visit.reader, why, "fault-passphrase-wrong")))
}

/// `GET /{lang}/people`
pub(crate) async fn show(visit: Visit) -> Result<Response, Trouble> {
    answer(&visit, Typed::default(), Told::default()).await
}

/// `POST /{lang}/people`: adds a person and shows the invitation's link.
pub(crate) async fn add(visit: Visit) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let typed = Typed { name: calm(&fields.words("name")), role: fields.words("role") };
    let role = Role::of_code(&typed.role).ok_or(Trouble::Unreadable)?;
    let proven = match prove(&visit, &fields).await? {
        Ok(proven) => proven,
        Err(fault) => return answer(&visit, typed, Told { fault: Some(fault), link: None }).await,
    };
    let (visitor, name) = (visit.visitor.clone(), typed.name.clone());
    let added = visit.desk.ask(move |node| {
        node.note_proven(&proven)?;
        let may = node.manage_people(&visitor, &proven)?;
        match node.add_person(&may, &name, role) {
            Ok(id) => Ok(Ok(node.invite_person(&may, id)?)),
            Err(NodeError::People(_)) => Ok(Err(())),
            Err(why) => Err(why),
        }
    });
    match added.await? {
        Ok(secret) => {
            let link = visit.desk.invitation_link(visit.reader.lang, &secret);
            let told = Told { fault: None, link: Some((calm(&typed.name), link)) };
            answer(&visit, Typed::default(), told).await
        }
        Err(()) => {
            let fault = Markup::isolating(&visit.reader.say("fault-person-name"));
            answer(&visit, typed, Told { fault: Some(fault), link: None }).await
        }
    }
}

/// `POST /{lang}/people/{person}`: invites anew, changes the role, or removes.
pub(crate) async fn change(
    visit: Visit,
    Path((_, person)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let fields = visit.form.clone().unwrap_or_default();
    let id: PersonId = person.parse().map_err(|_| Trouble::Missing)?;
    let role = Role::of_code(fields.first("role"));
    let step = fields.first(STEP).to_owned();
    let proven = match prove(&visit, &fields).await? {
        Ok(proven) => proven,
        Err(fault) => {
            return answer(&visit, Typed::default(), Told { fault: Some(fault), link: None }).await;
        }
    };
    let visitor = visit.visitor.clone();
    let done = visit.desk.ask(move |node| {
        node.note_proven(&proven)?;
        let may = node.manage_people(&visitor, &proven)?;
        let name = node.people(&may)?.into_iter().find(|person| person.id == id).map(|person| person.name);
        let secret = match (step.as_str(), role) {
            ("invite", _) => Some(node.invite_person(&may, id)?),
            ("remove", _) => node.remove_person(&may, id).map(|()| None)?,
            ("role", Some(role)) => node.set_role(&may, id, role).map(|()| None)?,
            _ => return Err(NodeError::NoSuch("step")),
        };
        Ok(secret.map(|secret| (name.unwrap_or_default(), secret)))
    });
    let link = done.await?;
    let link =
        link.map(|(name, secret)| (calm(&name), visit.desk.invitation_link(visit.reader.lang, &secret)));
    answer(&visit, Typed::default(), Told { fault: None, link }).await
}

/// What a role is called.
pub(super) fn role_name(reader: Reader, code: &str) -> Option<String> {
    Role::of_code(code).map(|role| reader.say(&format!("role-{}", role.code())))
}
