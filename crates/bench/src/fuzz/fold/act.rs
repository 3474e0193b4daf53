//! Which operation five bytes make: any of them, mostly about what is there.

use agreement::operation::{
    Accept, Ack, Attach, Cancel, Comment, Confirm, Counter, Decline, Dispute, Enrol, Erase, Lapse, Leave,
    Offer, Pass, Release, Report, Satisfy, Transcribe, Withdraw,
};
use agreement::{
    AgreementTag, AgreementTerms, Closure, CommitmentTerms, Condition, Content, Due, FieldTag, Operation,
    SpaceTerms, Subject, Tag, Terms, Withdrawal,
};
use oplog::{EntryId, ObjectId, PartyId, TermsHash};

use super::history::{ACT_BYTES, History, MEMBERS, Offered, pick};

const TAGS: [Tag; 6] = [Tag::New, Tag::Reschedule, Tag::Amend, Tag::Delegate, Tag::Assign, Tag::MutualEnd];
const CLOSURES: [Closure; 3] = [Closure::All, Closure::Any, Closure::Lead];

impl History {
    /// Signs what the bytes tell.
    pub(super) fn act(&mut self, [who, what, view, one, two]: [u8; ACT_BYTES]) {
        let (key, author) = self.signer(who);
        // What ends a key's standing is rare unless asked for.
        let back = if who >= 0xf8 { 1 + usize::from(two % 3) } else { 0 };
        if what % 32 == 31 && one.is_multiple_of(3) {
            return self.enrol(author, view, one);
        }
        if what % 32 == 31 && one % 3 == 1 {
            return self.admit_beside();
        }
        let Some(operation) = self.operation(author, what % 32, one, two) else {
            let noise = if two.is_multiple_of(2) {
                (1_000, vec![one])
            } else {
                (20, vec![one; usize::from(two % 40)])
            };
            self.sign(key, back, view, noise, None);
            return;
        };
        let content = content(&operation, one, two);
        let terms = content.as_deref().map(|bytes| Content::reference(bytes).hash);
        let (kind, effect) = (operation.kind(), operation.effect());
        let id = self.sign(key, back, view, (kind, effect), content);
        self.remember(id, author, &operation, terms);
    }

    fn enrol(&mut self, author: usize, view: u8, one: u8) {
        // Mostly for its own seat.
        let seat = self.party(if one >= 0xc0 { usize::from(one) } else { author });
        let Some(key) = self.new_key(author) else { return };
        let introduction = self.introduction(author, seat, self.secret(key));
        let enrol = Operation::from(Enrol { introduction });
        self.sign(key, 0, view, (enrol.kind(), enrol.effect()), None);
    }

    fn remember(
        &mut self,
        id: EntryId,
        author: usize,
        operation: &Operation,
        content: Option<oplog::ContentHash>,
    ) {
        let (object, by) = (operation.object(self.space(), id), self.party(author));
        let offered = |object, slot, hash, terms: &CommitmentTerms| {
            let (debtor, creditors) = (terms.debtor, terms.creditors.clone());
            Offered { subject: Subject::Commitment, object, slot, terms: hash, by, debtor, creditors }
        };
        if let Operation::Offer(offer) = operation {
            let hash = offer.terms.hash(content);
            match &offer.terms {
                Terms::Space(_) => self.ballots.push((id.into(), hash)),
                Terms::Commitment(terms) => {
                    self.offers.extend(object.map(|object| offered(object, offer.slot, hash, terms)));
                    if offer.object.is_none() {
                        self.objects.push(id.into());
                    }
                }
                Terms::Minutes(_) => {}
                Terms::Agreement(terms) => {
                    self.offers.extend(object.map(|object| agreed(object, offer.slot, hash, by, terms)));
                }
            }
        }
        if let Operation::Counter(counter) = operation {
            let hash = counter.terms.hash(content);
            let (object, slot) = (counter.object, counter.slot.saturating_add(1));
            match &counter.terms {
                Terms::Commitment(terms) => self.offers.push(offered(object, slot, hash, terms)),
                Terms::Agreement(terms) => self.offers.push(agreed(object, slot, hash, by, terms)),
                Terms::Space(_) | Terms::Minutes(_) => {}
            }
        }
        if let Operation::Report(report) = operation {
            self.reports.push((report.object, id));
        }
        if matches!(operation, Operation::Attach(_) | Operation::Comment(_) | Operation::Transcribe(_)) {
            self.notes.extend(object.map(|object| (object, id)));
        }
    }

