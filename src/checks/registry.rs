//! Every check there is, in the order of the catalogue: the families' lists, one after another.

use super::check::{Check as _, Registered};
use super::hygiene::expired_waiver::ExpiredWaiver;
use super::hygiene::unused_waiver::UnusedWaiver;
use super::{access, hygiene, isolation, least_privilege, lifecycle};

const FAMILIES: [&[Registered]; 5] = [
    lifecycle::CHECKS,
    access::CHECKS,
    least_privilege::CHECKS,
    isolation::CHECKS,
    hygiene::CHECKS,
];

/// Every check, by family, in the order of the catalogue.
pub static ALL: &[Registered] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
}

const fn joined<const N: usize>() -> [Registered; N] {
    let mut all = [FAMILIES[0][0]; N];
    let (mut next, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut index = 0;
        while index < FAMILIES[family].len() {
            all[next] = FAMILIES[family][index];
            next += 1;
            index += 1;
        }
        family += 1;
    }
    all
}

/// The two checks about the policy itself: a snapshot knows nothing of them, so `evaluate` gives their
/// verdicts.
pub(crate) const UNUSED_WAIVER: &str = UnusedWaiver::META.id;
/// See [`UNUSED_WAIVER`].
pub(crate) const EXPIRED_WAIVER: &str = ExpiredWaiver::META.id;

/// The check with this id.
pub(crate) fn find(id: &str) -> Option<&'static Registered> {
    ALL.iter().find(|check| check.meta.id == id)
}
