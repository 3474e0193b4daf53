//! A space: its parties, what they have received, whether this node may sign here, and ballots.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Node;
use node::oplog::SpaceId;

use super::names::Names;
use super::shown;
use crate::error::Trouble;
use crate::markup::Markup;
use crate::messages::calm;
use crate::visit::{Frame, Visit};

/// The zone of the times: the space is of all parties.
const ZONE: &str = "UTC";

struct Party {
    name: Markup,
    id: Markup,
    member: String,
    receipt: Option<Markup>,
}

struct Ballot {
    what: String,
    about: Option<Markup>,
    state: String,
    awaited: Option<Markup>,
    /// The addresses at which to vote, if our vote is missing.
    votes: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "page/space.html")]
struct Page {
    frame: Frame,
    space: SpaceId,
    parties: Vec<Party>,
    applicants: Vec<(String, Markup)>,
    ballots: Vec<Ballot>,
    unwilling: Option<Markup>,
    undelivered: Markup,
    forked: Vec<Markup>,
    facts: Vec<(String, Markup)>,
}

/// `GET /{lang}/spaces/{space}`
pub(crate) async fn show(
    visit: Visit,
    Path((_, space)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let space: SpaceId = space.parse().map_err(|_| Trouble::Missing)?;
    let reader = visit.reader;
    let asked = visit.desk.ask(move |node: &mut Node| {
        let names = Names::of_space(node, space, reader)?;
        Ok((node.space(space)?, names, node.applicants(space)?, node.name().to_owned()))
    });
    let (view, names, applicants, own) = asked.await?;
    let receipt = |id| view.receipts.iter().find(|(party, _)| *party == id).map(|(_, at_ms)| *at_ms);
    let party = |party: &node::ask::PartyView| Party {
        name: names.of(party.id),
        id: Markup::code(&party.id.to_string()),
        member: reader.say(if party.member { "member" } else { "former-member" }),
        receipt: receipt(party.id).map(|at_ms| reader.moment(&at_ms, ZONE)),
    };
    let ballot = |ballot: &node::ask::BallotView| {
        let vote = |verb| visit.to(&format!("spaces/{space}/ballots/{}/{verb}", ballot.id));
        let open = !ballot.awaited.is_empty();
        Ballot {
            what: reader.say(&format!("ballot-{}", ballot.what)),
            about: ballot.about.map(|party| names.of(party).and(&Markup::id(party))),
            state: reader.say(if ballot.won { "ballot-won" } else { "ballot-open" }),
            awaited: open.then(|| names.listed(ballot.awaited.iter().copied())),
            votes: ballot.awaited.contains(&names.own).then(|| (vote("accept"), vote("decline"))),
        }
    };
    let page = Page {
        space,
        parties: view.parties.iter().map(party).collect(),
        applicants: applicants
            .into_iter()
            .map(|one| (calm(&one.name), Markup::code(&one.party.to_string())))
            .collect(),
        ballots: view.ballots.iter().rev().map(ballot).collect(),
        unwilling: view.will_not_sign.as_deref().map(|why| crate::refusal::unwilling(reader, why)),
        undelivered: reader.tell("undelivered", &[("count", view.undelivered.into())]),
        forked: view.forked.iter().map(Markup::id).collect(),
        facts: vec![
            (reader.say("digest"), Markup::code(&view.digest.to_string())),
            (reader.say("space-id"), Markup::code(&space.to_string())),
            (reader.say("epoch"), Markup::isolating(&reader.number(view.epoch))),
            (reader.say("level"), Markup::isolating(&reader.number(view.level))),
        ],
        frame: visit.frame(view.name, own),
    };
    shown(&page)
}