    fn terms(&self, author: usize, tag: Tag, one: u8, two: u8) -> CommitmentTerms {
        // The author is the debtor or, going backwards round the members, the first creditor; seldom nobody.
        let debtor = author.wrapping_add(usize::from(one & 3 == 3) + usize::from(one == 0xff));
        let others = (1..MEMBERS).map(|step| self.party(debtor.wrapping_add(MEMBERS - step)));
        let few = others.take(1 + usize::from(one >> 2 & 1));
        CommitmentTerms {
            tag,
            debtor: self.party(debtor),
            creditors: few.collect(),
            closure: CLOSURES[usize::from(one >> 3) % 3],
            due: Due { day: 20_000 + i32::from(two >> 4 & 3), zone: "UTC".to_owned() },
            condition: match one >> 6 {
                0 => Some(Condition::Text(1)),
                1 => pick(&self.objects, two).map(Condition::Fulfilled),
                _ => None,
            },
            clause: None,
            reply_by: None,
        }
    }

    /// Terms that concern an author in such an act; any terms when there are none, or when the choice says so.
    fn offered(&self, author: usize, what: u8, choice: u8) -> (Subject, ObjectId, u64, TermsHash) {
        let own = self.party(author);
        let concerns = |offered: &&Offered| match what {
            6..=12 => offered.by != own && (offered.debtor == own || offered.creditors.contains(&own)),
            13 | 14 => offered.by == own,
            16..=18 => offered.debtor == own,
            19..=21 => offered.creditors.contains(&own),
            _ => true,
        };
        let mut from_end: Vec<_> = self.offers.iter().rev().filter(concerns).collect();
        // What comes after agreement is mostly about the oldest terms, which had the time to come into force.
        if what >= 16 && choice.is_multiple_of(2) {
            from_end.reverse();
        }
        let any: Vec<_> = self.offers.iter().rev().collect();
        let chosen = if choice >= 0xe0 { None } else { pick(&from_end, choice % 4) };
        let chosen = chosen.or_else(|| pick(&any, choice % 8));
        let none = (Subject::Commitment, ObjectId([1; 32]), 0, TermsHash::ZERO);
        chosen.map_or(none, |it| (it.subject, it.object, it.slot, it.terms))
    }

    fn operation(&self, author: usize, what: u8, one: u8, two: u8) -> Option<Operation> {
        let (subject, object, slot, terms) = self.offered(author, what, one);
        let (in_report, report) = pick(&self.reports, one).unwrap_or((object, EntryId([2; 32])));
        Some(match what {
            0..=3 => {
                let terms = Terms::Commitment(self.terms(author, Tag::New, one, two));
                Offer { object: None, slot: 0, terms }.into()
            }
            4 | 5 => {
                let terms = Terms::Commitment(self.terms(author, TAGS[usize::from(two) % 6], one, two));
                Offer { object: Some(object), slot: slot + u64::from(two & 8 != 0), terms }.into()
            }
            6..=10 => Accept { subject, object, slot, terms }.into(),
            11 => Decline { subject, object, slot }.into(),
            12 => {
                let terms = self.terms(author, TAGS[usize::from(two) % 6], one, two);
                Counter { object, slot, terms: Terms::Commitment(terms) }.into()
            }
            13 | 14 => Lapse { subject, object, slot }.into(),
            15 => Pass { subject, object, slot: slot + u64::from(two % 3) }.into(),
            16 => Satisfy { object, condition: u64::from(two.is_multiple_of(4)) ^ 1 }.into(),
            17 | 18 => Report { object, terms }.into(),
            19 => Confirm { object: in_report, report }.into(),
            20 => Dispute { object: in_report, report }.into(),
            21 if two.is_multiple_of(2) => Release { object }.into(),
            21 => Cancel { object }.into(),
            22 => self.ballot(author, one, two).into(),
            23..=25 => return self.vote(what, one),
            26 if two.is_multiple_of(3) => {
                let (key_author, key, len) = self.key(one);
                let cut = (two < 0xe0).then(|| u64::from(two) % (len + 1));
                self.revocation(if two % 8 == 7 { author } else { key_author }, key, cut)
            }
            27 => self.note(object, one, two),
            28 if two.is_multiple_of(8) => Leave.into(),
            29 if two.is_multiple_of(2) => self.on_an_agreement(author, subject, object, slot, one, two),
            26 | 28 | 29 => Ack { digest: None, level: 0 }.into(),
            _ => return None,
        })
    }

