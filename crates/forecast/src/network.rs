//! A programme made ready for reckoning: numbered so that everything comes after what it waits for.

use crate::critical_path::early;
use crate::order::{Grouped, topological};
use crate::{
    COMMITMENTS_MAX, Commitment, CommitmentId, ERRORS_MAX, LAG_DAYS_MAX, LENGTH_DAYS_MAX, LINKS_MAX, Length,
    Link, LinkKind, NetworkError, PartyId, Programme,
};
use calendar::CivilDay;

/// No day bounds it.
const UNBOUND: i32 = i32::MAX;

/// A link as seen from one of its ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    /// The rank of the other end.
    pub(crate) other: u32,
    /// Days from start to start at the least, with both lengths as planned.
    pub(crate) weight: i32,
    pub(crate) lag_days: i32,
    pub(crate) kind: LinkKind,
}

/// The arcs of every rank, those of one rank side by side.
#[derive(Clone, Debug)]
pub(crate) struct Arcs {
    offsets: Vec<u32>,
    arcs: Vec<Arc>,
}

impl Arcs {
    fn new(rows: usize, ends: &[(u32, u32)], arcs: &[Arc], is_forward: bool) -> Self {
        let near = |ends: &(u32, u32)| if is_forward { ends.0 } else { ends.1 };
        let far = |ends: &(u32, u32)| if is_forward { ends.1 } else { ends.0 };
        let (offsets, edges) = Grouped::by(rows, ends.iter().map(near)).into_parts();
        let arcs = edges
            .into_iter()
            .map(|edge| Arc { other: far(&ends[edge as usize]), ..arcs[edge as usize] })
            .collect();
        Self { offsets, arcs }
    }

    pub(crate) fn of(&self, rank: usize) -> &[Arc] {
        &self.arcs[self.offsets[rank] as usize..self.offsets[rank + 1] as usize]
    }
}

/// A programme without a cycle and without an impossible bound. A commitment's *rank* is its place in an order in
/// which everything comes after what it waits for; days count from the programme's start.
#[derive(Clone, Debug)]
pub struct Network {
    pub(crate) start: CivilDay,
    pub(crate) ids: Vec<CommitmentId>,
    pub(crate) parties: Vec<PartyId>,
    /// Days; nothing for a milestone.
    pub(crate) lengths: Vec<i32>,
    pub(crate) start_floors: Vec<i32>,
    pub(crate) finish_floors: Vec<i32>,
    /// By when it must be done, and by when it should.
    pub(crate) must_ceilings: Vec<i32>,
    pub(crate) deadlines: Vec<i32>,
    pub(crate) before: Arcs,
    pub(crate) after: Arcs,
    /// Sorted by id.
    ranks: Vec<(CommitmentId, u32)>,
}

impl Network {
    /// How many commitments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// All commitments, each after those it waits for.
    #[must_use]
    pub fn ids(&self) -> &[CommitmentId] {
        &self.ids
    }

    /// The day from which all days are counted.
    #[must_use]
    pub fn start(&self) -> CivilDay {
        self.start
    }

    /// The place of a commitment in [`Network::ids`].
    #[must_use]
    pub fn rank(&self, id: CommitmentId) -> Option<usize> {
        let at = self.ranks.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        Some(self.ranks[at].1 as usize)
    }

    /// Who owes a commitment.
    #[must_use]
    pub fn party(&self, id: CommitmentId) -> Option<PartyId> {
        self.rank(id).map(|rank| self.parties[rank])
    }

    /// The moment, in days from the start, by which something that is done on `day` at the latest is done.
    #[must_use]
    pub fn end_of(&self, day: CivilDay) -> i32 {
        day.days() - self.start.days() + 1
    }
}

/// Makes a programme ready for reckoning.
///
/// # Errors
/// Every fault that was found, at most [`ERRORS_MAX`]: limits and names first; a cycle only where those are in
/// order; bounds that links make impossible only where there is no cycle.
pub fn compile(programme: &Programme) -> Result<Network, Vec<NetworkError>> {
    let Programme { commitments, links, start } = programme;
    refuse(over_limits(programme))?;
    let mut places: Vec<_> = commitments.iter().map(|it| it.id).zip(0u32..).collect();
    places.sort_unstable();
    let mut errors = duplicates(&places);
    errors.extend(commitments.iter().flat_map(|it| bad_commitment(it, *start)));
    let ends = ends(links, &places, &mut errors);
    refuse(errors)?;
    let rows = commitments.len();
    let order = topological(rows, &ends).map_err(|path| {
        vec![NetworkError::Cycle { path: path.iter().map(|at| commitments[*at as usize].id).collect() }]
    })?;
    let network = numbered(programme, &order, places, ends);
    refuse(impossible(&network))?;
    Ok(network)
}

