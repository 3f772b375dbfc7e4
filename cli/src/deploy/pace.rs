//! Asking AWS again and again: ever slower, and not for ever.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// The pauses between questions.
pub struct Pace {
    pause: Duration,
}

impl Pace {
    pub fn new() -> Pace {
        Pace { pause: FIRST }
    }

    /// Something happened, so more may follow soon.
    pub fn hurry(&mut self) {
        self.pause = FIRST * 4;
    }

    /// Waits a little longer than the last time; false once the deadline is over.
    pub async fn wait(&mut self, deadline: Instant) -> bool {
        if Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep_until(deadline.min(Instant::now() + self.pause)).await;
        self.pause = (self.pause * 3 / 2).min(LONGEST);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_end_at_the_deadline() {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let mut pace = Pace { pause: Duration::from_millis(1) };
            assert!(pace.wait(Instant::now() + Duration::from_secs(9)).await);
            assert!(pace.pause > Duration::from_millis(1));
            pace.pause = LONGEST;
            assert!(pace.wait(Instant::now() + Duration::from_millis(1)).await);
            assert_eq!(pace.pause, LONGEST);
            assert!(!pace.wait(Instant::now()).await);
        });
    }
}
