//! Tokens that are asked for again before they expire: whoever was given one sends what it was replaced by.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::{Ask, bearer, lock};
use crate::model::{Gap, GapKind};

/// A token is asked for again when less than this is left of it.
const MARGIN: Duration = Duration::from_secs(300);

/// After a token was not given again, the next try.
const PAUSE: Duration = Duration::from_secs(30);

/// A token as it was given.
#[derive(Clone, Debug)]
pub(crate) struct Lease {
    pub(crate) token: SecretString,
    pub(crate) life: Life,
}

/// How long a token is good for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    since: Instant,
    /// `None` where nobody said.
    lasts: Option<Duration>,
}

impl Life {
    /// From now on.
    pub(crate) fn new(lasts: Option<Duration>) -> Self {
        Self {
            since: Instant::now(),
            lasts,
        }
    }

    /// Whether it is time to ask again. A token that lives for less than the margin is used for half its life.
    pub(crate) fn is_due(self) -> bool {
        self.lasts.is_some_and(|lasts| {
            let used = if lasts > MARGIN {
                lasts - MARGIN
            } else {
                lasts / 2
            };
            self.since.elapsed() >= used
        })
    }

    pub(crate) fn is_over(self) -> bool {
        self.lasts
            .is_some_and(|lasts| self.since.elapsed() >= lasts)
    }

    /// Whether a 401 may be about the token's age, and about nothing else.
    fn may_be_over(self) -> bool {
        self.is_over() || self.since.elapsed() >= MARGIN
    }
}

/// Who gives a token again.
#[async_trait]
pub(crate) trait Renewal: Send + Sync {
    /// Another token in place of this one.
    async fn again(&self, instead: &SecretString) -> Result<Lease, Gap>;
}

struct Held {
    source: Arc<dyn Renewal>,
    now: tokio::sync::Mutex<Now>,
}

struct Now {
    lease: Lease,
    /// Not before this time, after a try that failed.
    next: Option<Instant>,
}

/// All tokens of the run that can be asked for again.
#[derive(Default)]
pub(super) struct Renewals {
    /// Finds a token without keeping it as a key: random, and gone with the run.
    hasher: RandomState,
    held: Mutex<BTreeMap<u64, Arc<Held>>>,
}

/// What one request is sent with.
pub(super) struct Current {
    held: Arc<Held>,
    lease: Lease,
}

impl Current {
    pub(super) fn header(&self) -> Option<HeaderValue> {
        bearer(self.lease.token.expose_secret())
    }
}

impl Renewals {
    /// Notes who gives this token again.
    pub(super) fn lend(&self, lease: &Lease, source: Arc<dyn Renewal>) {
        let key = self.hasher.hash_one(lease.token.expose_secret().as_bytes());
        lock(&self.held).entry(key).or_insert_with(|| {
            let now = Now {
                lease: lease.clone(),
                next: None,
            };
            Arc::new(Held {
                source,
                now: tokio::sync::Mutex::new(now),
            })
        });
    }

    /// What stands for the request's token now; `None` where nobody gives it again.
    ///
    /// # Errors
    /// The gap, where the token is over and was not given again.
    pub(super) async fn current(&self, ask: &Ask) -> Result<Option<Current>, Gap> {
        let Some(held) = self.of(ask) else {
            return Ok(None);
        };
        let mut now = held.now.lock().await;
        let life = now.lease.life;
        let pause = now.next.is_some_and(|next| Instant::now() < next);
        if life.is_due() && (life.is_over() || !pause) {
            match held.source.again(&now.lease.token).await {
                Ok(lease) => now.lease = lease,
                Err(gap) if life.is_over() => return Err(unrenewed(ask, &gap)),
                Err(_) => now.next = Some(Instant::now() + PAUSE),
            }
        }
        let lease = now.lease.clone();
        drop(now);
        Ok(Some(Current { held, lease }))
    }

    /// After a 401: whether another token is there to be sent in its place.
    ///
    /// # Errors
    /// The gap, where the token may be over and was not given again: the 401 is then no missing right.
    pub(super) async fn after_401(&self, ask: &Ask, sent: &Current) -> Result<bool, Gap> {
        if !sent.lease.life.may_be_over() {
            return Ok(false);
        }
        let mut now = sent.held.now.lock().await;
        let same = |lease: &Lease| lease.token.expose_secret() == sent.lease.token.expose_secret();
        if same(&now.lease) {
            let again = sent.held.source.again(&sent.lease.token).await;
            now.lease = again.map_err(|gap| unrenewed(ask, &gap))?;
        }
        let same = same(&now.lease);
        drop(now);
        if same && sent.lease.life.is_over() {
            let gap = Gap::new(GapKind::Unrecognised, "the same one was given again");
            return Err(unrenewed(ask, &gap));
        }
        Ok(!same)
    }

