//! Forecasts against closed forms: one commitment, a chain, the last of several, and what they have in common.
#![expect(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use calendar::CivilDay;
use forecast::{
    Bounds, Commitment, CommitmentId, ForecastError, Length, Link, LinkKind, Model, PartyId, Programme,
    SAMPLES_MAX, Spread, compile,
};

const SAMPLES: u32 = 200_000;
const Z99: f64 = 2.326_347_9;

fn programme(count: u64, is_chain: bool) -> Programme {
    let commitments = (0..count)
        .map(|id| Commitment {
            id: CommitmentId(id),
            party: PartyId(0),
            length: Length::Days(10),
            bounds: Bounds::default(),
        })
        .collect();
    let links = (1..if is_chain { count } else { 0 })
        .map(|to| Link {
            from: CommitmentId(to - 1),
            to: CommitmentId(to),
            kind: LinkKind::FinishStart,
            lag_days: 0,
        })
        .collect();
    Programme { start: CivilDay::from_ymd(2026, 9, 1).unwrap(), commitments, links }
}

fn model(count: u64, spread: &Spread, shared: f32, party: f32) -> Model {
    Model { spreads: (0..count).map(|id| (CommitmentId(id), spread.clone())).collect(), shared, party }
}

/// The mean and the 99th percentile of the end.
fn ends(count: u64, is_chain: bool, model: &Model) -> (f64, f64) {
    let network = compile(&programme(count, is_chain)).unwrap();
    let forecast = network.forecast(model, SAMPLES, 5, 2).unwrap();
    (forecast.mean_end(), forecast.end_quantile(0.99))
}

#[track_caller]
fn assert_within_a_hundredth(found: f64, wanted: f64) {
    assert!((found / wanted - 1.0).abs() < 0.01, "{found}, not {wanted}");
}

#[test]
fn one_triangular_commitment_has_its_mean_and_tail() {
    let (mean, p99) =
        ends(1, true, &model(1, &Spread::Triangular { low: 10, likely: 20, high: 60 }, 0.0, 0.0));
    assert_within_a_hundredth(mean, 30.0);
    assert_within_a_hundredth(p99, 60.0 - (0.01f64 * 50.0 * 40.0).sqrt());
}

#[test]
fn one_lognormal_commitment_has_its_mean_and_tail() {
    for sigma in [0.2, 0.5, 1.0] {
        let (mean, p99) = ends(1, true, &model(1, &Spread::Lognormal { median: 100, sigma }, 0.0, 0.0));
        assert_within_a_hundredth(mean, 100.0 * (sigma * sigma / 2.0).exp());
        let tail_allowed = if sigma > 0.9 { 0.02 } else { 0.01 };
        let wanted = 100.0 * (sigma * Z99).exp();
        assert!((p99 / wanted - 1.0).abs() < tail_allowed, "{sigma}: {p99}, not {wanted}");
    }
}

#[test]
fn a_chain_has_the_sum_of_the_means_and_of_the_variances() {
    let (low, likely, high) = (10.0f64, 20.0, 60.0);
    let spread = Spread::Triangular { low: 10, likely: 20, high: 60 };
    let variance =
        (low * low + likely * likely + high * high - low * likely - low * high - likely * high) / 18.0;
    let (mean, p99) = ends(100, true, &model(100, &spread, 0.0, 0.0));
    assert_within_a_hundredth(mean, 3_000.0);
    assert_within_a_hundredth(p99, 3_000.0 + Z99 * (100.0 * variance).sqrt());
}

#[test]
fn the_last_of_several_is_as_late_as_the_power_of_the_distribution_says() {
    // The chance that all of ten are below x is F(x)^10, and F has a closed inverse.
    let spread = Spread::Triangular { low: 0, likely: 0, high: 1_000 };
    let (mean, p99) = ends(10, false, &model(10, &spread, 0.0, 0.0));
    // With U = 1 - x/high, F = 1 - U²; the mean of the smallest U of ten is ∏ 2k / (2k + 1), k = 1 to 10.
    let smallest: f64 = (1..=10).map(|k| f64::from(2 * k) / f64::from(2 * k + 1)).product();
    assert_within_a_hundredth(mean, 1_000.0 * (1.0 - smallest));
    assert_within_a_hundredth(p99, 1_000.0 * (1.0 - (1.0 - 0.99f64.powf(0.1)).sqrt()));
}

