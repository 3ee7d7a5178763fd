//! The timeline of all credentials: one row each, grouped by registration, by the end that comes first.

use super::marks;
use super::markup::Markup;
use super::scale::{LAST, Scale, percent};
use super::section::{Scrolling, heading, scrolling, whose};
use crate::model::assessment::{Assessment, CredentialEnd, CredentialView, RegistrationView};
use crate::model::plural::days;
use crate::model::time::day;
use crate::report::view::credentials::{Life, in_vault, lives, rank, short};
use crate::report::view::horizon::{Horizon, Urgency};

const TABLE: Scrolling = Scrolling {
    id: "timeline-rows",
    filter: "Show credentials of",
    label: "Timeline, scrolls",
    head: "<table class=\"line\" id=\"timeline-rows\">",
};

pub(super) fn section(page: &mut Markup, assessment: &Assessment) {
    heading(
        page,
        "timeline",
        "Timeline of all credentials",
        "Sorted by expiry date; unknown and non-expiring last. Time is stretched near today. Shaded: the policy's \
         warning periods and the last day.",
    );
    if assessment.registrations.is_empty() {
        page.raw("<p>No registration was audited.</p>\n</section>\n");
        return;
    }
    let horizon = Horizon::of(assessment);
    let scale = Scale::of(&horizon);
    legend(page, &horizon);
    let views = &assessment.registrations;
    let rows = views.iter().map(|view| view.credentials.len()).sum();
    scrolling(page, &TABLE, rows, |page| {
        page.fill(
            "<caption class=\"quiet\">{} credentials; today is {}</caption>\n<thead><tr>\
             <th scope=\"col\" class=\"c-who\">Registration</th><th scope=\"col\" class=\"c-what\">Credential</th>\
             <th scope=\"col\" class=\"c-end\">Expires</th><th scope=\"col\" class=\"bar\">\
             <span class=\"sr\">From creation to expiry</span><svg class=\"axis\" width=\"100%\" height=\"22\" \
                           aria-hidden=\"true\">",
            &[&rows, &day(assessment.run.as_of)],
        );
        for (place, label) in scale.labels() {
            page.fill(
                "<text x=\"{}\" y=\"15\" text-anchor=\"middle\">{}</text>",
                &[&percent(place), &label],
            );
        }
        page.raw("</svg></th></tr></thead>\n");
        let mut order: Vec<_> = views.iter().enumerate().collect();
        order.sort_by_key(|(index, view)| (rank(view), *index));
        for (index, view) in order {
            group(page, index, view, &horizon, &scale);
        }
        page.raw("</table>\n");
    });
}

fn legend(page: &mut Markup, horizon: &Horizon) {
    page.raw("<ul class=\"legend\">");
    for (class, name) in [
        ("u-over", "expired".to_owned()),
        ("u-now", format!("expires within {}", days(horizon.now()))),
        ("u-soon", format!("within {}", days(horizon.soon()))),
        ("u-later", "later".to_owned()),
        ("u-never", "never expires".to_owned()),
        ("u-unknown", "expiry unknown".to_owned()),
    ] {
        page.raw("<li><svg width=\"34\" height=\"18\" aria-hidden=\"true\">");
        bar(page, class, 0, LAST);
        page.fill("</svg> {}</li>", &[&name]);
    }
    page.raw(
        "<li><svg width=\"34\" height=\"18\" aria-hidden=\"true\"><rect class=\"overlap\" x=\"0\" y=\"14\" \
         width=\"100%\" height=\"4\"></rect></svg> valid together with its successor</li></ul>\n",
    );
}

fn group(
    page: &mut Markup,
    index: usize,
    view: &RegistrationView,
    horizon: &Horizon,
    scale: &Scale,
) {
    let lives = lives(view);
    page.fill(
        "<tbody data-row><tr><th scope=\"rowgroup\" rowspan=\"{}\">",
        &[&lives.len()],
    );
    whose(page, index, view);
    page.raw("</th>");
    for (row, (credential, life)) in lives.into_iter().enumerate() {
        if row > 0 {
            page.raw("</tr>\n<tr>");
        }
        match credential {
            Some(credential) => what(page, credential),
            None => page.raw("<td>none could be read</td>"),
        }
        ends(page, life, horizon);
        bars(page, life, horizon, scale);
    }
    page.raw("</tr></tbody>\n");
}

