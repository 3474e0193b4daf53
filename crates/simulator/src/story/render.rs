//! The text that a record gives: who agreed to what, where it stands, what was refused and why.

use std::collections::{BTreeMap, BTreeSet};

use agreement::ballot::{Offered, Slot, Vote};
use agreement::commitment::Answer;
use agreement::space::{Ending, SpaceBallot};
use agreement::{
    Agreement, AgreementTag, AgreementTerms, BallotTerms, Balloted, Closure, Commitment, CommitmentTerms,
    Condition, Due, FieldTag, Meeting, Phase, Record, Space, SpaceTerms, Withdrawal, Wording,
};
use calendar::CivilDay;
use node::Node;
use node::ask::EntryView;
use oplog::{EntryId, KeyId, ObjectId, PartyId, SpaceId, Unverified};

use crate::fault::{Fault, Step};
use crate::story::observe::items_of;
use crate::story::play::Book;
use crate::story::sign::{outcome_word, tag_word};

/// What a node shows, read once.
struct Shown<'a> {
    book: &'a Book,
    records: BTreeMap<ObjectId, Record>,
    views: BTreeMap<EntryId, EntryView>,
}

impl Book {
    fn name(&self, party: PartyId) -> String {
        self.names.get(&party).cloned().unwrap_or_else(|| party.short())
    }

    fn list(&self, parties: impl IntoIterator<Item = PartyId>) -> String {
        let parties: BTreeSet<_> = parties.into_iter().collect();
        // Parties have their ids in the order in which the story names them.
        parties.into_iter().map(|party| self.name(party)).collect::<Vec<_>>().join(", ")
    }

    /// Where an entry comes among all that were signed.
    fn place(&self, entry: EntryId) -> usize {
        self.signed.iter().position(|signed| signed.entry == entry).unwrap_or(usize::MAX)
    }

    fn label(&self, entry: EntryId) -> String {
        self.signed.get(self.place(entry)).map_or_else(|| entry.short(), |signed| signed.label.clone())
    }

    fn labels(&self, entries: impl IntoIterator<Item = EntryId>) -> String {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|entry| self.place(*entry));
        entries.into_iter().map(|entry| self.label(entry)).collect::<Vec<_>>().join(", ")
    }

    fn title(&self, object: ObjectId) -> String {
        let found = self.titles.iter().find(|(_, held)| **held == object);
        found.map_or_else(|| "the space".to_owned(), |(title, _)| format!("\"{title}\""))
    }

    /// Words with the names of parties and the labels of entries in the place of their ids.
    pub(crate) fn spoken(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for (party, name) in &self.names {
            words = words.replace(&format!("party {}", party.short()), name);
        }
        for signed in &self.signed {
            words = words.replace(&signed.entry.short(), &signed.label);
        }
        words
    }

    /// The keys of a seat, in the order in which they were brought.
    pub(crate) fn keys_of(&self, record: &Space, seat: PartyId) -> Vec<KeyId> {
        let mut keys: Vec<_> = record.keys.iter().filter(|(_, key)| key.seat == seat).collect();
        keys.sort_by_key(|(_, key)| self.place(key.introduced));
        keys.into_iter().map(|(id, _)| *id).collect()
    }

    /// The text that `node` gives of the whole space; `refusals` are acts that nodes refused to sign.
    pub(crate) fn render(&self, node: &mut Node, space: SpaceId, refusals: &[String]) -> Step<String> {
        let log = node.log(space, 0, usize::MAX >> 1)?;
        let views: BTreeMap<_, _> = log.into_iter().map(|view| (view.id, view)).collect();
        let mut records = BTreeMap::new();
        let objects: BTreeSet<_> = views.values().filter_map(|view| view.object).collect();
        for object in objects {
            if let Ok(record) = node.record(space, object) {
                records.insert(object, record);
            }
        }
        let shown = Shown { book: self, records, views };
        let Some(Record::Space(record)) = shown.records.get(&space.into()) else {
            return Err(Fault("a space without its record".to_owned()));
        };
        let mut parts = vec![shown.space(record)];
        let mut objects: Vec<_> = shown.records.iter().collect();
        objects.sort_by_key(|(id, _)| self.place((**id).into()));
        for (id, record) in objects {
            parts.push(match record {
                Record::Space(_) => continue,
                Record::Commitment(commitment) => shown.commitment(*id, commitment),
                Record::Agreement(agreement) => shown.agreement(*id, agreement),
                Record::Meeting(meeting) => shown.meeting(*id, meeting),
                Record::Transcript(transcript) => shown.transcript(*id, transcript),
                Record::Note(note) => shown.note(*id, note),
            });
        }
        parts.push(shown.receipts(node, space)?);
        parts.push(self.forks(node, space)?);
        parts.push(shown.doubtful());
        parts.push(
            refusals.iter().map(|refusal| format!("refused before it was signed: {refusal}\n")).collect(),
        );
        parts.retain(|part| !part.is_empty());
        Ok(parts.join("\n"))
    }

    /// Proofs that a key signed two entries for one place, each checked.
    fn forks(&self, node: &Node, space: SpaceId) -> Step<String> {
        let mut lines = BTreeSet::new();
        for proof in node.fork_proofs(space)? {
            let both = proof.check()?;
            lines.insert(format!("proof that one key signed both: {}\n", self.labels(both)));
        }
        Ok(lines.into_iter().collect())
    }
}

