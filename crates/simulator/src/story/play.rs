//! Tells a story on real nodes: each act is signed by its party's node, each delivery is what the line says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use agreement::Introduction;
use agreement::operation::{Accept, Subject};
use node::{Act, NodeError, Receipt};
use oplog::sync::{Frame, Join};
use oplog::{EntryId, ObjectId, PartyId, SpaceId, from_bytes};

use crate::fault::{Fault, Step, must};
use crate::story::actor::Actor;
use crate::story::event::{Event, Who};
use crate::story::file::{BadStory, Line, Story};

const START_MS: u64 = 1_790_000_000_000;
const HOUR_MS: u64 = 3_600_000;
/// Rounds of exchanges until nothing is new.
const ROUNDS_MAX: usize = 8;

/// What a telling came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The text that the record gives, the same on every node.
    pub text: String,
    /// The words of the operations that parties signed or were refused, and how offers changed terms in force.
    pub operations: BTreeSet<String>,
}

/// Why an act did not go through.
pub(crate) enum Halt {
    /// The party's own node refused; with its words.
    Refused(String),
    /// Something that no story tells.
    Broken(String),
}

impl From<NodeError> for Halt {
    fn from(error: NodeError) -> Self {
        if matches!(error, NodeError::Refused(_) | NodeError::WillNotSign(_) | NodeError::TextMissing) {
            Self::Refused(error.to_string())
        } else {
            Self::Broken(error.to_string())
        }
    }
}

impl From<Fault> for Halt {
    fn from(Fault(why): Fault) -> Self {
        Self::Broken(why)
    }
}

/// An entry that a party signed: what it did, and what it is called in the text.
#[derive(Clone, Debug)]
pub(crate) struct Signed {
    pub(crate) entry: EntryId,
    pub(crate) by: Who,
    pub(crate) word: &'static str,
    pub(crate) title: String,
    pub(crate) label: String,
}

/// What is said of ids, and in which order they came.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) names: BTreeMap<PartyId, String>,
    pub(crate) titles: BTreeMap<String, ObjectId>,
    pub(crate) signed: Vec<Signed>,
    /// How many of `signed` came before the story began.
    pub(crate) before: usize,
}

/// A story under way.
pub(crate) struct Play<'a> {
    pub(crate) story: &'a Story,
    pub(crate) actors: Vec<Actor>,
    pub(crate) space: SpaceId,
    pub(crate) book: Book,
    pub(crate) introductions: BTreeMap<Who, Introduction>,
    pub(crate) operations: BTreeSet<String>,
    /// What nodes refused to sign, with the reasons.
    refusals: Vec<String>,
    clock: Arc<AtomicU64>,
}

impl Story {
    /// Tells the story with its own deliveries, then gives all entries to fresh observers in shuffled orders and
    /// doubled. All come to the same text and digest.
    ///
    /// # Errors
    /// The line that does not go as it says, or two nodes that differ.
    pub fn tell(&self) -> Result<Telling, BadStory> {
        let mut play = Play::begin(self).map_err(|fault| self.whole(fault))?;
        play.run(None)?;
        play.end().map_err(|fault| self.whole(fault))
    }

    /// Tells the story without one of its acts, on its own nodes alone.
    ///
    /// # Errors
    /// As [`Story::tell`].
    pub fn tell_without(&self, act: usize) -> Result<Telling, BadStory> {
        let mut play = Play::begin(self).map_err(|fault| self.whole(fault))?;
        play.run(Some(act))?;
        let text = play.settle_and_render().map_err(|fault| self.whole(fault))?;
        Ok(Telling { text, operations: play.operations })
    }

    fn whole(&self, Fault(what): Fault) -> BadStory {
        BadStory { file: self.file.clone(), line: 0, what }
    }
}