#[test]
fn what_is_in_common_widens_the_end_of_a_chain_as_much_as_its_share_says() {
    let spread = Spread::Lognormal { median: 100, sigma: 0.05 };
    for (shared, party) in [(0.0, 0.0), (0.3, 0.0), (0.0, 0.3), (0.2, 0.3), (1.0, 0.0)] {
        let (mean, p99) = ends(50, true, &model(50, &spread, shared, party));
        let together = f64::from(shared + party);
        let one = 100.0 * 0.00125f64.exp() * (0.0025f64.exp_m1()).sqrt();
        let sum = one * (50.0 * (1.0 - together) + 2_500.0 * together).sqrt();
        let wanted = 5_000.0 * 0.00125f64.exp();
        assert_within_a_hundredth(mean, wanted);
        let found = (p99 - mean) / Z99;
        assert!((found / sum - 1.0).abs() < 0.07, "{shared} {party}: {found}, not {sum}");
    }
}

#[test]
fn chances_carry_their_error_and_the_slow_branch_is_the_critical_one() {
    let mut programme = programme(2, false);
    programme.commitments[0].bounds.deadline = CivilDay::from_ymd(2026, 9, 30).ok();
    let mut model = model(2, &Spread::Triangular { low: 20, likely: 30, high: 40 }, 0.0, 0.0);
    model.spreads.insert(CommitmentId(1), Spread::Triangular { low: 1, likely: 2, high: 3 });
    let network = compile(&programme).unwrap();
    let forecast = network.forecast(&model, SAMPLES, 5, 2).unwrap();
    let chance = forecast.on_time(CommitmentId(0)).unwrap();
    assert!((chance.share - 0.5).abs() < 0.01, "{chance:?}");
    assert!((chance.standard_error / (0.25 / f64::from(SAMPLES)).sqrt() - 1.0).abs() < 0.01);
    assert_eq!(forecast.critical(CommitmentId(0)).unwrap().share, 1.0);
    let never = forecast.critical(CommitmentId(1)).unwrap();
    assert!(never.share == 0.0 && never.standard_error > 0.0);
    assert!((forecast.mean_finish(CommitmentId(1)).unwrap() - 2.0).abs() < 0.01);
    assert_eq!(forecast.on_time(CommitmentId(1)).unwrap().share, 1.0);
    assert_eq!(forecast.on_time(CommitmentId(9)), None);
}

#[test]
fn fixed_lengths_give_the_critical_path_in_every_sample() {
    let network = compile(&programme(30, true)).unwrap();
    let forecast = network.forecast(&Model::default(), 1_000, 5, 1).unwrap();
    assert_eq!((forecast.end_quantile(0.0), forecast.end_quantile(1.0)), (300.0, 300.0));
    assert_eq!(forecast.mean_end(), 300.0);
}

#[test]
fn what_the_model_cannot_mean_is_refused() {
    let network = compile(&programme(2, true)).unwrap();
    let spread = Spread::Triangular { low: 1, likely: 2, high: 3 };
    let refusal = |model: &Model, samples| network.forecast(model, samples, 1, 1).unwrap_err();
    assert_eq!(refusal(&Model::default(), 0), ForecastError::BadSamples { found: 0 });
    assert!(matches!(refusal(&Model::default(), SAMPLES_MAX + 1), ForecastError::BadSamples { .. }));
    assert_eq!(refusal(&model(2, &spread, 0.6, 0.6), 9), ForecastError::BadShares);
    assert_eq!(refusal(&model(2, &spread, f32::NAN, 0.0), 9), ForecastError::BadShares);
    assert_eq!(
        refusal(&model(3, &spread, 0.0, 0.0), 9),
        ForecastError::UnknownCommitment { id: CommitmentId(2) }
    );
    let bad = Spread::Record(Vec::new());
    assert_eq!(refusal(&model(1, &bad, 0.0, 0.0), 9), ForecastError::BadSpread { id: CommitmentId(0) });
}
