//! Numbers without a pattern, the same in every run.

/// xorshift64*.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, factor: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(factor) | 1);
        for _ in 0..4 {
            dice.roll(2);
        }
        dice
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    /// One or two of these.
    pub fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        let first = self.one(of);
        let mut all = vec![first];
        if self.chance(35) {
            let second = self.one(of);
            if second != first {
                all.push(second);
            }
        }
        all
    }
}