fn what(page: &mut Markup, credential: &CredentialView) {
    page.fill("<td>{}", &[&short(credential)]);
    if let Some(name) = &credential.name {
        page.fill(" <small>{}</small>", &[&name]);
    }
    let removable = credential.safe_to_remove.then_some("safe to delete");
    for chip in in_vault(credential).into_iter().chain(removable) {
        page.fill(" <span class=\"chip\">{}</span>", &[&chip]);
    }
    page.raw("</td>");
}

fn ends(page: &mut Markup, life: Life<'_>, horizon: &Horizon) {
    let class = marks::urgency(horizon, horizon.urgency(life.ends));
    let (end, near) = horizon.end(life.ends);
    page.fill(
        "<td><b>{}</b> <small class=\"{}\">{}</small>",
        &[&end, &class, &near],
    );
    if let Some(start) = life.start {
        page.fill(" <small class=\"quiet\">from {}</small>", &[&day(start)]);
    }
    if life.overlap.is_some() {
        page.raw(" <small class=\"quiet\">replaced</small>");
    }
    page.raw("</td>");
}

fn bars(page: &mut Markup, life: Life<'_>, horizon: &Horizon, scale: &Scale) {
    let urgency = horizon.urgency(life.ends);
    let at = |moment| scale.place(moment);
    let left = life.start.map_or(0, at);
    let right = match life.ends {
        CredentialEnd::On { end, .. } => at(*end),
        CredentialEnd::Never | CredentialEnd::Unknown(_) => LAST,
    };
    page.raw("<td class=\"bar\"><svg width=\"100%\" height=\"22\" aria-hidden=\"true\">");
    bar(
        page,
        marks::urgency(horizon, urgency),
        left,
        right.max(left),
    );
    if let Some((from, until)) = life.overlap {
        rect(page, "overlap", at(from), until.map_or(LAST, at), "16", "4");
    }
    let inside = match urgency {
        Urgency::Never => Some("never expires \u{2192}"),
        Urgency::Unknown => Some("expiry unknown ?"),
        _ => None,
    };
    if let Some(inside) = inside {
        page.fill(
            "<text class=\"in\" x=\"99%\" y=\"14\" text-anchor=\"end\">{}</text>",
            &[&inside],
        );
    }
    page.raw("</svg></td>");
}

fn bar(page: &mut Markup, class: &'static str, left: i64, right: i64) {
    rect(page, class, left, right, "4", "10");
}

fn rect(page: &mut Markup, class: &'static str, left: i64, right: i64, y: &str, height: &str) {
    // A life too short to see is still to be seen.
    let (x, width) = (
        percent(left.min(LAST - 40)),
        percent((right - left).max(40)),
    );
    page.fill(
        "<rect class=\"{}\" x=\"{}\" width=\"{}\" y=\"{}\" height=\"{}\"></rect>",
        &[&class, &x, &width, &y, &height],
    );
}

#[cfg(test)]
mod tests {
    use super::super::section::LONG;
    use super::*;
    use crate::model::assessment::{CredentialEnd, StoredMatch};
    use crate::report::fixture;

    #[test]
    fn every_credential_has_a_row_and_none_is_hidden() {
        let assessment = fixture::rich();
        let mut page = Markup::default();
        section(&mut page, &assessment);
        let page = page.finish();
        let rows = page.matches("<td class=\"bar\">").count();
        let views = assessment.registrations.iter();
        let credentials: usize = views.map(|view| view.credentials.len()).sum();
        assert_eq!(rows, credentials + 1, "one registration has none");
        assert!(page.contains("never expires \u{2192}") && page.contains("expiry unknown ?"));
        assert!(page.contains("none could be read"));
        let first = page
            .find("raia-contact-sync")
            .expect("the one that is over");
        assert!(first < page.find("tidy").expect("a later one"));
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
        assert!(page.contains("looks like the vault&#39;s"));
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