impl Shown<'_> {
    /// The words behind an entry: quoted, or why they are not shown. Empty when it has none.
    fn words(&self, entry: EntryId) -> String {
        let Some(view) = self.views.get(&entry) else { return String::new() };
        let Some(content) = &view.content else {
            return match view.content_state {
                None => String::new(),
                Some(state) => format!(": words {state:?}").to_lowercase(),
            };
        };
        let tags = [FieldTag::Note, FieldTag::Reason, FieldTag::FileName];
        let text = tags.iter().find_map(|tag| content.text(*tag, ""));
        text.filter(|text| !text.is_empty()).map(|text| format!(": \"{text}\"")).unwrap_or_default()
    }

    fn space(&self, record: &Space) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        let members = record.members();
        line(format!("members: {}", self.book.list(members.iter().copied())));
        for (party, seat) in &record.seats {
            let name = self.book.name(*party);
            if let Some(holder) =
                seat.identity.first().map(|hash| PartyId(hash.0)).filter(|held| held != party)
            {
                line(format!("the seat of {name} is held by {}", self.book.name(holder)));
            }
            for ending in seat.ended.iter().filter(|_| !members.contains(party)) {
                line(match ending {
                    Ending::Left(_) => format!("{name} has left"),
                    Ending::Ballot(_) => format!("{name} is out by ballot"),
                });
            }
        }
        if record.level > 0 {
            line(format!("rules level: {}", record.level));
        }
        for party in record.seats.keys() {
            self.keys(record, *party).into_iter().for_each(&mut line);
        }
        let mut ballots: Vec<_> = record.ballots.iter().collect();
        ballots.retain(|(id, _)| self.book.place((**id).into()) >= self.book.before);
        ballots.sort_by_key(|(id, _)| self.book.place((**id).into()));
        for (id, ballot) in ballots {
            line(self.ballot(ballot, record.is_won(*id), (*id).into()));
        }
        out
    }

    /// What there is to say of a party's keys; nothing when it has one that nobody doubts.
    fn keys(&self, record: &Space, party: PartyId) -> Vec<String> {
        let (keys, name) = (self.book.keys_of(record, party), self.book.name(party));
        let mut lines = Vec::new();
        for (number, id) in (1..).zip(&keys) {
            let Some(key) = record.keys.get(id) else { continue };
            let mut said = Vec::new();
            if !key.retired_by.is_empty() {
                said.push("silent for whoever has seen a newer one".to_owned());
            }
            if key.needs_notice {
                said.push("counts from where another party has named it".to_owned());
            }
            for cut in key.revoked.values() {
                said.push(match cut {
                    None => "taken back from the start".to_owned(),
                    Some(last) => format!("taken back behind {}", self.at(*id, *last)),
                });
            }
            if key.ended.iter().any(|ending| matches!(ending, Ending::Ballot(_))) {
                said.push("ended by ballot".to_owned());
            }
            if key.forked_at.is_some() {
                said.push("signed two entries for one place".to_owned());
            }
            if keys.len() > 1 || !said.is_empty() {
                let said = if said.is_empty() { "counts".to_owned() } else { said.join("; ") };
                lines.push(format!("key {number} of {name}: {said}"));
            }
        }
        lines
    }

    /// The entry at a place of a key's chain.
    fn at(&self, key: KeyId, seq: u64) -> String {
        let found = self.views.values().filter(|view| view.key == (key, seq)).map(|view| view.id);
        self.book.labels(found)
    }

    fn ballot(&self, ballot: &SpaceBallot, won: bool, id: EntryId) -> String {
        let holder = |introduction: &agreement::Introduction| self.book.name(introduction.identity.party());
        let what = match &ballot.terms {
            SpaceTerms::Admit { introduction, .. } => format!("admit {}", holder(introduction)),
            SpaceTerms::Expel { seat, .. } => format!("expel {}", self.book.name(*seat)),
            SpaceTerms::Succeed { introduction, .. } => {
                format!("give the seat of {} to {}", self.book.name(introduction.seat), holder(introduction))
            }
            SpaceTerms::Level { level, .. } => format!("raise the rules level to {level}"),
        };
        let votes = |wanted: bool| {
            let cast = ballot.votes.iter().filter(|(_, votes)| votes.values().any(|vote| *vote == wanted));
            cast.map(|(party, _)| *party).collect::<BTreeSet<_>>()
        };
        let (yes, no, left) = (votes(true), votes(false), ballot.awaited());
        let lost = ((yes.len() + left.len()) as u64) < ballot.needed;
        let state = if won {
            "won"
        } else if lost {
            "lost"
        } else {
            "open"
        };
        let mut out = format!("ballot to {what}{}: {state}; for: {}", self.words(id), self.book.list(yes));
        for (label, parties) in [("against", no), ("yet to vote", left)] {
            if !parties.is_empty() {
                out.push_str(&format!("; {label}: {}", self.book.list(parties)));
            }
        }
        out
    }

    fn commitment(&self, id: ObjectId, record: &Commitment) -> String {
        let mut out = format!("{}: {}", self.book.title(id), record.phase().name());
        let waits = record.waits_on();
        if !waits.is_empty() {
            out.push_str(&format!("; waits for {}", self.book.list(waits)));
        }
        out.push('\n');
        out.push_str(&self.rounds(record, |offered| {
            let tag = tag_word(offered.terms.tag).map(|word| format!(" ({word})")).unwrap_or_default();
            let gone = if record.erased.contains(&offered.entry) { "; its words are erased" } else { "" };
            format!("{tag}: {}{gone}", self.terms(record, &offered.terms, offered.entry))
        }));
        for report in &record.reports {
            let current = record.last_report().is_some_and(|last| last.terms == report.terms);
            let under = if current { "" } else { " under older terms" };
            out.push_str(&format!(
                "  report by {}{under}{}\n",
                self.book.name(report.by),
                self.words(report.entry)
            ));
            for (party, answered) in &report.answers {
                let word = match answered.answer {
                    Answer::Confirmed => "confirmed",
                    Answer::Disputed => "disputed",
                };
                let (party, words) = (self.book.name(*party), self.words(answered.entry));
                out.push_str(&format!("    {word} by {party}{words}\n"));
            }
        }
        for (party, released) in &record.released {
            out.push_str(&format!(
                "  released by {}{}\n",
                self.book.name(*party),
                self.words(released.entry)
            ));
        }
        for entry in &record.cancelled {
            out.push_str(&format!("  cancelled by its debtor{}\n", self.words(*entry)));
        }
        out
    }

    /// The rounds of a ballot; `terms` spells what was offered.
    fn rounds<R: Balloted>(&self, record: &R, terms: impl Fn(&Offered<R::Terms>) -> String) -> String {
        let (ballot, mut out) = (record.ballot(), String::new());
        let in_force = ballot.in_force().map(|offered| offered.entry);
        for (number, slot) in (1..).zip(&ballot.slots) {
            let is_in_force = slot.offers.iter().any(|offered| Some(offered.entry) == in_force);
            out.push_str(&format!(
                "  round {number}, {}\n",
                outcome_word(slot.outcome(), is_in_force, record.is_closed())
            ));
            out.push_str(&self.slot(slot, &terms));
        }
        for (slot, passes) in &ballot.passes_ahead {
            out.push_str(&format!(
                "  passed ahead on round {}: {}\n",
                slot + 1,
                self.book.list(passes.values().copied())
            ));
        }
        out
    }

    fn slot<T: BallotTerms>(&self, slot: &Slot<T>, terms: &impl Fn(&Offered<T>) -> String) -> String {
        let mut out = String::new();
        let voters = |wanted: Vote| {
            let cast = slot.votes.iter().filter(|(_, votes)| votes.values().any(|vote| *vote == wanted));
            cast.map(|(party, _)| *party).collect::<Vec<_>>()
        };
        let mut offers: Vec<_> = slot.offers.iter().collect();
        offers.sort_by_key(|offered| self.book.place(offered.entry));
        for offered in offers {
            out.push_str(&format!("    {} offers{}\n", self.book.name(offered.by), terms(offered)));
            out.push_str(&format!("      for it: {}\n", self.book.list(voters(Vote::For(offered.hash)))));
        }
        let lines = [
            ("against", voters(Vote::Decline)),
            ("withdrawn by", slot.lapses.values().copied().collect()),
            ("saw it withdrawn before answering", voters(Vote::SawLapse)),
            ("passed", slot.passes.values().copied().collect()),
        ];
        for (label, parties) in lines.into_iter().filter(|(_, parties)| !parties.is_empty()) {
            out.push_str(&format!("    {label}: {}\n", self.book.list(parties)));
        }
        out
    }

    fn agreement(&self, id: ObjectId, record: &Agreement) -> String {
        let mut out = format!("agreement {}: {}", self.book.title(id), record.phase().name());
        let waits = record.waits_on();
        if !waits.is_empty() {
            out.push_str(&format!("; waits for {}", self.book.list(waits)));
        }
        out.push('\n');
        out.push_str(&self.rounds(record, |offered| self.agreed(record, offered)));
        for (party, entries) in &record.withdrawn {
            let is_bound = if record.leaving().contains(party) { "" } else { ", and was bound anew" };
            out.push_str(&format!("  {} has withdrawn{is_bound}", self.book.name(*party)));
            out.push_str(&entries.keys().map(|entry| self.words(*entry)).collect::<String>());
            out.push('\n');
        }
        out
    }

    fn meeting(&self, id: ObjectId, record: &Meeting) -> String {
        let mut out = format!("meeting {}: {}", self.book.title(id), record.phase().name());
        let waits = record.waits_on();
        if !waits.is_empty() {
            out.push_str(&format!("; waits for {}", self.book.list(waits)));
        }
        out.push_str(&format!("\n  convened by {}", self.book.name(record.convener)));
        out.push_str(&format!(" with {}", self.book.list(record.invited.iter().copied())));
        for convened in &record.convened {
            match convened.day.as_ref().and_then(Due::civil) {
                Some(day) => out.push_str(&format!("; on {day}")),
                None => out.push_str("; called off"),
            }
        }
        out.push('\n');
        out.push_str(&self.rounds(record, |offered| {
            let present = self.book.list(offered.terms.present.iter().copied());
            let outcomes = offered.terms.outcomes.iter();
            let outcomes: String =
                outcomes.map(|(item, object)| format!("; {item}: {}", self.book.title(*object))).collect();
            format!(": present {present}{outcomes}")
        }));
        out
    }

    fn agreed(&self, record: &Agreement, offered: &Offered<AgreementTerms>) -> String {
        let terms = &offered.terms;
        let tag = match terms.tag {
            AgreementTag::New => "",
            AgreementTag::Amend => " (amend)",
            AgreementTag::Terminate => " (terminate)",
        };
        let mut out = format!("{tag}: between {}", self.book.list(terms.parties.iter().copied()));
        let content =
            self.views.get(&offered.entry).and_then(|view| view.content.clone()).unwrap_or_default();
        let wording = Wording::of(&content, "");
        for number in &terms.clauses {
            let text = wording.clauses.get(number).map(|clause| format!(" \"{}\"", clause.text));
            out.push_str(&format!("; clause {number}{}", text.unwrap_or_default()));
        }
        match terms.withdrawal {
            Withdrawal::Never => out.push_str("; nobody may withdraw"),
            Withdrawal::Notice(days) => out.push_str(&format!("; notice of {days} days")),
            Withdrawal::Consent => out.push_str("; withdrawal by consent"),
        }
        if record.erased.contains(&offered.entry) {
            out.push_str("; its words are erased");
        }
        out
    }

    fn terms(&self, record: &Commitment, terms: &CommitmentTerms, entry: EntryId) -> String {
        let due = CivilDay::from_days(terms.due.day).map(|day| {
            let (year, month, day) = day.ymd();
            format!("{year}-{month:02}-{day:02}")
        });
        let creditors: Vec<_> = terms.creditors.iter().map(|party| self.book.name(*party)).collect();
        let (debtor, due) = (self.book.name(terms.debtor), due.unwrap_or_default());
        let mut out = format!("{debtor} owes {}; due {due}", creditors.join(", "));
        out.push_str(match terms.closure {
            Closure::All if creditors.len() > 1 => "; every confirmation is needed",
            Closure::All => "",
            Closure::Any => "; any confirmation closes it",
            Closure::Lead => "; the lead's confirmation closes it",
        });
        match terms.condition {
            None => {}
            Some(Condition::Text(number)) => {
                let holds =
                    if record.satisfied.contains_key(&number) { "holds" } else { "does not hold yet" };
                let content = self.views.get(&entry).and_then(|view| view.content.as_ref());
                let text = content.and_then(|content| content.text(FieldTag::Condition, ""));
                let text = text.map(|text| format!(" \"{text}\"")).unwrap_or_default();
                out.push_str(&format!("; condition {number}{text} {holds}"));
            }
            Some(Condition::Fulfilled(other)) => {
                let is_done = matches!(self.records.get(&other), Some(Record::Commitment(other)) if other.phase() == Phase::Confirmed);
                let is_done = if is_done { "is confirmed" } else { "is not confirmed yet" };
                out.push_str(&format!("; after {}, which {is_done}", self.book.title(other)));
            }
        }
        out
    }

    fn transcript(&self, id: ObjectId, transcript: &agreement::Transcript) -> String {
        let (title, author) = (self.book.title(id), self.book.name(transcript.author));
        let mut out = format!("transcript {title} by {author}, signed by nobody in it\n");
        for (number, version) in (1..).zip(&transcript.versions) {
            out.push_str(&format!("  version {number}{}\n", self.words(*version)));
        }
        out
    }

    fn note(&self, id: ObjectId, note: &agreement::Note) -> String {
        let what = if note.evidence { "file" } else { "comment" };
        let (author, about) = (self.book.name(note.author), self.book.title(note.about));
        format!("{what} by {author} on {about}{}\n", self.words(id.into()))
    }

    /// Receipts, each with the heads that it names.
    fn receipts(&self, node: &Node, space: SpaceId) -> Step<String> {
        let mut lines = BTreeMap::new();
        for item in items_of(node, space)? {
            let entry = Unverified::decode(&item.raw.0)?;
            let Some(view) = self.views.get(&entry.id()).filter(|view| view.word == "ack") else { continue };
            let heard = self.book.labels(entry.header().deps.iter().copied());
            let by = self.book.name(view.party);
            lines
                .insert(self.book.place(view.id), format!("receipt by {by}, who has heard up to: {heard}\n"));
        }
        Ok(lines.into_values().collect())
    }

    /// Entries that stand in the log and change nothing, and those that count only because others relied on them.
    fn doubtful(&self) -> String {
        let mut views: Vec<_> = self.views.values().collect();
        views.sort_by_key(|view| self.book.place(view.id));
        let mut out = String::new();
        for view in views {
            let label = self.book.label(view.id);
            if let Some(why) = &view.refusal {
                out.push_str(&format!(
                    "in the log, and changes nothing: {label}: {}\n",
                    self.book.spoken(why)
                ));
            } else if view.relied {
                out.push_str(&format!("counts because others had relied on it: {label}\n"));
            }
        }
        out
    }
}
