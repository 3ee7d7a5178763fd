//! The timeline of all credentials: one row each, grouped by registration, by the end that comes first.

use chrono::{DateTime, Utc};

use super::marks;
use super::markup::Markup;
use super::scale::{LAST, Scale, percent};
use super::section::{heading, more, registration_id};
use crate::model::Assessment;
use crate::model::assessment::{CredentialEnd, CredentialView, RegistrationView, StoredMatch};
use crate::model::plural::days;
use crate::model::time;
use crate::report::view::horizon::{Horizon, Urgency};
use crate::report::view::registrations::environment;

/// More rows than this scroll inside their box.
const LONG: usize = 60;

/// How many credentials there are.
pub(super) fn credentials(assessment: &Assessment) -> usize {
    let views = &assessment.registrations;
    views.iter().map(|view| view.credentials.len()).sum()
}

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "timeline",
        "Timeline of all credentials",
        "From start to end. The registration whose credential ends first, or has ended, stands first; then what is \
         not known, then what has no end. The axis is stretched near today; the shaded bands are the \
         policy's, and the last day.",
    );
    if assessment.registrations.is_empty() {
        page.raw("<p>No registration was looked at.</p>\n</section>\n");
        return;
    }
    let horizon = Horizon::of(assessment);
    let scale = Scale::of(&horizon);
    legend(page, &horizon);
    super::section::row_filter(page, "timeline-rows", "Show credentials of");
    let rows = credentials(assessment);
    let class = if rows > LONG { "scroll long" } else { "scroll" };
    page.open(
        "section",
        &[
            ("class", class),
            ("tabindex", "0"),
            ("aria-label", "Timeline, scrolls"),
        ],
    );
    page.raw("\n<table class=\"line\" id=\"timeline-rows\"><caption class=\"quiet\">");
    page.text(&format!(
        "{rows} credentials; today is {}",
        time::day(assessment.run.as_of)
    ));
    page.raw(
        "</caption>\n<thead><tr><th scope=\"col\" class=\"c-who\">Registration</th><th scope=\"col\" \
         class=\"c-what\">Credential</th><th scope=\"col\" class=\"c-end\">Ends</th><th scope=\"col\" class=\"bar\"><span class=\"sr\">From start to \
         end</span>",
    );
    axis(page, &scale);
    page.raw("</th></tr></thead>\n");
    let mut order: Vec<(usize, &RegistrationView)> =
        assessment.registrations.iter().enumerate().collect();
    order.sort_by_key(|(index, view)| (rank(view), *index));
    for (index, view) in order {
        group(page, index, view, &horizon, &scale);
    }
    page.raw("</table>\n");
    if rows > LONG {
        more(page, rows);
    }
    page.raw("</section>\n</section>\n");
}

/// What ends first stands first, by any credential of the registration; then what could not be told, then what
/// never ends.
fn rank(view: &RegistrationView) -> (u8, Option<DateTime<Utc>>) {
    let own = view.credentials.is_empty().then_some(&view.ends);
    let each = || view.credentials.iter().map(|one| &one.ends).chain(own);
    let on = each().filter_map(|ends| match ends {
        CredentialEnd::On { end, .. } => Some(*end),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => None,
    });
    match on.min() {
        Some(end) => (0, Some(end)),
        None if each().any(|ends| matches!(ends, CredentialEnd::Unknown(_))) => (1, None),
        None => (2, None),
    }
}

fn legend(page: &mut Markup, horizon: &Horizon) {
    page.raw("<ul class=\"legend\">");
    let marks = [
        ("u-over", "over".to_owned()),
        ("u-now", format!("ends within {}", days(horizon.now()))),
        ("u-soon", format!("within {}", days(horizon.soon()))),
        ("u-later", "later".to_owned()),
        ("u-never", "no end".to_owned()),
        ("u-unknown", "end not known".to_owned()),
    ];
    for (class, name) in marks {
        page.raw("<li><svg width=\"34\" height=\"18\" aria-hidden=\"true\">");
        bar(page, class, 0, LAST);
        page.raw("</svg> ");
        page.text(&name);
        page.raw("</li>");
    }
    page.raw(
        "<li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><rect class=\"overlap\" x=\"0\" y=\"14\" \
         width=\"100%\" height=\"4\"></rect></svg> lives beside its successor</li></ul>\n",
    );
}

