//! What the signs of the two matrices mean.

/// For both of them.
pub(super) const LEGEND: &str = "<ul class=\"legend\">\
    <li><b class=\"m-refused\">✕ refused</b> a real call was refused</li>\
    <li><b class=\"m-open\">● accepted</b> a real call was accepted</li>\
    <li><b class=\"m-granted\">◐ granted, ◑ not granted</b> by the grants only</li>\
    <li><b class=\"m-observed\">◉ seen accepted, ◌ seen refused</b> by a real call only</li>\
    <li><b class=\"m-disagrees\">≠ disagrees</b> call and grants contradict each other</li>\
    <li><b class=\"m-unknown\">? unknown</b> neither could be read</li>\
    <li><b class=\"m-quiet\">– not tried</b> switched off by the estate or the policy</li>\
    <li><b class=\"m-quiet\">n/a</b> does not apply</li></ul>\n";
