//! What if one commitment took another time: only what that reaches is reckoned again, to the same bits as anew.

use crate::kernel::{BLOCK, Counts, Draw, Scratch, Ticks, common_of, finish, length};
use crate::model::SAMPLES_MAX;
use crate::monte_carlo::{Level, dispatch};
use crate::ticked::{Span, TICK_MAX, Ticked, lines, table, ticked};
use crate::{CommitmentId, ForecastError, Model, Network, Spread};
use pulp::{Simd, WithSimd};
use std::collections::BTreeSet;

/// The most bytes that kept samples take.
pub const KEPT_BYTES_MAX: u64 = 2 << 30;

/// Every sample of every commitment, kept so that a change need not draw them anew.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    network: &'a Network,
    ticked: Ticked,
    samples: u32,
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    starts: Vec<Ticks>,
    finishes: Vec<Ticks>,
}

impl Network {
    /// Draws and keeps `samples` samples.
    ///
    /// # Errors
    /// A model or a number of samples that [`ForecastError`] refuses; [`ForecastError::TooLarge`] beyond
    /// [`KEPT_BYTES_MAX`].
    pub fn keep(&self, model: &Model, samples: u32, seed: u64) -> Result<Kept<'_>, ForecastError> {
        if !(1..=SAMPLES_MAX).contains(&samples) {
            return Err(ForecastError::BadSamples { found: samples });
        }
        let blocks = (samples as usize).div_ceil(BLOCK);
        let bytes = (blocks * size_of::<[Ticks; 2]>()) as u64 * self.len() as u64;
        if bytes > KEPT_BYTES_MAX {
            return Err(ForecastError::TooLarge { bytes });
        }
        let ticked = ticked(self, model, seed)?;
        let blocks = (0..blocks).map(|block| drawn(&ticked, first_of(block))).collect();
        Ok(Kept { network: self, ticked, samples, blocks })
    }
}

fn first_of(block: usize) -> u32 {
    u32::try_from(block * BLOCK).expect("samples are limited")
}

fn drawn(ticked: &Ticked, first: u32) -> Block {
    let mut scratch = Scratch::new(ticked);
    let mut finishes = vec![[0; BLOCK]; ticked.rows.len()];
    let counts = &mut Counts::new(ticked.rows.len());
    let draw = Draw { ticked, first, live: BLOCK, scratch: &mut scratch, finishes: &mut finishes, counts };
    dispatch(draw, Level::Best);
    Block { starts: scratch.into_starts(), finishes }
}

impl Kept<'_> {
    /// Days from the programme's start to a commitment's finish that a share of the samples, from 0 to 1, does not
    /// exceed.
    #[must_use]
    pub fn finish_quantile(&self, id: CommitmentId, share: f64) -> Option<f64> {
        let rank = self.network.rank(id)?;
        let mut ticks: Vec<_> =
            self.blocks.iter().flat_map(|block| block.finishes[rank]).take(self.samples as usize).collect();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "cut to a place in the list"
        )]
        let place = (share.clamp(0.0, 1.0) * ticks.len() as f64).ceil() as usize;
        let (_, found, _) = ticks.select_nth_unstable(place.saturating_sub(1));
        Some(self.ticked.tick.days(f64::from(*found)))
    }

    /// Lets one commitment take another time, and gives the number of rows of samples that moved. All else stays as
    /// drawn: the same chance strikes before and after.
    ///
    /// # Errors
    /// [`ForecastError::UnknownCommitment`], [`ForecastError::BadSpread`]; [`ForecastError::Saturated`] where a
    /// sample now ends too late for the ticks in use. Nothing has changed then.
    pub fn change(&mut self, id: CommitmentId, spread: &Spread) -> Result<usize, ForecastError> {
        let rank = self.network.rank(id).ok_or(ForecastError::UnknownCommitment { id })?;
        let knots = table(id, spread)?;
        if knots.iter().any(|days| self.ticked.tick.exact(*days) >= f64::from(TICK_MAX)) {
            return Err(ForecastError::Saturated);
        }
        let span = Span::Drawn(lines(&knots, self.ticked.tick));
        let before = core::mem::replace(&mut self.ticked.rows[rank].span, span);
        let (moved, is_too_late) = self.redraw(rank);
        if is_too_late {
            self.ticked.rows[rank].span = before;
            self.redraw(rank);
            return Err(ForecastError::Saturated);
        }
        Ok(moved)
    }

    fn redraw(&mut self, rank: usize) -> (usize, bool) {
        let (network, ticked) = (self.network, &self.ticked);
        let (mut moved, mut is_too_late) = (0, false);
        for (at, block) in self.blocks.iter_mut().enumerate() {
            let redraw = Redraw { network, ticked, first: first_of(at), rank, block };
            let (more, late) = pulp::Arch::new().dispatch(redraw);
            moved += more;
            is_too_late |= late;
        }
        (moved, is_too_late)
    }
}