fn axis(page: &mut Markup, scale: &Scale) {
    page.raw("<svg class=\"axis\" width=\"100%\" height=\"22\" aria-hidden=\"true\">");
    for (place, label) in scale.labels() {
        page.element(
            "text",
            &[
                ("x", &percent(place)),
                ("y", "15"),
                ("text-anchor", "middle"),
            ],
            |text| text.text(&label),
        );
    }
    page.raw("</svg>");
}

fn group(
    page: &mut Markup,
    index: usize,
    view: &RegistrationView,
    horizon: &Horizon,
    scale: &Scale,
) {
    let rows = view.credentials.len().max(1);
    page.raw("<tbody data-row><tr>");
    let span = rows.to_string();
    page.element("th", &[("scope", "rowgroup"), ("rowspan", &span)], |cell| {
        let target = format!("#{}", registration_id(index));
        cell.element("a", &[("href", &target)], |link| link.text(&view.name));
        cell.raw(" ");
        cell.word("small", "", &environment(view));
    });
    if view.credentials.is_empty() {
        page.raw("<td>none could be read</td>");
        ends(page, &view.ends, None, None, horizon, scale);
    }
    for (row, credential) in view.credentials.iter().enumerate() {
        if row > 0 {
            page.raw("</tr>\n<tr>");
        }
        what(page, credential);
        let overlap = overlap(credential, &view.credentials);
        ends(
            page,
            &credential.ends,
            credential.start,
            overlap,
            horizon,
            scale,
        );
    }
    page.raw("</tr></tbody>\n");
}

fn what(page: &mut Markup, credential: &CredentialView) {
    page.raw("<td>");
    let short: String = credential.key_id.chars().take(8).collect();
    page.text(&format!("{} {short}", credential.kind));
    if let Some(name) = &credential.name {
        page.raw(" ");
        page.word("small", "", name);
    }
    let stored = match credential.stored {
        StoredMatch::Proven => Some("in the vault, proven"),
        StoredMatch::Matched if credential.kind == "certificate" => {
            Some("same thumbprint as in the vault")
        }
        StoredMatch::Matched => Some("same first characters as in the vault"),
        StoredMatch::Other => None,
        StoredMatch::CannotTell => Some("in the vault?"),
    };
    if let Some(stored) = stored {
        page.raw(" ");
        page.word("span", "chip", stored);
    }
    if credential.safe_to_remove {
        page.raw(" ");
        page.word("span", "chip", "safe to remove");
    }
    page.raw("</td>");
}

/// The time in which the next one lives already: from its start to the end of the older one.
fn overlap(
    credential: &CredentialView,
    all: &[CredentialView],
) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let begun = credential.start?;
    let over = match credential.ends {
        CredentialEnd::On { end, .. } => Some(end),
        CredentialEnd::Never => None,
        CredentialEnd::Unknown(_) => return None,
    };
    let from = all
        .iter()
        .filter_map(|other| other.start)
        .filter(|start| *start > begun)
        .min()?;
    over.is_none_or(|over| from < over).then_some((from, over))
}

fn ends(
    page: &mut Markup,
    ends: &CredentialEnd,
    start: Option<DateTime<Utc>>,
    overlap: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    horizon: &Horizon,
    scale: &Scale,
) {
    let urgency = horizon.urgency(ends);
    let class = marks::urgency(horizon, urgency);
    let at = |moment| scale.place(moment);
    let left = start.map_or(0, at);
    let right = match ends {
        CredentialEnd::On { end, .. } => at(*end),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => LAST,
    };
    page.raw("<td>");
    let (day, near) = horizon.end(ends);
    page.word("b", "", &day);
    page.raw(" ");
    page.word("small", class, &near);
    if let Some(start) = start {
        page.raw(" ");
        page.word("small", "quiet", &format!("from {}", time::day(start)));
    }
    if overlap.is_some() {
        page.raw(" ");
        page.word("small", "quiet", "its successor lives already");
    }
    page.raw("</td><td class=\"bar\"><svg width=\"100%\" height=\"22\" aria-hidden=\"true\">");
    bar(page, class, left, right.max(left));
    if let Some((from, until)) = overlap {
        let (from, until) = (at(from), until.map_or(LAST, at));
        rect(page, "overlap", from, until, "16", "4");
    }
    match urgency {
        Urgency::Never => page.raw(
            "<text class=\"in\" x=\"99%\" y=\"14\" text-anchor=\"end\">no end \u{2192}</text>",
        ),
        Urgency::Unknown => page.raw(
            "<text class=\"in\" x=\"99%\" y=\"14\" text-anchor=\"end\">end not known ?</text>",
        ),
        _ => {}
    }
    page.raw("</svg></td>");
}

