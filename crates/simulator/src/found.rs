//! How a space comes to be: one party founds it and admits the second, and a ballot lets in every later one.

use agreement::operation::{Accept, Subject};
use agreement::quorum::Quorum;
use agreement::{Operation, Rules};
use node::Act;
use oplog::sync::{Frame, Join};
use oplog::{ObjectId, PartyId, PublicKey};

use crate::fault::{Fault, Step, must};
use crate::world::World;

impl World {
    /// Founds the space and lets everyone in, over a line that loses nothing.
    pub(crate) fn found(&mut self) -> Step {
        let admit =
            if self.plan.hostile > 1 || self.chance.percent(50) { Quorum::TWO_THIRDS } else { Quorum::ALL };
        self.space = self.node(0)?.found("River commission", Rules { admit, ..Rules::default() })?;
        for at in 1..self.plan.honest {
            self.let_in_station(at, at)?;
        }
        for at in 0..self.plan.hostile {
            let invitation = self.invite()?;
            let join = self.puppets[at].join(&invitation);
            let (party, key) = (self.puppets[at].party(), self.puppets[at].node_key());
            self.ask_to_join(key, join)?;
            self.admit(party, self.plan.honest)?;
        }
        Ok(())
    }

    /// Lets in a node, with the votes of the first `members` stations.
    fn let_in_station(&mut self, at: usize, members: usize) -> Step {
        let invitation = self.invite()?;
        let invitation = node::Invitation::of_link(&invitation.link())?;
        // The invitee's clock may be years off; the issuer's decides.
        let invitation = node::Invitation { expires_ms: u64::MAX, ..invitation };
        let join = self.node(at)?.join(&invitation, "River commission", "")?;
        let (party, key) = (self.stations[at].party, self.stations[at].key);
        self.ask_to_join(key, join)?;
        self.admit(party, members)?;
        self.sync(at, 0)?;
        let space = self.space;
        let members = self.node(at)?.parties(space)?;
        must(members.iter().any(|member| member.id == party && member.member), || {
            format!("node {at} was let in and does not know it")
        })
    }

    fn invite(&mut self) -> Step<node::Invitation> {
        let space = self.space;
        Ok(self.node(0)?.invite(space, "http://127.0.0.1:1")?)
    }

    fn ask_to_join(&mut self, key: PublicKey, join: Join) -> Step {
        let space = self.space;
        let answer = self.node(0)?.answer(key, &[Frame::Join(join)])?;
        must(answer.frames.contains(&Frame::Joined(space)), || format!("no place: {:?}", answer.frames))
    }

    fn admit(&mut self, party: PartyId, members: usize) -> Step {
        let space = self.space;
        let receipt = self.node(0)?.admit(space, party, None)?;
        let view = self.node(0)?.space(space)?;
        let ballot = view.ballots.iter().find(|ballot| ballot.id == ObjectId::from(receipt.entry));
        let Some(ballot) = ballot.cloned() else { return Ok(()) };
        for voter in 1..members {
            self.sync(voter, 0)?;
            let accept = Accept { subject: Subject::Space, object: ballot.id, slot: 0, terms: ballot.terms };
            let operation = Operation::from(accept);
            let act = Act { space, operation, content: None, request: None };
            self.node(voter)?.submit(act)?;
            self.sync(voter, 0)?;
        }
        let view = self.node(0)?.space(space)?;
        let won = view.ballots.iter().any(|held| held.id == ballot.id && held.won);
        if won { Ok(()) } else { Err(Fault("everyone voted for a party, and it is not in".to_owned())) }
    }
}
