//! What a party's kept and broken due dates say of its next one, and how much of that is its own record.
//!
//! Everything is scored against the day first promised. An outcome of long ago weighs less: half for each year.

use crate::PartyId;
use crate::beta::likeliest_strength;
use calendar::CivilDay;
use std::collections::BTreeMap;

/// The most outcomes of one record.
pub const OUTCOMES_MAX: usize = 1_000_000;
/// After so many days an outcome weighs half.
pub const HALF_LIFE_DAYS: f64 = 365.0;

/// Names a field of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u32);

/// A promise that has been kept, in time or late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Who promised.
    pub party: PartyId,
    /// What kind of work.
    pub field: FieldId,
    /// The day first promised, whatever was agreed later.
    pub promised: CivilDay,
    /// The day on which it was done.
    pub actual: CivilDay,
}

impl Outcome {
    /// Days late, negative when early.
    #[must_use]
    pub fn slip_days(&self) -> i32 {
        self.actual.days() - self.promised.days()
    }

    fn is_kept(&self) -> bool {
        self.actual <= self.promised
    }
}

/// The due kept rate that is expected of a party in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DueKeptRate {
    /// The chance that a due date is kept, from 0 to 1.
    pub expected: f64,
    /// How many outcomes of the party's own there are in the field.
    pub outcomes: u32,
    /// Their weight now.
    pub weight: f64,
    /// How many outcomes of its own outweigh what is known of the others.
    pub kappa: f64,
}

impl DueKeptRate {
    /// How much of the chance is the party's own record, from 0 to 1; the rest is the field's.
    #[must_use]
    pub fn own_share(&self) -> f64 {
        self.weight / (self.weight + self.kappa)
    }
}

/// Outcomes that were added up.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    outcomes: u32,
    weight: f64,
    kept: f64,
}

impl Tally {
    fn add(&mut self, weight: f64, is_kept: bool) {
        self.outcomes += 1;
        self.weight += weight;
        self.kept += if is_kept { weight } else { 0.0 };
    }

    /// The rate drawn towards another one that weighs `strength` outcomes.
    fn shrunk(&self, towards: f64, strength: f64) -> f64 {
        (self.kept + strength * towards) / (self.weight + strength)
    }
}

/// The outcomes known on a day.
#[derive(Clone, Debug)]
pub struct TrackRecord {
    everyone: f64,
    fields: BTreeMap<FieldId, Tally>,
    parties: BTreeMap<(FieldId, PartyId), Tally>,
    field_strength: f64,
    kappa: f64,
    /// Whose, slip, weight.
    slips: Vec<((FieldId, PartyId), i32, f64)>,
}

impl TrackRecord {
    /// What was known at the beginning of `today`: outcomes before it; later ones are left out. Of very many, the
    /// first [`OUTCOMES_MAX`] count.
    ///
    /// The strengths with which fields are drawn to the common rate, and parties to their field, are those that make
    /// the record likeliest.
    #[must_use]
    pub fn new(outcomes: &[Outcome], today: CivilDay) -> Self {
        let (mut all, mut fields, mut parties) = (Tally::default(), BTreeMap::new(), BTreeMap::new());
        let mut slips = Vec::new();
        for outcome in outcomes.iter().take(OUTCOMES_MAX).filter(|it| it.actual < today) {
            let age = f64::from(today.days() - outcome.actual.days());
            let weight = (-age / HALF_LIFE_DAYS).exp2();
            let whose = (outcome.field, outcome.party);
            all.add(weight, outcome.is_kept());
            fields.entry(outcome.field).or_insert_with(Tally::default).add(weight, outcome.is_kept());
            parties.entry(whose).or_insert_with(Tally::default).add(weight, outcome.is_kept());
            slips.push((whose, outcome.slip_days(), weight));
        }
        // Half an outcome either way: where nothing is known, either is as likely.
        let everyone = all.shrunk(0.5, 1.0);
        let counts = |tally: &Tally, rate| (tally.kept, tally.weight - tally.kept, rate);
        let of_fields: Vec<_> = fields.values().map(|tally| counts(tally, everyone)).collect();
        let field_strength = likeliest_strength(&of_fields);
        let of_parties: Vec<_> = parties
            .iter()
            .map(|((field, _), tally)| counts(tally, fields[field].shrunk(everyone, field_strength)))
            .collect();
        let kappa = likeliest_strength(&of_parties);
        Self { everyone, fields, parties, field_strength, kappa, slips }
    }

    /// What is expected of a party in a field: of one without a record, what is expected in the field; in a field
    /// without a record, what is expected at large.
    #[must_use]
    pub fn due_kept_rate(&self, party: PartyId, field: FieldId) -> DueKeptRate {
        let of_field = self
            .fields
            .get(&field)
            .map_or(self.everyone, |tally| tally.shrunk(self.everyone, self.field_strength));
        let own = self.parties.get(&(field, party)).copied().unwrap_or_default();
        DueKeptRate {
            expected: own.shrunk(of_field, self.kappa),
            outcomes: own.outcomes,
            weight: own.weight,
            kappa: self.kappa,
        }
    }

    /// Days late that a share of outcomes, from 0 to 1, does not exceed: the party's own slips, and with the weight
    /// of `kappa` outcomes those of the field, or of everyone where the field has none. Nothing without a record.
    #[must_use]
    pub fn slip_quantile(&self, party: PartyId, field: FieldId, share: f64) -> Option<i32> {
        let pool = self.fields.get(&field).map(|tally| tally.weight);
        let is_pool = |whose: &(FieldId, PartyId)| pool.is_none() || whose.0 == field;
        let pool_weight: f64 =
            self.slips.iter().filter(|(whose, ..)| is_pool(whose)).map(|(.., weight)| weight).sum();
        let weigh = |whose: &(FieldId, PartyId), weight: f64| {
            let own = if *whose == (field, party) { weight } else { 0.0 };
            own + if is_pool(whose) { weight * self.kappa / pool_weight } else { 0.0 }
        };
        let mut slips: Vec<_> =
            self.slips.iter().map(|(whose, slip, weight)| (*slip, weigh(whose, *weight))).collect();
        slips.sort_by_key(|(slip, _)| *slip);
        let wanted = share.clamp(0.0, 1.0) * slips.iter().map(|(_, weight)| weight).sum::<f64>();
        let mut sum = 0.0;
        let reached = |(_, weight): &&(i32, f64)| {
            sum += weight;
            *weight > 0.0 && sum >= wanted - 1e-9
        };
        slips.iter().find(reached).or(slips.last()).map(|(slip, _)| *slip)
    }
}