    /// An agreement, a change of one, or leaving one.
    fn on_an_agreement(
        &self,
        author: usize,
        subject: Subject,
        object: ObjectId,
        slot: u64,
        one: u8,
        two: u8,
    ) -> Operation {
        let tags = [AgreementTag::New, AgreementTag::Amend, AgreementTag::Terminate];
        let founds = subject != Subject::Agreement || one < 0x40;
        let terms = AgreementTerms {
            tag: if founds { AgreementTag::New } else { tags[usize::from(two >> 1) % 3] },
            parties: (0..2 + usize::from(two & 8 != 0))
                .map(|next| self.party(author % MEMBERS + next))
                .collect(),
            clauses: [1, 1 + u64::from(two >> 4 & 3)].into(),
            withdrawal: [Withdrawal::Notice(30), Withdrawal::Consent, Withdrawal::Never]
                [usize::from(one) % 3],
            reply_by: None,
        };
        let terms = Terms::Agreement(terms);
        match one >> 6 {
            _ if founds => Offer { object: None, slot: 0, terms }.into(),
            1 => Offer { object: Some(object), slot: slot.saturating_add(1), terms }.into(),
            2 => Counter { object, slot, terms }.into(),
            _ => Withdraw { object }.into(),
        }
    }

    fn ballot(&self, author: usize, one: u8, two: u8) -> Offer {
        let subject = author.wrapping_add(usize::from(one) % MEMBERS);
        let all = (0..MEMBERS).map(|member| self.party(member));
        let seat = self.party(subject);
        let others = all.clone().filter(|party| *party != seat).collect();
        let terms = match two % 4 {
            0 => SpaceTerms::Admit { voters: all.collect(), introduction: self.stranger(None) },
            1 => SpaceTerms::Expel { voters: others, seat },
            2 => SpaceTerms::Succeed { voters: others, introduction: self.stranger(Some(seat)) },
            _ => SpaceTerms::Level { voters: all.collect(), level: u64::from(one % 3) },
        };
        Offer { object: None, slot: 0, terms: Terms::Space(terms) }
    }

    fn vote(&self, what: u8, one: u8) -> Option<Operation> {
        let (object, terms) = pick(&self.ballots, one)?;
        let (subject, slot) = (Subject::Space, 0);
        Some(match what {
            25 if one.is_multiple_of(2) => Decline { subject, object, slot }.into(),
            _ => Accept { subject, object, slot, terms }.into(),
        })
    }

    fn note(&self, object: ObjectId, one: u8, two: u8) -> Operation {
        let held = pick(&self.notes, one);
        match (two % 6, held) {
            (0, _) => Attach { about: object }.into(),
            (1, _) => Comment { about: self.space().into() }.into(),
            (2, Some((object, _))) => Transcribe { object: Some(object) }.into(),
            (3, Some((object, entry))) => Erase { object, entry }.into(),
            (4, _) => {
                let (object, entry) = pick(&self.reports, one).unwrap_or((object, object.into()));
                Erase { object, entry }.into()
            }
            _ => Transcribe { object: None }.into(),
        }
    }
}

fn agreed(object: ObjectId, slot: u64, terms: TermsHash, by: PartyId, of: &AgreementTerms) -> Offered {
    // Whoever is named may vote, as a debtor or creditor may.
    let creditors = of.parties.iter().copied().collect();
    Offered { subject: Subject::Agreement, object, slot, terms, by, debtor: by, creditors }
}

/// Notes have a content, offers sometimes.
fn content(operation: &Operation, one: u8, two: u8) -> Option<Vec<u8>> {
    let always = matches!(operation, Operation::Attach(_) | Operation::Comment(_) | Operation::Transcribe(_));
    let offers = matches!(operation, Operation::Offer(_) | Operation::Counter(_));
    let some = always || (offers && two.is_multiple_of(3));
    some.then(|| {
        Content { salt: [one; 16], ..Content::default() }.with(FieldTag::Title, "", "words").to_bytes()
    })
}
