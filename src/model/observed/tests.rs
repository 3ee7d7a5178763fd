//! Facts and gaps, tried.

use super::*;

#[test]
fn absence_from_a_list_cut_short_is_unknown() {
    let gap = Gap::new(GapKind::Truncated, "page 3 of 5 answered 500");
    let listing = Listing::cut_short(vec![1, 2], gap.clone());
    assert_eq!(
        listing.find(|item| **item == 2),
        Observed::Known(Presence::Present(&2))
    );
    assert_eq!(listing.find(|item| **item == 9), Observed::Unknown(gap));
    assert!(listing.whole().is_err());
    assert_eq!(
        Listing::complete(vec![1]).find(|item| **item == 9),
        Observed::Known(Presence::Absent)
    );
}
