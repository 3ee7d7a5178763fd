//! What the signs of the two matrices mean.

/// For both of them.
pub(super) const LEGEND: &str = "<ul class=\"legend\">\
    <li><b class=\"m-refused\">✕ refused</b> a real call was refused</li>\
    <li><b class=\"m-open\">● open</b> a real call was answered</li>\
    <li><b class=\"m-granted\">◐ granted, ◑ not granted</b> only the grants were read</li>\
    <li><b class=\"m-observed\">◉ seen open, ◌ seen refused</b> only a call tells it</li>\
    <li><b class=\"m-disagrees\">≠ disagrees</b> call and grants contradict each other</li>\
    <li><b class=\"m-unknown\">? unknown</b> neither could be had</li>\
    <li><b class=\"m-quiet\">– not tried</b> estate or policy leave it out</li>\
    <li><b class=\"m-quiet\">n/a</b> the question does not arise</li></ul>\n";
