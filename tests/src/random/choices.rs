//! Where random programs take their decisions from: a list of numbers that can be replayed and made smaller.

/// Decisions, as numbers. A generator that asks for the same things gets the same answers.
///
/// Shrinking works on the numbers alone, as in Hypothesis (`MacIver` and Donaldson, "Test-Case Reduction via Test-Case
/// Generation", ECOOP 2020): the generator puts what is simpler first, so that smaller numbers make simpler programs.
pub struct Choices {
    made: Vec<u64>,
    next: usize,
    state: Option<u64>,
}

impl Choices {
    /// Fresh decisions from a seed.
    pub fn new(seed: u64) -> Self {
        Self { made: Vec::new(), next: 0, state: Some(seed) }
    }

    /// The decisions that were made before; past their end every answer is 0.
    pub fn replay(made: Vec<u64>) -> Self {
        Self { made, next: 0, state: None }
    }

    /// What was decided so far.
    pub fn made(&self) -> &[u64] {
        &self.made[..self.next.min(self.made.len())]
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        let made = match &mut self.state {
            Some(state) => {
                let value = next_random(state);
                self.made.push(value);
                value
            }
            None => self.made.get(self.next).copied().unwrap_or_default(),
        };
        self.next += 1;
        // Numbers below the limit stand for themselves, so that shrinking them is shrinking the answer.
        let answer = made % limit as u64;
        if let Some(slot) = self.made.get_mut(self.next - 1) {
            *slot = answer;
        }
        answer as usize
    }

    /// Yes once in `times`.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// `SplitMix64` (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
pub fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The smallest decisions found that are still `interesting`, by leaving out and lowering them.
pub fn shrink(made: &[u64], rounds: usize, mut interesting: impl FnMut(&[u64]) -> bool) -> Vec<u64> {
    let mut best = made.to_vec();
    let mut left = rounds;
    let mut piece = (best.len() / 2).max(1);
    loop {
        let before = best.clone();
        let mut at = 0;
        while at < best.len() && left > 0 {
            let end = (at + piece).min(best.len());
            let without: Vec<u64> = [&best[..at], &best[end..]].concat();
            let mut zeroed = best.clone();
            zeroed[at..end].fill(0);
            let halved: Vec<u64> =
                best.iter().enumerate().map(|(i, n)| if (at..end).contains(&i) { n / 2 } else { *n }).collect();
            let smaller = [without, zeroed, halved].into_iter().find(|candidate| {
                left = left.saturating_sub(1);
                *candidate < best && left > 0 && interesting(candidate)
                    || candidate.len() < best.len() && left > 0 && interesting(candidate)
            });
            match smaller {
                Some(smaller) => best = smaller,
                None => at = end,
            }
        }
        if left == 0 || (piece == 1 && best == before) {
            return best;
        }
        if best == before {
            piece = (piece / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Choices, shrink};

    #[test]
    fn decisions_replay() {
        let mut first = Choices::new(7);
        let answers: Vec<_> = (0..20).map(|_| first.below(10)).collect();
        let mut second = Choices::replay(first.made().to_vec());
        assert_eq!(answers, (0..20).map(|_| second.below(10)).collect::<Vec<_>>());
    }

    #[test]
    fn shrinking_leaves_what_matters() {
        let small = shrink(&[5, 900, 3, 42, 8, 100], 1000, |made| made.iter().any(|n| *n >= 40));
        assert_eq!(small.len(), 1);
        assert!((40..80).contains(&small[0]));
    }
}
