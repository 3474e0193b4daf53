//! The link that asks a party into a space.

use oplog::{
    PartyId, PublicKey, SpaceId,
    id::{hex, unhex},
};

use crate::{NodeError, Result};

/// What an invitation link says. It pins the founder's identity and node key, so that nobody can step between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Where the founder's node listens for peers.
    pub url: String,
    /// The space.
    pub space: SpaceId,
    /// The founder.
    pub founder: PartyId,
    /// The founder's node key.
    pub node: PublicKey,
    /// The one-time secret.
    pub secret: Vec<u8>,
    /// When it ends, by the issuer's clock.
    pub expires_ms: u64,
}

impl Invitation {
    /// The link: the peer's address, and behind `#` what is for the invitee's eyes.
    #[must_use]
    pub fn link(&self) -> String {
        let (node, secret) = (hex(&self.node.to_wire()), hex(&self.secret));
        format!("{}/#join:{}:{}:{node}:{secret}:{}", self.url, self.space, self.founder, self.expires_ms)
    }

    /// Reads a link.
    ///
    /// # Errors
    /// It is not one.
    pub fn of_link(link: &str) -> Result<Self> {
        let wrong = NodeError::Invitation("the link is not whole: copy all of it");
        let read = || {
            let (url, rest) = link.trim().split_once("/#join:")?;
            let mut words = rest.split(':');
            let invitation = Self {
                url: url.to_owned(),
                space: words.next()?.parse().ok()?,
                founder: words.next()?.parse().ok()?,
                node: PublicKey::from_wire(&unhex(words.next()?)?)?,
                secret: unhex(words.next()?)?,
                expires_ms: words.next()?.parse().ok()?,
            };
            words.next().is_none().then_some(invitation)
        };
        read().ok_or(wrong)
    }
}
