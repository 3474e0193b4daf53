//! How alike the members of a group are: the strength of the beta prior that makes their counts likeliest.

/// The strengths that are tried: from a quarter of an outcome on, each √2 times the last.
const STRENGTHS: usize = 24;
const STRENGTH_MIN: f64 = 0.25;
/// A rate of exactly 0 or 1 allows for no member of another kind.
const RATE_MIN: f64 = 0.001;

/// The strength, in outcomes, with which each member is drawn towards its rate: the one that maximises the marginal
/// likelihood of the beta-binomial. Members are kept, broken, and the rate they are drawn to; counts may be fractions.
pub(crate) fn likeliest_strength(members: &[(f64, f64, f64)]) -> f64 {
    let likelihood = |strength: f64| -> f64 {
        members
            .iter()
            .map(|(kept, broken, rate)| {
                let rate = rate.clamp(RATE_MIN, 1.0 - RATE_MIN);
                let (a, b) = (strength * rate, strength * (1.0 - rate));
                ln_beta(kept + a, broken + b) - ln_beta(a, b)
            })
            .sum()
    };
    let mut best = (STRENGTH_MIN, f64::NEG_INFINITY);
    let mut strength = STRENGTH_MIN;
    for _ in 0..STRENGTHS {
        let found = likelihood(strength);
        if found > best.1 {
            best = (strength, found);
        }
        strength *= core::f64::consts::SQRT_2;
    }
    best.0
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The logarithm of the gamma function above 0: Stirling's series from 8 on, and the recurrence below.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut product) = (x, 1.0);
    while x < 8.0 {
        product *= x;
        x += 1.0;
    }
    let inverse = 1.0 / (x * x);
    let series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1_260.0 - inverse / 1_680.0))) / x;
    (x - 0.5) * x.ln() - x + 0.5 * core::f64::consts::TAU.ln() + series - product.ln()
}

#[cfg(test)]
mod tests {
    use super::{likeliest_strength, ln_gamma};

    #[test]
    fn the_gamma_function_is_that_of_whole_and_half_numbers() {
        let mut factorial = 1.0f64;
        for n in 1..20 {
            assert!((ln_gamma(f64::from(n)) - factorial.ln()).abs() < 1e-9, "{n}");
            factorial *= f64::from(n);
        }
        assert!((ln_gamma(0.5) - 0.5 * core::f64::consts::PI.ln()).abs() < 1e-9);
        assert!((ln_gamma(0.001) - 6.907_178_885_383_853).abs() < 1e-9);
    }

    #[test]
    fn members_that_are_alike_are_drawn_together_and_others_are_not() {
        let alike = vec![(50.0, 50.0, 0.5); 20];
        let apart: Vec<_> =
            (0..20).map(|at| if at % 2 == 0 { (95.0, 5.0, 0.5) } else { (5.0, 95.0, 0.5) }).collect();
        assert!(likeliest_strength(&alike) > 500.0);
        assert!(likeliest_strength(&apart) < 3.0);
        assert!(likeliest_strength(&[]) > 0.0);
    }
}