/// One block, from a changed row on.
struct Redraw<'a> {
    network: &'a Network,
    ticked: &'a Ticked,
    first: u32,
    rank: usize,
    block: &'a mut Block,
}

impl WithSimd for Redraw<'_> {
    /// How many rows moved, and whether any sample is too late.
    type Output = (usize, bool);

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> (usize, bool) {
        let Self { network, ticked, first, rank: changed, block } = self;
        let mut waiting = BTreeSet::from([changed]);
        let (mut moved, mut is_too_late) = (0, false);
        while let Some(rank) = waiting.pop_first() {
            let row = &ticked.rows[rank];
            let (old_start, old_finish) = (block.starts[rank], block.finishes[rank]);
            let mut span = [0; BLOCK];
            if rank == changed {
                span = length(row, first, ticked.weights[2], &common_of(ticked, row.party, first));
            } else {
                for at in 0..BLOCK {
                    span[at] = old_finish[at].wrapping_sub(old_start[at]);
                }
            }
            let finish = finish(row, &span, &block.finishes, &block.starts);
            let mut start = [0; BLOCK];
            for at in 0..BLOCK {
                start[at] = finish[at].wrapping_sub(span[at]);
            }
            if (start, finish) == (old_start, old_finish) {
                continue;
            }
            moved += 1;
            is_too_late |= finish.contains(&u16::MAX);
            (block.starts[rank], block.finishes[rank]) = (start, finish);
            waiting.extend(network.after.of(rank).iter().map(|arc| arc.other as usize));
        }
        (moved, is_too_late)
    }
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use crate::monte_carlo::tests::programmes;
    use crate::{CommitmentId, ForecastError, SAMPLES_MAX, Spread, compile};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn changes_give_the_bits_that_drawing_anew_gives(
            (programme, model) in programmes(),
            changes in proptest::collection::vec((0u64..16, 0i32..5, 0i32..5, 0i32..5), 1..6),
            seed: u64,
        ) {
            let network = compile(&programme).unwrap();
            let mut kept = network.keep(&model, 300, seed).unwrap();
            for (id, low, more, most) in changes {
                let id = CommitmentId(id % network.len() as u64);
                let spread = Spread::Triangular { low, likely: low + more, high: low + more + most };
                match kept.change(id, &spread) {
                    Ok(_) | Err(ForecastError::Saturated) => {}
                    Err(other) => prop_assert!(false, "{other}"),
                }
                for (at, block) in kept.blocks.iter().enumerate() {
                    prop_assert_eq!(block, &drawn(&kept.ticked, super::first_of(at)));
                }
            }
        }
    }

    #[test]
    fn what_does_not_wait_does_not_move_and_what_cannot_be_is_refused() {
        let programme = crate::Programme {
            start: calendar::CivilDay::from_days(0).unwrap(),
            commitments: (0..3)
                .map(|id| crate::Commitment {
                    id: CommitmentId(id),
                    party: crate::PartyId(0),
                    length: crate::Length::Days(10),
                    bounds: crate::Bounds::default(),
                })
                .collect(),
            links: vec![crate::Link {
                from: CommitmentId(0),
                to: CommitmentId(1),
                kind: crate::LinkKind::FinishStart,
                lag_days: 0,
            }],
        };
        let network = compile(&programme).unwrap();
        let model = crate::Model::default();
        let mut kept = network.keep(&model, 128, 1).unwrap();
        let twice = Spread::Triangular { low: 20, likely: 20, high: 20 };
        assert_eq!(kept.change(CommitmentId(0), &twice), Ok(2));
        assert_eq!(kept.finish_quantile(CommitmentId(1), 0.5), Some(30.0));
        assert_eq!(kept.finish_quantile(CommitmentId(2), 0.5), Some(10.0));
        let far = Spread::Triangular { low: 9_000, likely: 9_000, high: 9_000 };
        assert_eq!(kept.change(CommitmentId(0), &far), Err(ForecastError::Saturated));
        assert_eq!(kept.finish_quantile(CommitmentId(1), 0.5), Some(30.0));
        assert_eq!(
            kept.change(CommitmentId(9), &far),
            Err(ForecastError::UnknownCommitment { id: CommitmentId(9) })
        );
        let commitments =
            (0..600).map(|id| crate::Commitment { id: CommitmentId(id), ..programme.commitments[0] });
        let wide = crate::Programme { commitments: commitments.collect(), ..programme.clone() };
        let refused = compile(&wide).unwrap().keep(&model, SAMPLES_MAX, 1).map(|_| ());
        assert!(matches!(refused, Err(ForecastError::TooLarge { .. })), "{refused:?}");
        assert!(matches!(network.keep(&model, SAMPLES_MAX + 1, 1), Err(ForecastError::BadSamples { .. })));
    }
}