fn refuse(mut errors: Vec<NetworkError>) -> Result<(), Vec<NetworkError>> {
    errors.truncate(ERRORS_MAX);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn over_limits(programme: &Programme) -> Vec<NetworkError> {
    let (commitments, links) = (programme.commitments.len(), programme.links.len());
    let mut errors = Vec::new();
    if commitments > COMMITMENTS_MAX {
        errors.push(NetworkError::TooManyCommitments { found: commitments });
    }
    if links > LINKS_MAX {
        errors.push(NetworkError::TooManyLinks { found: links });
    }
    errors
}

fn duplicates(places: &[(CommitmentId, u32)]) -> Vec<NetworkError> {
    let mut errors: Vec<_> = places
        .windows(2)
        .filter(|pair| pair[0].0 == pair[1].0)
        .map(|pair| NetworkError::DuplicateId { id: pair[0].0 })
        .collect();
    errors.dedup();
    errors
}

fn bad_commitment(it: &Commitment, start: CivilDay) -> Vec<NetworkError> {
    let mut errors = Vec::new();
    if let Length::Days(days) = it.length
        && !(1..=LENGTH_DAYS_MAX).contains(&days)
    {
        errors.push(NetworkError::BadLength { id: it.id, days });
    }
    for by in [it.bounds.must_finish_by, it.bounds.deadline].into_iter().flatten() {
        if by < start {
            errors.push(NetworkError::AlreadyPast { id: it.id, by, start });
        }
    }
    errors
}

/// The places of the two ends of every link.
fn ends(links: &[Link], places: &[(CommitmentId, u32)], errors: &mut Vec<NetworkError>) -> Vec<(u32, u32)> {
    let mut ends = Vec::with_capacity(links.len());
    for (at, link) in links.iter().enumerate() {
        if !(-LAG_DAYS_MAX..=LAG_DAYS_MAX).contains(&link.lag_days) {
            errors.push(NetworkError::BadLag { from: link.from, to: link.to, days: link.lag_days });
        }
        let [from, to] = [link.from, link.to].map(|id| {
            let found = places.binary_search_by_key(&id, |(id, _)| *id).ok();
            if found.is_none() {
                errors.push(NetworkError::UnknownCommitment { id, link: at });
            }
            found.map_or(0, |found| places[found].1)
        });
        ends.push((from, to));
    }
    ends
}

fn numbered(
    programme: &Programme,
    order: &[u32],
    mut places: Vec<(CommitmentId, u32)>,
    mut ends: Vec<(u32, u32)>,
) -> Network {
    let rows = order.len();
    let mut rank_of = vec![0u32; rows];
    for (rank, place) in (0u32..).zip(order) {
        rank_of[*place as usize] = rank;
    }
    for (_, place) in &mut places {
        *place = rank_of[*place as usize];
    }
    for (from, to) in &mut ends {
        (*from, *to) = (rank_of[*from as usize], rank_of[*to as usize]);
    }
    let ordered = || order.iter().map(|place| &programme.commitments[*place as usize]);
    let from_start = |day: CivilDay| day.days() - programme.start.days();
    let floor = |day: Option<CivilDay>, more: i32| day.map_or(0, |day| (from_start(day) + more).max(0));
    let ceiling = |day: Option<CivilDay>| day.map_or(UNBOUND, |day| from_start(day) + 1);
    let lengths: Vec<_> = ordered().map(|it| length_days(it.length)).collect();
    let arcs: Vec<_> = programme
        .links
        .iter()
        .zip(&ends)
        .map(|(link, (from, to))| Arc {
            other: 0,
            weight: weight(link, lengths[*from as usize], lengths[*to as usize]),
            lag_days: link.lag_days,
            kind: link.kind,
        })
        .collect();
    Network {
        start: programme.start,
        ids: ordered().map(|it| it.id).collect(),
        parties: ordered().map(|it| it.party).collect(),
        start_floors: ordered().map(|it| floor(it.bounds.start_not_before, 0)).collect(),
        finish_floors: ordered().map(|it| floor(it.bounds.finish_not_before, 1)).collect(),
        must_ceilings: ordered().map(|it| ceiling(it.bounds.must_finish_by)).collect(),
        deadlines: ordered().map(|it| ceiling(it.bounds.deadline)).collect(),
        before: Arcs::new(rows, &ends, &arcs, false),
        after: Arcs::new(rows, &ends, &arcs, true),
        lengths,
        ranks: places,
    }
}

fn length_days(length: Length) -> i32 {
    match length {
        Length::Milestone => 0,
        Length::Days(days) => days,
    }
}

/// Days from the start of the first to the start of the second at the least: the potential method of Roy (1959).
fn weight(link: &Link, from_days: i32, to_days: i32) -> i32 {
    link.lag_days
        + match link.kind {
            LinkKind::FinishStart => from_days,
            LinkKind::StartStart => 0,
            LinkKind::FinishFinish => from_days - to_days,
            LinkKind::StartFinish => -to_days,
        }
}

fn impossible(network: &Network) -> Vec<NetworkError> {
    let early = early(network);
    let horizon = CivilDay::LAST.days() - network.start.days() + 1;
    let finish = |rank: usize| early.starts[rank].saturating_add(network.lengths[rank]);
    if let Some(rank) = (0..network.len()).find(|rank| finish(*rank) > horizon) {
        return vec![NetworkError::BeyondCalendar { path: early.path(network, rank) }];
    }
    (0..network.len())
        .filter(|rank| finish(*rank) > network.must_ceilings[*rank])
        .take(ERRORS_MAX)
        .map(|rank| {
            let ceiling = network.must_ceilings[rank];
            NetworkError::ImpossibleBound {
                path: early.path(network, rank),
                by: CivilDay::from_days(network.start.days() + ceiling - 1)
                    .expect("the bound was a day of the calendar"),
                late_days: finish(rank) - ceiling,
            }
        })
        .collect()
}