    fn of(&self, ask: &Ask) -> Option<Arc<Held>> {
        let header = ask.headers.get(AUTHORIZATION)?.as_bytes();
        let token = header.strip_prefix(b"Bearer ")?;
        let key = self.hasher.hash_one(token);
        lock(&self.held).get(&key).cloned()
    }
}

fn unrenewed(ask: &Ask, gap: &Gap) -> Gap {
    Gap {
        seen: format!(
            "{} had no answer: its token expired, and another was not given: {}",
            ask.call, gap.seen
        )
        .into(),
        ..gap.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::model::Service;

    /// Gives `token-2`, `token-3` and so on, or nothing.
    struct Source {
        given: AtomicU32,
        lasts: u64,
        refuses: bool,
    }

    #[async_trait]
    impl Renewal for Source {
        async fn again(&self, _: &SecretString) -> Result<Lease, Gap> {
            let number = self.given.fetch_add(1, Ordering::SeqCst) + 2;
            if self.refuses {
                return Err(Gap::new(GapKind::Unreachable, "nobody is there"));
            }
            Ok(lease(number, self.lasts))
        }
    }

    fn lease(number: u32, lasts: u64) -> Lease {
        Lease {
            token: SecretString::from(format!("token-{number}")),
            life: Life::new(Some(Duration::from_secs(lasts))),
        }
    }

    fn ask() -> Ask {
        let url = "https://graph.microsoft.com/v1.0/applications"
            .parse()
            .expect("a url");
        Ask::get(Service::Graph, "shared", "the list", url).bearer("token-1")
    }

    fn lent(lasts: u64, refuses: bool) -> (Renewals, Arc<Source>) {
        let renewals = Renewals::default();
        let given = AtomicU32::new(0);
        let source = Arc::new(Source {
            given,
            lasts,
            refuses,
        });
        renewals.lend(&lease(1, lasts), Arc::<Source>::clone(&source));
        (renewals, source)
    }

    async fn sent(renewals: &Renewals) -> Result<String, Gap> {
        let current = renewals.current(&ask()).await?;
        Ok(current
            .expect("lent")
            .lease
            .token
            .expose_secret()
            .to_owned())
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_asked_for_again_five_minutes_before_it_expires_and_by_one_alone() {
        let (renewals, source) = lent(3_600, false);
        tokio::time::advance(Duration::from_secs(3_299)).await;
        assert_eq!(sent(&renewals).await.expect("a token"), "token-1");
        tokio::time::advance(Duration::from_secs(1)).await;
        let all = futures::future::join_all((0..20).map(|_| sent(&renewals))).await;
        assert!(
            all.iter().all(|token| token.as_deref() == Ok("token-2")),
            "{all:?}"
        );
        // Three hours later, whoever holds the first one is still served.
        for _ in 0..3 {
            tokio::time::advance(Duration::from_secs(3_600)).await;
            sent(&renewals).await.expect("a token");
        }
        assert_eq!(source.given.load(Ordering::SeqCst), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_life_is_used_for_its_half_and_an_untold_one_for_good() {
        let (renewals, _) = lent(60, false);
        tokio::time::advance(Duration::from_secs(29)).await;
        assert_eq!(sent(&renewals).await.expect("a token"), "token-1");
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(sent(&renewals).await.expect("a token"), "token-2");
        assert!(!Life::new(None).is_due() && !Life::new(None).is_over());
        assert!(Life::new(Some(Duration::ZERO)).is_due());
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_given_again_is_used_to_its_end_and_then_no_missing_right() {
        let (renewals, source) = lent(3_600, true);
        tokio::time::advance(Duration::from_secs(3_310)).await;
        for _ in 0..5 {
            assert_eq!(sent(&renewals).await.expect("still good"), "token-1");
        }
        assert_eq!(source.given.load(Ordering::SeqCst), 1);
        tokio::time::advance(Duration::from_secs(300)).await;
        let gap = sent(&renewals).await.expect_err("over");
        assert_eq!(gap.kind, GapKind::Unreachable);
        assert!(gap.seen.contains("its token expired"), "{gap}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_401_is_believed_of_a_fresh_token_and_of_no_older_one() {
        let (renewals, source) = lent(3_600, false);
        let current = renewals.current(&ask()).await.expect("good").expect("lent");
        assert_eq!(renewals.after_401(&ask(), &current).await, Ok(false));
        tokio::time::advance(Duration::from_secs(301)).await;
        assert_eq!(renewals.after_401(&ask(), &current).await, Ok(true));
        // The next that was sent with the old one finds the new one.
        assert_eq!(renewals.after_401(&ask(), &current).await, Ok(true));
        assert_eq!(source.given.load(Ordering::SeqCst), 1);
        assert_eq!(sent(&renewals).await.expect("a token"), "token-2");
    }
}
