//! The report as one HTML page that needs nothing but itself: no network, no other file, no script to be read.

mod controls;
mod coverage;
mod findings;
mod isolation;
mod ladder;
mod marks;
pub(super) mod markup;
mod matrix;
mod privileges;
mod registrations;
mod run;
mod scale;
mod section;
mod summary;
mod timeline;
mod unread;
mod waived;

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

use crate::model::assessment::{Assessment, RegistrationView};
use crate::model::time;
use crate::report::view::horizon::Horizon;
use crate::report::view::unread::holes;
use markup::Markup;
use scale::Scale;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The report as a page. The same assessment gives the same bytes.
pub fn html(assessment: &Assessment) -> String {
    let mut page = Markup::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // Nothing may load, be sent or be framed in; only this style and this script count.
    let bands = Scale::of(&Horizon::of(assessment)).style();
    let policy = format!(
        "default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&format!("{STYLE}{bands}")),
        hash(SCRIPT)
    );
    page.open(
        "meta",
        &[
            ("http-equiv", "Content-Security-Policy"),
            ("content", &policy),
        ],
    );
    page.raw(
        "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         \n<meta name=\"color-scheme\" content=\"light dark\">\
         \n<meta name=\"referrer\" content=\"no-referrer\">\n",
    );
    let title = format!("Credential audit of {}", time::day(assessment.run.as_of));
    page.word("title", "", &title);
    page.raw("\n<style>");
    page.raw(STYLE);
    page.text(&bands);
    page.raw(
        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n",
    );
    summary::header(&mut page, assessment);
    navigation(&mut page, assessment);
    page.raw("<main id=\"main\">\n");
    summary::first(&mut page, assessment);
    coverage::section(&mut page, assessment);
    timeline::section(&mut page, assessment);
    ladder::section(&mut page, assessment);
    findings::section(&mut page, assessment);
    isolation::section(&mut page, assessment);
    privileges::section(&mut page, assessment);
    unread::section(&mut page, assessment);
    waived::section(&mut page, assessment);
    registrations::section(&mut page, assessment);
    controls::section(&mut page, assessment);
    run::section(&mut page, assessment);
    page.raw("</main>\n<script>");
    page.raw(SCRIPT);
    page.raw("</script>\n</body>\n</html>\n");
    page.finish()
}

/// `sha256-…`, as a content security policy names what it lets through.
fn hash(content: &str) -> String {
    format!("sha256-{}", BASE64.encode(Sha256::digest(content)))
}

/// The sections, each with how much stands in it.
fn navigation(page: &mut Markup, assessment: &Assessment) {
    let views = &assessment.registrations;
    let sum = |count: fn(&RegistrationView) -> usize| views.iter().map(count).sum();
    let sections: [(&'static str, &'static str, Option<usize>); 10] = [
        (
            "#timeline",
            "Timeline",
            Some(sum(|view| view.credentials.len())),
        ),
        ("#ladder", "Proof", Some(views.len())),
        ("#findings", "Findings", Some(assessment.findings.len())),
        (
            "#isolation",
            "Isolation",
            Some(sum(|view| view.isolation.len())),
        ),
        (
            "#privileges",
            "Privileges",
            Some(sum(|view| view.privileges.len())),
        ),
        ("#unread", "Not checked", Some(holes(assessment).len())),
        ("#waived", "Waived", Some(assessment.waived.len())),
        ("#registrations", "Registrations", Some(views.len())),
        ("#controls", "Relates to", Some(assessment.controls.len())),
        ("#run", "This run", None),
    ];
    page.raw("<nav aria-label=\"Sections\"><ul>");
    for (target, name, number) in sections {
        page.fill("<li><a href=\"{}\">{}", &[&target, &name]);
        if let Some(number) = number {
            page.fill(" <span class=\"n\">{}</span>", &[&number]);
        }
        page.raw("</a></li>");
    }
    page.raw("</ul></nav>\n");
}
