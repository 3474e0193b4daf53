//! Every verb that asks or changes a node, as one type: the command line makes it, a node carries it out.

use clap::Subcommand;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::command::{
    accept, admit, agree, agreements, applicants, attach, ballot, bundle, cancel, comment, confirm, convene,
    counter, decline, dispute, doctor, enrol, erase, fork_proof, found, inbox, invite, join, lapse, leave,
    list, log, meetings, minutes, offer, pass, person, rebuild, release, renew_guardian, report, revoke,
    satisfy, save, show, spaces, status, sync, terminate, transcribe, unbundle, withdraw,
};
use crate::failure::Result;
use crate::folder::Folder;

/// What a verb gives: lines for people, and the same for programs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Lines for people.
    pub(crate) lines: Vec<String>,
    /// The same for programs.
    pub(crate) data: Value,
}

impl Done {
    /// One line and its data.
    pub(crate) fn line(line: impl Into<String>, data: Value) -> Self {
        Self { lines: vec![line.into()], data }
    }
}

/// The idempotency id of an act.
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct Once {
    /// Repeats safely: the same id and act give the same entry (a fresh one is made and printed when left out)
    #[arg(long, value_name = "REQUEST", default_value_t = fresh(), hide_default_value = true)]
    pub(crate) id: String,
}

fn fresh() -> String {
    node::oplog::id::hex(&node::Entropy::System.salt())
}

macro_rules! requests {
    ($($name:ident => $file:ident,)+) => {
        /// Everything a node can be asked.
        #[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
        #[serde(tag = "verb", rename_all = "kebab-case")]
        pub(crate) enum Request {
            $($name($file::$name),)+
        }

        /// Carries a request out. The one path by which the command line reaches a node, over the socket or not.
        pub(crate) fn carry_out(shared: &node::Shared, folder: &Folder, request: Request) -> Result<Done> {
            match request {
                $(Request::$name(verb) => verb.carry_out(shared, folder),)+
            }
        }
    };
}

requests! {
    Found => found,
    Invite => invite,
    Join => join,
    Applicants => applicants,
    Admit => admit,
    Offer => offer,
    Agree => agree,
    Accept => accept,
    Decline => decline,
    Counter => counter,
    Lapse => lapse,
    Pass => pass,
    Terminate => terminate,
    Withdraw => withdraw,
    Convene => convene,
    Minutes => minutes,
    Satisfy => satisfy,
    Report => report,
    Confirm => confirm,
    Dispute => dispute,
    Release => release,
    Cancel => cancel,
    Attach => attach,
    Save => save,
    Comment => comment,
    Erase => erase,
    Transcribe => transcribe,
    Enrol => enrol,
    Revoke => revoke,
    Leave => leave,
    Ballot => ballot,
    Sync => sync,
    Agreements => agreements,
    Meetings => meetings,
    List => list,
    Show => show,
    Inbox => inbox,
    Log => log,
    Spaces => spaces,
    Status => status,
    Person => person,
    Doctor => doctor,
    Rebuild => rebuild,
    Bundle => bundle,
    Unbundle => unbundle,
    ForkProof => fork_proof,
    RenewGuardian => renew_guardian,
}

impl Request {
    /// The idempotency id, of an act.
    pub(crate) fn id(&self) -> Option<String> {
        let value = serde_json::to_value(self).ok()?;
        value.get("id").and_then(Value::as_str).map(str::to_owned)
    }
}
