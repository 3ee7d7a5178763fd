//! The report as the HTML part of a mail: tables and inline styles only, for clients that know no more.

use crate::model::assessment::{Assessment, Finding, RungState};
use crate::model::plural::count;
use crate::model::{Severity, time};
use crate::report::html::markup::Markup;
use crate::report::view::findings;
use crate::report::view::horizon::Horizon;
use crate::report::view::registrations::environment;
use crate::report::view::remarks::remarks;
use crate::report::view::tasks::granting;
use crate::report::view::verdict::{self, Standing};

/// More than this is a list for the page, not for a mail.
const FINDINGS: usize = 25;
const HOLES: usize = 10;
const RESTS: usize = 60;

const CELL: &str = "padding:6px 8px;border-bottom:1px solid #d0d5dc;vertical-align:top;text-align:left;\
                    font:14px/20px Arial,sans-serif;color:#1a1f26;";
const HEADING: &str =
    "margin:0;padding:18px 0 6px 0;font:bold 18px/24px Arial,sans-serif;color:#1a1f26;";
const TEXT: &str = "margin:0;padding:2px 0;font:14px/20px Arial,sans-serif;color:#1a1f26;";
const QUIET: &str = "margin:0;padding:2px 0;font:13px/18px Arial,sans-serif;color:#56606c;";

/// The mail's HTML: verdict, what is wrong and what to do, what could not be read, how the rest stands.
#[must_use]
pub(in crate::report) fn letter(assessment: &Assessment) -> String {
    let mut mail = Markup::default();
    mail.raw(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Credential audit</title>\n\
         </head>\n<body bgcolor=\"#f6f7f9\" style=\"margin:0;padding:0;\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#f6f7f9\"><tr><td align=\"center\" style=\"padding:12px 6px;\">\n\
         <table role=\"presentation\" width=\"640\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#ffffff\" style=\"width:100%;max-width:640px;text-align:left;\">\n",
    );
    head(&mut mail, assessment);
    mail.raw("<tr><td style=\"padding:0 18px 18px 18px;\">\n");
    findings(&mut mail, assessment);
    unread(&mut mail, assessment);
    rest(&mut mail, assessment);
    run(&mut mail, assessment);
    mail.raw("</td></tr>\n</table>\n</td></tr></table>\n</body>\n</html>\n");
    mail.finish()
}

fn styled(mail: &mut Markup, tag: &'static str, style: &'static str, text: &str) {
    mail.element(tag, &[("style", style)], |inner| inner.text(text));
    mail.raw("\n");
}

fn head(mail: &mut Markup, assessment: &Assessment) {
    // White on a dark band reads the same where a client turns colours around.
    mail.raw(match Standing::of(assessment) {
        Standing::Clean => "<tr><td bgcolor=\"#146b3a\" style=\"padding:16px 18px;\">\n",
        Standing::Incomplete => "<tr><td bgcolor=\"#5b2f92\" style=\"padding:16px 18px;\">\n",
        Standing::Findings => "<tr><td bgcolor=\"#a3122b\" style=\"padding:16px 18px;\">\n",
    });
    styled(
        mail,
        "h1",
        "margin:0;font:bold 22px/28px Arial,sans-serif;color:#ffffff;",
        &verdict::headline(assessment),
    );
    let white = "margin:0;padding-top:4px;font:13px/18px Arial,sans-serif;color:#ffffff;";
    let coverage = &assessment.coverage;
    let mut line = format!(
        "As of {}. {} of {} registrations proven to work.",
        time::minute(assessment.run.as_of),
        coverage.proven,
        coverage.registrations
    );
    if assessment.run.as_of_given {
        line.push_str(" The date was given by hand; the evidence is of ");
        line.push_str(&time::minute(assessment.run.collected));
        line.push('.');
    }
    styled(mail, "p", white, &line);
    for remark in remarks(&assessment.run) {
        styled(mail, "p", white, &format!("Note: {remark}."));
    }
    if let Some(narrowed) = &assessment.run.narrowed {
        styled(mail, "p", white, &format!("A part only: {narrowed}."));
    }
    mail.raw("</td></tr>\n");
}

fn findings(mail: &mut Markup, assessment: &Assessment) {
    let all = &assessment.findings;
    if all.is_empty() {
        let found = match verdict::waived(assessment) {
            None => "Nothing wrong was found".to_owned(),
            Some(waived) => format!("Nothing wrong was found but {waived}"),
        };
        styled(mail, "h2", HEADING, &found);
        return;
    }
    styled(mail, "h2", HEADING, "What is wrong, and what to do");
    mail.raw("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n");
    for finding in all.iter().take(FINDINGS) {
        mail.raw("<tr>");
        mail.element("td", &[("width", "76"), ("style", CELL)], |cell| {
            severity(cell, finding.severity);
        });
        mail.element("td", &[("style", CELL)], |cell| one(cell, finding));
        mail.raw("</tr>\n");
    }
    mail.raw("</table>\n");
    if all.len() > FINDINGS {
        let more = count(all.len() - FINDINGS, "more finding");
        styled(
            mail,
            "p",
            QUIET,
            &format!("And {more}: the report has them all."),
        );
    }
}

fn severity(mail: &mut Markup, severity: Severity) {
    let style = match severity {
        Severity::Critical => "color:#a3122b;",
        Severity::High => "color:#9a3d00;",
        Severity::Medium => "color:#725500;",
        Severity::Low => "color:#1f5e96;",
        Severity::Info => "color:#5b6470;",
    };
    mail.element("strong", &[("style", style)], |word| {
        word.text(severity.as_str());
    });
}

