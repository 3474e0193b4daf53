//! Messages on their way: bytes that are lost, doubled, overtaken or cut short, and bundles that are carried.

use oplog::sync::{self, Frame};

use crate::fault::{Fault, Step, must};
use crate::world::World;

/// The most messages on their way; what is sent beyond is lost.
const FLIGHTS_MAX: usize = 24;

/// A message from one station to another.
#[derive(Clone, Debug)]
pub(crate) struct Flight {
    from: usize,
    to: usize,
    is_answer: bool,
    bytes: Vec<u8>,
}

impl Flight {
    /// Whether a station sent it or is to hear it.
    pub(crate) fn touches(&self, at: usize) -> bool {
        self.from == at || self.to == at
    }
}

/// The frames of an exchange in which one side would not talk to the other.
const NOT_FOR_YOU: &str = "peer: no such space";

impl World {
    /// Begins an exchange: the first message is on its way.
    pub(crate) fn greet(&mut self, from: usize, to: usize) -> Step {
        let (space, peer) = (self.space, self.stations[to].key);
        let frames = self.node(from)?.greet(space, peer)?;
        self.send(from, to, false, &frames);
        Ok(())
    }

    fn send(&mut self, from: usize, to: usize, is_answer: bool, frames: &[Frame]) {
        if frames.is_empty() {
            return;
        }
        if self.flights.len() >= FLIGHTS_MAX || self.chance.percent(self.plan.loss) {
            self.tally.add("message lost");
            self.note(|| format!("  a message from {from} to {to} is lost"));
            return;
        }
        let flight = Flight { from, to, is_answer, bytes: sync::write(frames) };
        if self.chance.percent(self.plan.double) {
            self.tally.add("message doubled");
            self.flights.push(flight.clone());
        }
        self.flights.push(flight);
    }

    /// Delivers one message, whichever chance picks.
    pub(crate) fn deliver(&mut self) -> Step {
        if self.flights.is_empty() {
            return Ok(());
        }
        let at = if self.plan.loss > 0 { self.chance.below(self.flights.len()) } else { 0 };
        if at > 0 {
            self.tally.add("message overtook another");
        }
        let flight = self.flights.remove(at);
        let (from, to) = (flight.from, flight.to);
        if (self.cut >> from) & 1 != (self.cut >> to) & 1 {
            self.tally.add("message lost in a partition");
            return Ok(());
        }
        let mut bytes = flight.bytes;
        let is_short = self.chance.percent(self.plan.cut_short);
        if is_short {
            self.tally.add("message cut short");
            bytes.truncate(self.chance.below(bytes.len()));
        }
        let Ok(frames) = sync::read(&bytes) else {
            return must(is_short, || "a whole message does not decode".to_owned());
        };
        let words: Vec<_> = frames.iter().map(word).collect();
        self.note(|| format!("  {from} -> {to}: {}", words.join(", ")));
        self.hear(from, to, flight.is_answer, &frames)
    }

    fn hear(&mut self, from: usize, to: usize, is_answer: bool, frames: &[Frame]) -> Step {
        let key = self.stations[from].key;
        let node = self.node(to)?;
        let heard = if is_answer { node.exchange(key, frames) } else { node.answer(key, frames) };
        let answer = match heard {
            Ok(answer) => answer,
            Err(node::NodeError::Peer(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        must(answer.bad.is_empty(), || format!("{to} finds what {from} sent bad: {:?}", answer.bad))?;
        self.send(to, from, !is_answer, &answer.frames);
        Ok(())
    }

    /// Carries a whole space from one node to another in a file, sometimes one that is cut short.
    pub(crate) fn carry(&mut self, from: usize, to: usize) -> Step {
        let space = self.space;
        let mut file = Vec::new();
        self.node(from)?.write_bundle(space, &mut file)?;
        let is_short = self.chance.percent(25);
        if is_short {
            file.truncate(self.chance.below(file.len()));
            self.tally.add("bundle cut short");
        }
        self.tally.add("bundle carried");
        self.note(|| format!("a bundle goes from {from} to {to}, {} bytes", file.len()));
        match self.node(to)?.read_bundle(&mut file.as_slice()) {
            Ok(answer) => must(answer.bad.is_empty(), || format!("a bundle is bad: {:?}", answer.bad)),
            Err(_) if is_short => Ok(()),
            Err(node::NodeError::NoSuchSpace) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// A whole exchange over a line that loses nothing. Gives how many entries were new, and whether both sides talked to
    /// the end: one that has left, or was expelled, may still give and take something before it is refused.
    pub(crate) fn sync(&mut self, asking: usize, answering: usize) -> Step<(usize, bool)> {
        const ROUNDS_MAX: usize = 64;
        let space = self.space;
        let (a, b) = (self.stations[asking].key, self.stations[answering].key);
        let (mut message, mut new) = (self.node(asking)?.greet(space, b)?, 0);
        for _ in 0..ROUNDS_MAX {
            if message.is_empty() {
                return Ok((new, true));
            }
            let (one, two) = self.pair(asking, answering)?;
            let answer = two.answer(a, &sync::read(&sync::write(&message))?)?;
            let back = match one.exchange(b, &answer.frames) {
                Ok(back) => back,
                Err(error) if error.to_string() == NOT_FOR_YOU => return Ok((new + answer.new, false)),
                Err(error) => return Err(error.into()),
            };
            let bad: Vec<_> = answer.bad.iter().chain(&back.bad).collect();
            must(bad.is_empty(), || format!("{asking} and {answering} find entries bad: {bad:?}"))?;
            new += answer.new + back.new;
            if back.frames.iter().any(|frame| matches!(frame, Frame::Refused(_))) {
                return Ok((new, false));
            }
            let words = |frames: &[Frame]| frames.iter().map(word).collect::<Vec<_>>().join(", ");
            let (said, answered) = (words(&message), words(&answer.frames));
            message = back.frames;
            self.note(|| format!("  {asking} to {answering}: {said}; and back: {answered}"));
        }
        Err(Fault(format!("the exchange of {asking} with {answering} does not end")))
    }
}

/// A frame in a word or two, for a trace.
fn word(frame: &Frame) -> String {
    match frame {
        Frame::Hello(_) => "hello".to_owned(),
        Frame::Join(_) => "join".to_owned(),
        Frame::Joined(_) => "joined".to_owned(),
        Frame::Refused(why) => format!("refused ({why})"),
        Frame::Heads(heads) => format!("{} heads", heads.heads.len()),
        Frame::Want(want) => format!("wants {}", want.ids.len()),
        Frame::Entries(entries) => format!("{} entries", entries.items.len()),
        Frame::WantContent(_) => "wants a content".to_owned(),
        Frame::Part(_) => "a content".to_owned(),
        Frame::Proof(_) => "a proof".to_owned(),
        Frame::End(_) => "an end".to_owned(),
    }
}
