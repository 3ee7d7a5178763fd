//! The report as a mail: a subject with the verdict, plain text that reads well anywhere, and HTML.

use crate::model::Assessment;

use super::text::clean;
use super::{html, table, words};

/// Columns of the body: what mail clients show without wrapping.
const WIDTH: u16 = 78;

/// What is sent; who sends it to whom is no business of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    /// One line without control characters: `credaudit: FINDINGS 7 at or above high, exit code 10`.
    pub subject: String,
    /// Plain text, lines of at most 78 columns, each ended by a newline.
    pub body: String,
    /// The same in short, for clients that show HTML: tables and inline styles, nothing from outside.
    pub html: String,
}

/// The report as a mail.
#[must_use]
pub fn mail(assessment: &Assessment) -> MailText {
    let mut parts = words::verdict(assessment);
    if let Some(narrowed) = &assessment.run.narrowed {
        parts.push(format!("only {narrowed}"));
    }
    MailText {
        subject: clean(&format!("credaudit: {}", parts.join(", "))),
        body: table::plain(assessment, WIDTH),
        html: html::letter(assessment),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_subject_says_the_verdict_on_one_line() {
        let mut assessment = fixture::rich();
        assessment.run.narrowed = Some("--env prod\r\nBcc: thief@example.com".into());
        let mail = mail(&assessment);
        assert!(
            mail.subject
                .starts_with("credaudit: FINDINGS 3 at or above high"),
            "{}",
            mail.subject
        );
        assert!(mail.subject.contains("exit code 10"));
        assert!(
            !mail.subject.contains(char::is_control),
            "{:?}",
            mail.subject
        );
    }

    #[test]
    fn the_body_fits_a_mail_client() {
        let body = mail(&fixture::rich()).body;
        for line in body.lines() {
            assert!(fixture::columns(line) <= 78, "{line}");
        }
        assert!(!body.contains('─') && !body.contains('═'));
        assert!(!body.contains('\u{1b}') && !body.contains('\r'));
        assert!(body.ends_with('\n'));
    }
}
