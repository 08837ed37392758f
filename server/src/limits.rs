//! How often one member, or one address, may ask.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// A bucket of tokens for everyone who asks, in a fixed amount of memory.
///
/// A bucket is one number: the moment at which it is full again (the "theoretical arrival time" of
/// GCRA). One that is full says nothing, so whoever has been quiet is forgotten first, and whoever
/// is furthest over the limit last: many new names do not wash out a limited one.
pub struct Limiter {
    every_us: u64,
    most_us: u64,
    sets: Box<[Mutex<Set>]>,
    names: RandomState,
    start: Instant,
}

type Set = [Bucket; WAYS];

#[derive(Clone, Copy, Default)]
struct Bucket {
    name: u64,
    full_at_us: u64,
}

/// Buckets among which a name finds its own.
const WAYS: usize = 8;
/// 65,536 buckets in all: one megabyte.
const SETS: usize = 8192;

impl Limiter {
    /// So many a second in the long run, and so many at once; nothing where the rate is no limit.
    pub fn new(rate: u64, burst: u64) -> Option<Self> {
        let every_us = 1_000_000_u64.checked_div(rate)?.max(1);
        Some(Self {
            every_us,
            most_us: every_us * burst.max(1),
            sets: (0..SETS).map(|_| Mutex::default()).collect(),
            names: RandomState::new(),
            start: Instant::now(),
        })
    }

    /// Takes a token from the bucket of `who`; false where it is empty. Since the slowest rate is
    /// one a second, there is one again within the second.
    pub fn take(&self, who: impl Hash) -> bool {
        let now_us = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.take_at(self.names.hash_one(who), now_us)
    }

    fn take_at(&self, name: u64, now_us: u64) -> bool {
        let index = usize::try_from(name % SETS as u64).unwrap_or_default();
        let mut set = self.sets[index].lock().unwrap_or_else(PoisonError::into_inner);
        let own = set.iter().position(|bucket| bucket.name == name);
        let bucket = if let Some(own) = own {
            &mut set[own]
        } else {
            let fullest = set.iter_mut().min_by_key(|bucket| bucket.full_at_us);
            let Some(bucket) = fullest else { return true };
            *bucket = Bucket { name, full_at_us: 0 };
            bucket
        };
        let full_at_us = bucket.full_at_us.max(now_us) + self.every_us;
        if full_at_us - now_us > self.most_us {
            return false;
        }
        bucket.full_at_us = full_at_us;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn a_burst_is_let_through_and_then_the_rate() {
        let limiter = Limiter::new(10, 25).unwrap();
        let at = |now_us| (0..100).filter(|_| limiter.take_at(7, now_us)).count();
        assert_eq!(at(SECOND), 25);
        assert_eq!(at(SECOND + 99_999), 0);
        assert_eq!(at(2 * SECOND), 10);
        // After a long rest there is one burst, not two.
        assert_eq!(at(1000 * SECOND), 25);
    }

    #[test]
    fn one_name_does_not_pay_for_another() {
        let limiter = Limiter::new(1, 1).unwrap();
        assert!(limiter.take("ann"));
        assert!(!limiter.take("ann"));
        assert!(limiter.take("bob"));
    }

    #[test]
    fn a_rate_of_nothing_is_no_limit() {
        assert!(Limiter::new(0, 5).is_none());
    }

    #[test]
    fn a_million_new_names_take_no_memory_and_do_not_free_a_limited_one() {
        let limiter = Limiter::new(10, 20).unwrap();
        let size = size_of_val(&*limiter.sets);
        for _ in 0..20 {
            assert!(limiter.take_at(42, SECOND));
        }
        let let_in = (1..=1_000_000_u64)
            .filter(|n| limiter.take_at(n.wrapping_mul(0x9e37_79b9_7f4a_7c15), SECOND))
            .count();
        assert_eq!(let_in, 1_000_000);
        assert!(!limiter.take_at(42, SECOND));
        assert_eq!(size_of_val(&*limiter.sets), size);
        assert!(size <= 2 << 20, "{size}");
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_the_rate_pass(
            rate in 1_u64..1000,
            burst in 1_u64..1000,
            pauses in proptest::collection::vec(0_u64..50_000, 1..400),
        ) {
            let limiter = Limiter::new(rate, burst).unwrap();
            let (mut now_us, mut passed) = (SECOND, 0);
            for pause in pauses {
                now_us += pause;
                passed += u64::from(limiter.take_at(1, now_us));
            }
            // The step between two is cut to whole microseconds.
            prop_assert!(passed <= burst + (now_us - SECOND) / (SECOND / rate) + 1);
        }
    }
}
