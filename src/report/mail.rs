//! Mails: a document of the audit or of one person's reminders, laid out as HTML and as plain text.

mod audit;
pub(super) mod digest;
mod document;
mod letter;
mod plain;

use crate::model::Assessment;
use crate::report::printable::cut;

use super::printable::clean;

/// Of an estate's name in the subject.
const NAME: usize = 40;

/// Columns of the body: what mail clients show without wrapping.
const WIDTH: u16 = 78;

/// What is sent; who sends it to whom is no business of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    /// One line without control characters: `credaudit contoso: 7 findings at or above high`.
    pub subject: String,
    /// Plain text, each line ended by a newline.
    pub body: String,
    /// The same in short, for clients that show HTML: tables and inline styles, nothing from outside.
    pub html: String,
}

/// The report as a mail; `whose` is the estate or the tenant it is about.
pub fn mail(assessment: &Assessment, whose: &str) -> MailText {
    let part = match assessment.run.narrowed {
        Some(_) => " (a part)",
        None => "",
    };
    let whose = cut(&clean(whose), NAME);
    let document = audit::document(assessment);
    MailText {
        subject: format!(
            "{}{part}: {}",
            format!("credaudit {whose}").trim_end(),
            document.headline
        ),
        body: plain::plain(&document, WIDTH),
        html: letter::letter(&document),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_subject_is_short_and_says_whose_verdict_it_is() {
        let mut assessment = fixture::rich();
        assessment.run.narrowed = Some("--env prod\r\nBcc: thief@example.com".into());
        let subject = mail(&assessment, "contoso").subject;
        assert_eq!(
            subject,
            "credaudit contoso (a part): 3 findings at or above high, and 2 checks have no answer, 1 list is \
             incomplete (applications); 1 waived finding (worst: high)"
        );
        let subject = mail(&fixture::empty(), "contoso\r\nBcc: x").subject;
        assert_eq!(
            subject,
            "credaudit contoso Bcc: x: Clean: nothing at or above high"
        );
        let long = mail(&fixture::empty(), &"x".repeat(500)).subject;
        assert!(long.chars().count() < 100, "{long}");
    }

    #[test]
    fn the_text_is_short_and_begins_with_what_counts() {
        let mut assessment = fixture::rich();
        let one = assessment.findings[0].clone();
        assessment.findings = vec![one; 500];
        for number in 0..500 {
            assessment
                .unknowns
                .push(fixture::unknown(&format!("check-{number}"), "x", true));
            let view = fixture::proven(&format!("r-{number}"), "prod", "production");
            assessment.registrations.push(view);
        }
        let body = mail(&assessment, "contoso").body;
        assert!(body.lines().count() <= 200, "{}", body.lines().count());
        let lines: Vec<&str> = body.lines().collect();
        assert!(
            lines[0].starts_with("3 findings at or above high"),
            "{body}"
        );
        assert!(
            lines
                .iter()
                .take(15)
                .any(|line| line.contains("Add a new client secret")),
            "{body}"
        );
        assert!(
            body.contains("and 450 more") && body.contains("attached"),
            "{body}"
        );
        assert!(
            body.contains("1 of 4 registrations") && body.contains("120 checks made"),
            "{body}"
        );
    }

    #[test]
    fn nothing_to_do_is_said_shortly() {
        let body = mail(&fixture::empty(), "contoso").body;
        assert!(
            body.starts_with("Clean: nothing at or above high\n"),
            "{body}"
        );
        assert!(body.lines().count() < 20, "{body}");
    }

    #[test]
    fn the_body_fits_a_mail_client() {
        let body = mail(&fixture::rich(), "contoso").body;
        for line in body.lines() {
            assert!(fixture::columns(line) <= 78, "{line}");
        }
        assert!(!body.contains('─') && !body.contains('═'));
        assert!(!body.contains('\u{1b}') && !body.contains('\r'));
        assert!(body.ends_with('\n'));
    }

    #[test]
    fn the_mail_is_made_of_what_old_clients_know() {
        let html = mail(&fixture::rich(), "contoso").html;
        for unknown in [
            "<script", "<style", "<link", "<img", "<svg", "<div", "url(", "grid", "flex", "class=",
            "http://", "href=",
        ] {
            assert!(!html.contains(unknown), "{unknown}");
        }
        assert!(html.contains("bgcolor=\"#a3122b\""));
        assert!(html.contains("3 findings at or above high, and 2 checks have no answer"));
        assert!(html.contains("--env prod: a part of the estate only"));
        assert!(html.contains("Fix: Add a new client secret"));
        assert!(html.contains("NO: token 401 AADSTS7000222"));
        assert_eq!(html, mail(&fixture::rich(), "contoso").html);
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
        let html = mail(&assessment, "contoso").html;
        assert!(!html.contains("<script") && !html.contains(['\u{202e}', '\r', '\u{1b}']));
        assert!(html.contains("&lt;script&gt;"));
    }

    #[test]
    fn a_long_report_says_what_it_leaves_out() {
        let mut assessment = fixture::rich();
        let one = assessment.findings[0].clone();
        assessment.findings = vec![one; 60];
        let html = mail(&assessment, "contoso").html;
        assert!(html.contains("and 10 more: see the attached page"));
    }
}
