//! `renew-guardian`: a fresh guardian key, and a fresh recovery file.

use node::Shared;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

use crate::command::{absolute, init};
use crate::failure::{Failure, Result};
use crate::folder::Folder;
use crate::request::Done;

/// Make a fresh guardian key: by the one that is here, or by the recovery file after a loss
///
/// Example: `peygir renew-guardian --recovery-file /media/key/recovery-MOVE-ME-AWAY.txt`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(crate) struct RenewGuardian {
    /// The recovery file that was put away; left out, the guardian that is here signs
    #[arg(long, value_name = "FILE", value_parser = absolute)]
    recovery_file: Option<PathBuf>,
}

impl RenewGuardian {
    pub(crate) fn carry_out(self, shared: &Shared, folder: &Folder) -> Result<Done> {
        let secret = self.recovery_file.as_deref().map(init::read_recovery).transpose()?;
        let path = folder.path.join(init::RECOVERY_FILE);
        if path.exists() {
            return Err(Failure::usage(format!("{} is still here", path.display()))
                .hint("move it away first: a new one is about to be written"));
        }
        let seed = shared.lock().renew_guardian(secret.as_ref())?;
        init::write_recovery(&path, &seed)?;
        let lines = vec![
            "the guardian is a fresh key; others learn of it with the next key you enrol".to_owned(),
            format!("move this file to a medium that you put away: {}", path.display()),
        ];
        Ok(Done { lines, data: json!({ "recovery_file": path.display().to_string() }) })
    }
}