fn one(mail: &mut Markup, finding: &Finding) {
    mail.word("strong", "", &finding.title);
    mail.raw("<br>");
    mail.text(&findings::who(finding));
    mail.raw("<br>");
    mail.text(&finding.seen);
    mail.raw("<br><strong>Do:</strong> ");
    mail.text(&finding.remedy);
    for step in &finding.steps {
        mail.raw("<br>&#8226; ");
        mail.text(&step.say);
    }
    if !finding.consequences.is_empty() {
        mail.raw("<br>");
        let also = count(finding.consequences.len(), "consequence");
        mail.text(&format!("With it goes: {also}"));
    }
}

fn unread(mail: &mut Markup, assessment: &Assessment) {
    if assessment.gaps.is_empty() && assessment.unknowns.is_empty() {
        return;
    }
    styled(mail, "h2", HEADING, "What could not be read");
    let open = count(assessment.unknowns.len(), "question");
    styled(
        mail,
        "p",
        TEXT,
        &format!("{open} without an answer. None of them is counted as passed."),
    );
    for grant in assessment.grants.iter().take(HOLES) {
        styled(mail, "p", TEXT, &format!("{}.", granting(grant)));
    }
    let holes = || assessment.gaps.iter().filter(|gap| gap.missing.is_none());
    for gap in holes().take(HOLES) {
        let text = match &gap.remedy {
            Some(remedy) => format!("{} ({}): {remedy}.", gap.seen, gap.kind),
            None => format!("{} ({}).", gap.seen, gap.kind),
        };
        styled(mail, "p", TEXT, &text);
    }
    let left =
        holes().count().saturating_sub(HOLES) + assessment.grants.len().saturating_sub(HOLES);
    if left > 0 {
        styled(
            mail,
            "p",
            QUIET,
            &format!("And {left} more: the report has them all."),
        );
    }
}

fn rest(mail: &mut Markup, assessment: &Assessment) {
    if assessment.registrations.is_empty() {
        return;
    }
    styled(mail, "h2", HEADING, "How each registration stands");
    mail.raw("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n<tr>");
    for title in ["Registration", "Works", "Ends", "Findings"] {
        mail.element("th", &[("style", CELL), ("scope", "col")], |cell| {
            cell.text(title);
        });
    }
    mail.raw("</tr>\n");
    let horizon = Horizon::of(assessment);
    for view in assessment.registrations.iter().take(RESTS) {
        let stopped = view
            .rungs
            .iter()
            .find(|rung| matches!(rung.state, RungState::Failed | RungState::Unknown));
        let works = match stopped {
            Some(rung) if rung.state == RungState::Failed => {
                format!("NO: {} {}", rung.name, rung.note)
            }
            Some(rung) => format!("not known: {} {}", rung.name, rung.note),
            None if view
                .rungs
                .iter()
                .any(|rung| rung.state == RungState::Proven) =>
            {
                "yes".to_owned()
            }
            None => "not known".to_owned(),
        };
        let (day, near) = horizon.end(&view.ends);
        let cells = [
            format!("{}, {}", view.name, environment(view)),
            works,
            format!("{day}, {near}"),
            match assessment.waived_of(view) {
                0 => view.findings.to_string(),
                waived => format!("{}, {waived} waived", view.findings),
            },
        ];
        mail.raw("<tr>");
        for text in cells {
            mail.element("td", &[("style", CELL)], |cell| cell.text(&text));
        }
        mail.raw("</tr>\n");
    }
    mail.raw("</table>\n");
    let left = assessment.registrations.len().saturating_sub(RESTS);
    if left > 0 {
        styled(
            mail,
            "p",
            QUIET,
            &format!("And {left} more: the report has them all."),
        );
    }
}

fn run(mail: &mut Markup, assessment: &Assessment) {
    if !assessment.waived.is_empty() {
        let waived = count(assessment.waived.len(), "finding");
        styled(mail, "p", QUIET, &format!("{waived} under a waiver."));
    }
    let line = format!(
        "{} \u{b7} policy {} \u{b7} run {} by {}",
        verdict::verdict(assessment).join(" \u{b7} "),
        assessment.run.policy,
        assessment.run.id,
        assessment.tool
    );
    styled(mail, "p", QUIET, &line);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_mail_is_made_of_what_old_clients_know() {
        let mail = letter(&fixture::rich());
        for unknown in [
            "<script", "<style", "<link", "<img", "<svg", "<div", "url(", "grid", "flex", "class=",
            "http://", "href=",
        ] {
            assert!(!mail.contains(unknown), "{unknown}");
        }
        assert!(mail.contains("bgcolor=\"#a3122b\""));
        assert!(mail.contains("3 findings at or above high, and 2 questions have no answer"));
        assert!(mail.contains("A part only: --env prod."));
        assert!(mail.contains("<strong>Do:</strong> Add a new client secret"));
        assert!(mail.contains("NO: token 401 AADSTS7000222"));
        assert_eq!(mail, letter(&fixture::rich()));
    }

    #[test]
    fn hostile_names_are_shown_and_do_nothing() {
        let mut assessment = fixture::rich();
        let evil = "</td><script>alert(1)</script>\"\r\n\u{202e}";
        for finding in &mut assessment.findings {
            finding.registrations = vec![evil.into()];
            finding.remedy = evil.into();
        }
        assessment.registrations[0].name = evil.into();
        assessment.gaps[0].seen = evil.into();
        let mail = letter(&assessment);
        assert!(!mail.contains("<script") && !mail.contains(['\u{202e}', '\r', '\u{1b}']));
        assert!(mail.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_long_report_says_what_it_leaves_out() {
        let mut assessment = fixture::rich();
        let one = assessment.findings[0].clone();
        assessment.findings = vec![one; 40];
        let mail = letter(&assessment);
        assert!(mail.contains("And 15 more findings: the report has them all."));
    }
}
