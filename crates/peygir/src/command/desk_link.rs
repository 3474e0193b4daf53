//! `desk-link`: a fresh link that opens the desk in a browser.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::desk;
use crate::failure::{Failure, Result};
use crate::folder::Folder;
use crate::request::Done;

/// Print a link that opens the desk in a browser on this machine, once and within an hour
///
/// Example: `peygir desk-link --language fa`. A node must serve its desk: `peygir serve --desk`.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct DeskLink {
    /// The language of the pages: en or fa
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
}

impl DeskLink {
    pub(crate) fn carry_out(self, _shared: &Shared, _folder: &Folder) -> Result<Done> {
        let lang = self.language.parse().map_err(|why: web::NoSuchLang| Failure::usage(why.to_string()))?;
        let desk = desk::opened().ok_or_else(|| {
            Failure::not_found("this node serves no desk").hint("start it with peygir serve --desk")
        })?;
        let link = desk.link(lang);
        Ok(Done::line(link.clone(), json!({ "link": link })))
    }
}