fn bar(page: &mut Markup, class: &'static str, left: i64, right: i64) {
    rect(page, class, left, right, "4", "10");
}

fn rect(page: &mut Markup, class: &'static str, left: i64, right: i64, y: &str, height: &str) {
    // A life too short to see is still to be seen.
    let width = percent((right - left).max(40));
    page.open(
        "rect",
        &[
            ("class", class),
            ("x", &percent(left.min(LAST - 40))),
            ("width", &width),
            ("y", y),
            ("height", height),
        ],
    );
    page.close("rect");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_credential_has_a_row_and_none_is_hidden() {
        let assessment = fixture::rich();
        let mut page = Markup::default();
        section(&mut page, &assessment);
        let page = page.finish();
        let rows = page.matches("<td class=\"bar\">").count();
        assert_eq!(
            rows,
            credentials(&assessment) + 1,
            "one registration has none"
        );
        assert!(page.contains("no end \u{2192}") && page.contains("end not known ?"));
        assert!(page.contains("none could be read"));
        let first = page
            .find("raia-contact-sync")
            .expect("the one that is over");
        assert!(first < page.find("tidy").expect("a later one"));
    }

    #[test]
    fn the_overlap_begins_with_the_successor() {
        let view = fixture::proven("a", "prod", "production");
        let mut old = view.credentials[0].clone();
        let new = old.clone();
        old.start = Some("2026-01-01T00:00:00Z".parse().expect("a literal date"));
        old.ends = CredentialEnd::On {
            end: "2026-12-01T00:00:00Z".parse().expect("a literal date"),
            days_left: 10,
        };
        let both = [old.clone(), new.clone()];
        let (from, until) = overlap(&old, &both).expect("they overlap");
        assert_eq!(Some(from), new.start);
        assert_eq!(until.map(time::day).as_deref(), Some("2026-12-01"));
        assert_eq!(overlap(&new, &both), None);
        old.ends = CredentialEnd::On {
            end: "2026-02-01T00:00:00Z".parse().expect("a literal date"),
            days_left: -200,
        };
        assert_eq!(overlap(&old, &both), None, "it ended before");
    }

    #[test]
    fn what_ends_first_stands_first_and_a_likeness_is_called_one() {
        let mut assessment = fixture::empty();
        let mut views = ["early", "left-behind", "unknown", "never"]
            .map(|name| fixture::proven(name, "prod", "production"));
        let on = |day: &str| CredentialEnd::On {
            end: format!("{day}T00:00:00Z").parse().expect("a literal date"),
            days_left: 1,
        };
        views[0].credentials[0].ends = on("2027-01-01");
        views[0].credentials[0].stored = StoredMatch::Matched;
        // Its own end is far, and something that has ended stands beside it.
        views[1].ends = on("2028-01-01");
        let mut old = views[1].credentials[0].clone();
        old.ends = on("2026-07-24");
        old.stored = StoredMatch::Other;
        views[1].credentials.insert(0, old);
        views[2].credentials.clear();
        views[2].ends = CredentialEnd::Unknown("unread".into());
        views[3].credentials[0].ends = CredentialEnd::Never;
        assessment.registrations = views.into_iter().rev().collect();
        let mut page = Markup::default();
        section(&mut page, &assessment);
        let page = page.finish();
        let places: Vec<_> = ["left-behind", "early", "unknown", "never"]
            .map(|name| page.find(&format!(">{name}</a>")).expect(name))
            .into();
        assert!(places.is_sorted(), "{places:?}");
        assert!(page.contains("same first characters as in the vault"));
        assert!(!page.contains(">in the vault<"));
        // The end is told before the bar, which a narrow screen cuts off.
        assert!(page.find("2026-07-24") < page.find("<td class=\"bar\">"));
        assert!(!page.contains("scroll here"));
    }

    #[test]
    fn a_box_that_goes_on_says_so() {
        let mut assessment = fixture::empty();
        assessment.registrations = vec![fixture::proven("a", "prod", "production"); LONG + 1];
        let mut page = Markup::default();
        section(&mut page, &assessment);
        assert!(page.finish().contains("61 rows: scroll here for more"));
    }
}
