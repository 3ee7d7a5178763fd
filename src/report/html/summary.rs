//! The top of the page: what is wrong, how bad, and what to do first.

use super::marks::{self, severity};
use super::markup::Markup;
use super::section::{counts, tile};
use super::{coverage, findings};
use crate::model::assessment::{Assessment, CredentialEnd};
use crate::model::plural::count;
use crate::model::plural::days;
use crate::model::{Severity, time};
use crate::report::view::findings::who;
use crate::report::view::horizon::{Horizon, Urgency};
use crate::report::view::run::caveats;
use crate::report::view::tasks::{Task, granting, tasks};
use crate::report::view::verdict::{headline, verdict, waived};

/// How many findings and grants stand at the top; the sections below hold them all.
const FIRST: usize = 5;
/// How many of one task's registrations are named there.
const NAMED: usize = 8;

/// The verdict and four numbers.
pub(super) fn header(page: &mut Markup, assessment: &Assessment) {
    let run = &assessment.run;
    page.raw("<header>\n");
    page.element(
        "div",
        &[("class", marks::verdict_class(assessment))],
        |band| {
            band.word("p", "what", "Credential audit of Dynamics 365 integrations");
            band.word("h1", "", &headline(assessment));
            let when = format!("As of {}", time::minute(run.as_of));
            band.word("p", "when", &when);
            for caveat in caveats(run) {
                band.word("p", "narrowed", &format!("Note: {caveat}."));
            }
            band.word("p", "sum", &verdict(assessment).join(" \u{b7} "));
        },
    );
    page.raw("<div class=\"tiles\">\n");
    severities(page, assessment);
    proven(page, assessment);
    ends(page, assessment);
    coverage::tile(page, assessment);
    page.raw("</div>\n</header>\n");
}

fn severities(page: &mut Markup, assessment: &Assessment) {
    let findings = &assessment.findings;
    tile(page, "Findings", &findings.len().to_string(), |tile| {
        let worst_first = Severity::ALL.into_iter().rev();
        let rows = worst_first.map(|one| {
            let number = findings.iter().filter(|finding| finding.severity == one);
            (move |page: &mut Markup| severity(page, one), number.count())
        });
        counts(tile, rows);
    });
}

fn proven(page: &mut Markup, assessment: &Assessment) {
    let coverage = &assessment.coverage;
    let number = format!("{} of {}", coverage.proven, coverage.registrations);
    tile(page, "Proven to work", &number, |tile| {
        tile.word(
            "p",
            "",
            "registrations passed every step, from the vault to the tables, with the stored credential",
        );
    });
}

fn ends(page: &mut Markup, assessment: &Assessment) {
    let horizon = Horizon::of(assessment);
    let number = |wanted: &dyn Fn(Urgency) -> bool| {
        assessment
            .registrations
            .iter()
            .filter(|view| wanted(horizon.urgency(&view.ends)))
            .count()
    };
    let next = assessment
        .registrations
        .iter()
        .filter_map(|view| match view.ends {
            CredentialEnd::On { end, days_left } if !time::is_past(end, horizon.as_of) => {
                Some((end, days_left, &view.name))
            }
            _ => None,
        })
        .min();
    let next_end = match next {
        Some((_, left, _)) => format!("in {}", days(left)),
        None => "none known".to_owned(),
    };
    tile(page, "Next expiry", &next_end, |tile| {
        if let Some((end, _, name)) = next {
            tile.word("p", "", &format!("{name}, {}", time::day(end)));
        }
        let (now, soon) = (horizon.now(), horizon.soon());
        let within = |from, to| {
            number(&|one| matches!(one, Urgency::Within(band) if (from..=to).contains(&band)))
        };
        let mut rows = vec![
            ("expired".to_owned(), number(&|one| one == Urgency::Over)),
            (format!("within {}", days(now)), within(0, now)),
        ];
        if soon > now {
            rows.push((
                format!("{} to {}", now + 1, days(soon)),
                within(now + 1, soon),
            ));
        }
        rows.push(("never".to_owned(), number(&|one| one == Urgency::Never)));
        rows.push(("unknown".to_owned(), number(&|one| one == Urgency::Unknown)));
        let rows = rows
            .into_iter()
            .map(|(name, number)| (move |page: &mut Markup| page.text(&name), number));
        counts(tile, rows);
    });
}

/// What to do first: the worst findings, and the rights that would answer most.
pub(super) fn first(page: &mut Markup, assessment: &Assessment) {
    page.raw("<section class=\"first\">\n<h2>Do this first</h2>\n");
    if assessment.findings.is_empty() && assessment.grants.is_empty() {
        page.word("p", "", &nothing(assessment));
    }
    let tasks = tasks(assessment);
    page.raw("<ol>\n");
    for one in tasks.iter().take(FIRST) {
        task(page, one);
    }
    page.raw("</ol>\n");
    let more: usize = tasks.iter().skip(FIRST).map(|one| one.all.len()).sum();
    if more > 0 {
        page.raw("<p><a href=\"#findings\">");
        page.text(&format!("and {}", count(more, "more finding")));
        page.raw("</a>, each with what to do</p>\n");
    }
    if !assessment.grants.is_empty() {
        page.raw("<h3>To check more</h3>\n<ul>\n");
        for grant in assessment.grants.iter().take(FIRST) {
            page.word("li", "", &granting(grant));
        }
        page.raw("</ul>\n");
        if assessment.grants.len() > FIRST {
            page.raw("<p><a href=\"#unread\">all missing permissions</a></p>\n");
        }
    }
    page.raw("</section>\n");
}

/// Where no finding counts: what is waived is not done, either.
fn nothing(assessment: &Assessment) -> String {
    let until = assessment.waived.iter().map(|one| &one.expires).min();
    match (waived(assessment), until) {
        (Some(waived), Some(until)) => format!(
            "Nothing was found that needs doing today, except {waived}, below: the first waiver expires on {until}."
        ),
        _ => "Nothing was found that needs doing.".to_owned(),
    }
}

fn task(page: &mut Markup, task: &Task<'_>) {
    page.raw("<li>");
    severity(page, task.first.severity);
    page.raw(" ");
    page.word("b", "", task.first.title.letters());
    page.raw(": ");
    for (place, (index, finding)) in task.all.iter().take(NAMED).enumerate() {
        if place > 0 {
            page.raw(", ");
        }
        let target = format!("#{}", findings::id(*index));
        page.element("a", &[("href", &target), ("class", "who")], |link| {
            link.text(&who(finding));
        });
    }
    if task.all.len() > NAMED {
        page.text(&format!(" and {} more", task.all.len() - NAMED));
    }
    page.word("p", "do", task.first.remedy.letters());
    page.raw("</li>\n");
}
