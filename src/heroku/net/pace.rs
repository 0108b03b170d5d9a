//! When a request is sent again, and after how long. Pure: no clock, no chance.

use std::time::Duration;

use super::{Answer, Failure};

/// How often something is tried that fails by itself (network, 5xx).
const TRIES: u32 = 4;

/// How long one request may wait in all for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whether a request may be sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Asking, or naming a final state: twice is as good as once.
    Freely,
    /// Only when the first one can't have reached the server.
    Unsent,
    /// Never, and quickly, after Ctrl-C too: a last word before we go.
    Parting,
}

/// Counts the tries of one request.
#[derive(Debug)]
pub(super) struct Pace {
    repeat: Repeat,
    tries: u32,
    waited: Duration,
}

impl Pace {
    pub(super) fn new(repeat: Repeat) -> Self {
        Pace {
            repeat,
            tries: 0,
            waited: Duration::ZERO,
        }
    }

    /// How long to wait before the next try, or `None` to make do with this outcome.
    pub(super) fn again(&mut self, outcome: &Result<Answer, Failure>) -> Option<Duration> {
        if self.repeat == Repeat::Parting {
            return None;
        }
        self.tries += 1;
        // 1, 2, 4, 8, 16 … seconds.
        let back_off = Duration::from_secs(1 << self.tries.saturating_sub(1).min(5));
        let wait = match outcome {
            Err(Failure::Network { sent, .. }) => {
                let may = self.repeat == Repeat::Freely || !sent;
                (may && self.tries < TRIES).then_some(back_off)
            }
            // Heroku's limit fills up by the minute, so a short wait is often enough.
            Ok(answer) if answer.status == 429 => self
                .freely()
                .then(|| answer.retry_after().unwrap_or(back_off)),
            Ok(answer) if answer.status >= 500 => (self.freely() && self.tries < TRIES)
                .then(|| answer.retry_after().unwrap_or(back_off)),
            _ => None,
        }?;
        // `Retry-After: 0` must not become a busy loop.
        let wait = wait.max(Duration::from_secs(1));
        self.waited = self.waited.saturating_add(wait);
        (self.waited <= PATIENCE).then_some(wait)
    }

    fn freely(&self) -> bool {
        self.repeat == Repeat::Freely
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(repeat: Repeat, outcome: &Result<Answer, Failure>) -> Vec<u64> {
        let mut pace = Pace::new(repeat);
        std::iter::from_fn(|| pace.again(outcome))
            .map(|wait| wait.as_secs())
            .take(100)
            .collect()
    }

    fn network(sent: bool) -> Result<Answer, Failure> {
        Err(Failure::Network {
            what: "broken".to_owned(),
            sent,
        })
    }

    fn on_status(repeat: Repeat, status: u16, retry_after: Option<&str>) -> Vec<u64> {
        waits(repeat, &Ok(Answer::bare(status, retry_after)))
    }

    #[test]
    fn the_schedule_is_fixed() {
        assert_eq!(waits(Repeat::Freely, &network(true)), [1, 2, 4]);
        assert_eq!(on_status(Repeat::Freely, 503, None), [1, 2, 4]);
        assert_eq!(on_status(Repeat::Freely, 429, None), [1, 2, 4, 8, 16]);
        assert_eq!(on_status(Repeat::Freely, 429, Some("20")), [20; 3]);
        assert_eq!(on_status(Repeat::Freely, 429, Some("0")).len(), 60);
        assert!(on_status(Repeat::Freely, 429, Some("3600")).is_empty());
        assert_eq!(
            on_status(Repeat::Freely, 429, Some("Wed, 21 Oct")),
            [1, 2, 4, 8, 16]
        );
        assert!(on_status(Repeat::Freely, 422, None).is_empty());
        let mut pace = Pace::new(Repeat::Freely);
        let answer = |wish: Option<&str>| Ok(Answer::bare(503, wish));
        assert_eq!(pace.again(&answer(None)), Some(Duration::from_secs(1)));
        let most = u64::MAX.to_string();
        assert_eq!(pace.again(&answer(Some(&most))), None);
    }

    #[test]
    fn what_may_have_arrived_is_not_sent_twice() {
        assert!(waits(Repeat::Unsent, &network(true)).is_empty());
        assert_eq!(waits(Repeat::Unsent, &network(false)), [1, 2, 4]);
        assert!(on_status(Repeat::Unsent, 503, None).is_empty());
        assert!(on_status(Repeat::Unsent, 429, None).is_empty());
    }
}