impl<'a> Play<'a> {
    /// Makes the nodes, and lets in all who are members when the story begins.
    fn begin(story: &'a Story) -> Step<Self> {
        let clock = Arc::new(AtomicU64::new(START_MS));
        let mut play = Self {
            story,
            actors: Actor::cast(story.names.len(), &clock)?,
            space: SpaceId::ZERO,
            book: Book::default(),
            introductions: BTreeMap::new(),
            operations: BTreeSet::new(),
            refusals: Vec::new(),
            clock,
        };
        let parties = play.actors.iter().map(|actor| actor.party);
        play.book.names = parties.zip(story.names.iter().cloned()).collect();
        for who in 0..story.members {
            if who == 0 {
                play.found()?;
            } else {
                play.let_in(who)?;
            }
        }
        play.book.before = play.book.signed.len();
        play.operations.clear();
        Ok(play)
    }

    /// The first party founds the space.
    pub(crate) fn found(&mut self) -> Step<Receipt> {
        self.space = self.actors[0].node()?.found("Joint commission", agreement::Rules::default())?;
        let entry = EntryId(self.space.0);
        self.operations.insert("genesis".to_owned());
        self.sign_book(0, entry, "genesis", "the space");
        Ok(Receipt { entry, object: Some(self.space.into()) })
    }

    /// A party becomes a member with every vote.
    fn let_in(&mut self, who: Who) -> Step {
        self.ask_in(who, 0, None)?;
        let (space, party) = (self.space, self.actors[who].party);
        let receipt = self.actors[0].node()?.admit(space, party, None)?;
        let word = if who == 1 { "admit" } else { "offer" };
        self.sign_book(0, receipt.entry, word, "the space");
        for voter in 1..who {
            Actor::exchange(&mut self.actors, voter, 0, space)?;
            let ballots = self.actors[voter].node()?.space(space)?.ballots;
            let ballot = ballots.into_iter().find(|ballot| ballot.id == receipt.entry.into());
            let ballot = ballot.ok_or_else(|| Fault("a ballot that was opened".to_owned()))?;
            let accept = Accept { subject: Subject::Space, object: ballot.id, slot: 0, terms: ballot.terms };
            let act = Act { space, operation: accept.into(), content: None, request: None };
            let vote = self.actors[voter].node()?.submit(act)?;
            self.sign_book(voter, vote.entry, "accept", "the space");
            Actor::exchange(&mut self.actors, voter, 0, space)?;
        }
        for member in 1..=who {
            Actor::exchange(&mut self.actors, member, 0, space)?;
        }
        Ok(())
    }

    /// `who` takes an invitation of `host` up, for a seat of its own or for that of a member.
    pub(crate) fn ask_in(&mut self, who: Who, host: Who, seat: Option<Who>) -> Step {
        let space = self.space;
        let invitation = self.actors[host].node()?.invite(space, "http://127.0.0.1:1")?;
        let seat = self.actors[seat.unwrap_or(who)].party;
        let Join { space, secret, introduction, url, .. } =
            self.actors[who].node()?.join_for(&invitation, seat, "Joint commission", "")?;
        self.introductions.insert(who, from_bytes(&introduction.0)?);
        let join = Join { space, secret, introduction, name: self.story.names[who].clone(), url };
        let key = self.actors[who].key;
        let answer = self.actors[host].node()?.answer(key, &[Frame::Join(join)])?;
        must(answer.frames.contains(&Frame::Joined(space)), || format!("no place: {:?}", answer.frames))
    }

    /// Notes an entry under a label of its own.
    pub(crate) fn sign_book(&mut self, by: Who, entry: EntryId, word: &'static str, title: &str) {
        let base = if title == "the space" {
            format!("{} by {}", word, self.story.names[by])
        } else {
            format!("{word} of \"{title}\" by {}", self.story.names[by])
        };
        let same = self.book.signed.iter().skip(self.book.before);
        let same = same.filter(|signed| (signed.by, signed.word, signed.title.as_str()) == (by, word, title));
        let label = match same.count() {
            0 => base,
            before => format!("{base} ({})", before + 1),
        };
        self.book.signed.push(Signed { entry, by, word, title: title.to_owned(), label });
    }

