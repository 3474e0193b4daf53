//! `matches`: what our party can do and others lack, and the other way round.

use node::agreement::FieldTag;
use node::ask::Declared;
use node::oplog::PartyId;
use node::{Node, Shared};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::Result;
use crate::find;
use crate::folder::Folder;
use crate::layout::{self, Names};
use crate::request::Done;

/// Show which of your needs others' capabilities meet, and which of your capabilities others need
///
/// Two meet when they are of the same field, or one is of a group and the other of a field in it. Each match stands with
/// the offer that it could become.
///
/// Example: `peygir matches --space "Joint commission"`. What you can do or lack is said with `peygir declare`.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Matches {
    /// The space, by name or id; needed when there are several
    #[arg(long)]
    space: Option<String>,
}

impl Matches {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let _ = folder;
        let mut node: std::sync::MutexGuard<'_, Node> = shared.lock();
        let space = find::space(&mut node, self.space.as_deref())?;
        let names = node::ask::names(&node.parties(space)?);
        let own = node.seat(space)?;
        let matches = node.matches(space)?;
        let (mut lines, mut met) = (Vec::new(), Vec::new());
        for one in &matches.met {
            let how = if one.exact { "the same field" } else { "one field lies within the other" };
            lines.push(format!("{}  meets  {}", one.need.id.short(), one.capability.id.short()));
            lines.push(format!("    need        {}", line(&one.need, &names)));
            lines.push(format!("    capability  {}", line(&one.capability, &names)));
            lines.push(format!("    because     {how}"));
            lines.push(format!("    {}", offer(&one.capability, &one.need, own)));
            met.push(json!({
                "need": data(&one.need), "capability": data(&one.capability), "exact": one.exact,
                "debtor": one.capability.party.to_string(), "creditor": one.need.party.to_string(),
            }));
        }
        if met.is_empty() {
            lines.push(
                "nothing of yours meets anything of others: peygir declare says what you can do or lack"
                    .to_owned(),
            );
        }
        if !matches.unmet.is_empty() {
            lines.push("without a match:".to_owned());
        }
        for one in &matches.unmet {
            lines.push(format!("    {:<10}  {}  {}", one.sort.name(), one.id.short(), line(one, &names)));
        }
        if matches.cut {
            lines.push("there may be more than was looked at".to_owned());
        }
        let unmet: Vec<_> = matches.unmet.iter().map(data).collect();
        Ok(Done { lines, data: json!({ "met": met, "unmet": unmet, "cut": matches.cut }) })
    }
}

fn title(declared: &Declared) -> &str {
    let content = declared.content.as_ref();
    content.and_then(|content| content.text(FieldTag::Title, "en")).unwrap_or_default()
}

fn line(declared: &Declared, names: &Names) -> String {
    let field = declared.field.map_or_else(String::new, |field| format!("{field} {}: ", field.name()));
    layout::plain(&format!("{field}{} ({})", title(declared), layout::name(names, declared.party)))
}

/// The command that makes an offer of a match.
fn offer(capability: &Declared, need: &Declared, own: PartyId) -> String {
    let party = |party: PartyId| if party == own { "me".to_owned() } else { party.short() };
    format!(
        "peygir offer --debtor {} --creditor {} --due DAY --zone ZONE --title TITLE --reason \"meets need {} with capability {}\"",
        party(capability.party),
        party(need.party),
        need.id,
        capability.id,
    )
}

fn data(declared: &Declared) -> Value {
    json!({
        "id": declared.id.to_string(), "sort": declared.sort.name(), "party": declared.party.to_string(),
        "field": declared.field.map(|field| field.code()), "title": title(declared),
    })
}