    fn run(&mut self, without: Option<usize>) -> Result<(), BadStory> {
        for (act, line) in self.story.lines.iter().enumerate() {
            if Some(act) != without {
                self.line(line).map_err(|what| BadStory {
                    file: self.story.file.clone(),
                    line: line.number,
                    what,
                })?;
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), String> {
        match (self.happens(&line.event), line.refused) {
            (Ok(()), false) => Ok(()),
            (Ok(()), true) => Err("it goes through, and the story says that it is refused".to_owned()),
            (Err(Halt::Refused(why)), true) => {
                let why = self.book.spoken(&why);
                self.refusals.push(format!("{}: {why}", line.text));
                Ok(())
            }
            (Err(Halt::Refused(why)), false) => Err(format!("it is refused: {why}")),
            (Err(Halt::Broken(why)), _) => Err(why),
        }
    }

    fn happens(&mut self, event: &Event) -> Result<(), Halt> {
        let space = self.space;
        match event {
            Event::Hears(who, from) => Actor::carry(&mut self.actors, *from, *who, space)?,
            Event::Exchange(one, other) => {
                Actor::exchange(&mut self.actors, *one, *other, space)?;
            }
            Event::AllExchange => self.exchange_all()?,
            Event::Hours(hours) => {
                self.clock.fetch_add(hours * HOUR_MS, Ordering::SeqCst);
            }
            Event::BackedUp(who) => self.actors[*who].back_up()?,
            Event::Restored(who) => self.actors[*who].restore(false)?,
            Event::SetBack(who) => self.actors[*who].restore(true)?,
            Event::AsksIn(who, host, seat) => self.ask_in(*who, *host, *seat)?,
            Event::Acts(who, deed) => self.act(*who, deed)?,
        }
        Ok(())
    }

    fn exchange_all(&mut self) -> Step {
        let space = self.space;
        let mut inside = Vec::new();
        for who in (0..self.actors.len()).filter(|who| self.is_inside(*who)).collect::<Vec<_>>() {
            // Who has only asked to be let in has nobody to talk to yet.
            if !self.actors[who].node()?.parties(space)?.is_empty() {
                inside.push(who);
            }
        }
        for _ in 0..ROUNDS_MAX {
            let mut new = 0;
            for one in &inside {
                for other in inside.iter().filter(|other| *other > one) {
                    new += Actor::exchange(&mut self.actors, *one, *other, space)?;
                }
            }
            if new == 0 {
                return Ok(());
            }
        }
        Err(Fault("exchanges bring something new without end".to_owned()))
    }

    /// Whether a party's node keeps the space, as a member or as one that asked to be let in.
    pub(crate) fn is_inside(&mut self, who: Who) -> bool {
        let space = self.space;
        self.actors[who].node().is_ok_and(|node| node.space_ids().contains(&space))
    }

    /// Lets everything reach everyone, and gives the text, which is the same on every node.
    pub(crate) fn settle_and_render(&mut self) -> Step<String> {
        let space = self.space;
        let inside: Vec<_> = (0..self.actors.len()).filter(|who| self.is_inside(*who)).collect();
        for _ in 0..2 {
            for from in &inside {
                for to in inside.iter().filter(|to| *to != from) {
                    Actor::carry(&mut self.actors, *from, *to, space)?;
                }
            }
        }
        let mut texts = Vec::new();
        for who in &inside {
            let node = self.actors[*who].node()?;
            texts.push((node.digest(space)?, self.book.render(node, space, &self.refusals)?));
        }
        let first = texts.first().cloned().ok_or_else(|| Fault("a story without a space".to_owned()))?;
        for (who, text) in inside.iter().zip(&texts) {
            let name = &self.story.names[*who];
            must(text.1 == first.1, || {
                format!("{name} shows another text:\n{}\nand the first:\n{}", text.1, first.1)
            })?;
            must(text.0 == first.0, || format!("{name} has another digest"))?;
        }
        Ok(first.1)
    }

    fn end(mut self) -> Step<Telling> {
        let text = self.settle_and_render()?;
        self.observe(&text)?;
        let said: BTreeSet<_> = self.story.operations.iter().cloned().collect();
        must(said == self.operations, || {
            format!("the story names the operations {said:?} and is made of {:?}", self.operations)
        })?;
        Ok(Telling { text, operations: self.operations })
    }

    pub(crate) fn render_at(&self, node: &mut node::Node) -> Step<String> {
        self.book.render(node, self.space, &self.refusals)
    }
}
