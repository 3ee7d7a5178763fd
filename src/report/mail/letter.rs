//! The HTML part of a mail: tables and inline styles only, for clients that know no more.

use super::document::{Block, Document, Item};
use crate::model::Severity;
use crate::model::assessment::Step;
use crate::report::html::markup::Markup;

const CELL: &str = "padding:6px 8px;border-bottom:1px solid #d0d5dc;vertical-align:top;text-align:left;\
                    font:14px/20px Arial,sans-serif;color:#1a1f26;";
const HEADING: &str =
    "margin:0;padding:18px 0 6px 0;font:bold 18px/24px Arial,sans-serif;color:#1a1f26;";
const TEXT: &str = "margin:0;padding:2px 0;font:14px/20px Arial,sans-serif;color:#1a1f26;";
const LOUD: &str = "margin:0 0 8px 0;padding:8px 10px;background-color:#f3ecfb;\
                    font:14px/20px Arial,sans-serif;color:#3c1f63;";
const QUIET: &str = "margin:0;padding:2px 0;font:13px/18px Arial,sans-serif;color:#56606c;";
// White on a dark band reads the same where a client turns colours around.
const HEADLINE: &str = "margin:0;font:bold 22px/28px Arial,sans-serif;color:#ffffff;";
const ABOUT: &str = "margin:0;padding-top:4px;font:13px/18px Arial,sans-serif;color:#ffffff;";

/// The document as HTML.
pub(super) fn letter(document: &Document) -> String {
    let mut mail = Markup::default();
    mail.raw(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n",
    );
    mail.word("title", "", document.name);
    mail.raw(
        "\n</head>\n<body bgcolor=\"#f6f7f9\" style=\"margin:0;padding:0;\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#f6f7f9\"><tr><td align=\"center\" style=\"padding:12px 6px;\">\n\
         <table role=\"presentation\" width=\"640\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#ffffff\" style=\"width:100%;max-width:640px;text-align:left;\">\n<tr>",
    );
    let band = [
        ("bgcolor", document.colour),
        ("style", "padding:16px 18px;"),
    ];
    mail.element("td", &band, |band| {
        styled(band, "h1", HEADLINE, &document.headline);
        for line in &document.about {
            styled(band, "p", ABOUT, line);
        }
    });
    mail.raw("</tr>\n<tr><td style=\"padding:12px 18px 18px 18px;\">\n");
    for one in &document.blocks {
        block(&mut mail, one);
    }
    for line in &document.foot {
        styled(&mut mail, "p", QUIET, line);
    }
    mail.raw("</td></tr>\n</table>\n</td></tr></table>\n</body>\n</html>\n");
    mail.finish()
}

fn styled(mail: &mut Markup, tag: &'static str, style: &'static str, text: &str) {
    mail.element(tag, &[("style", style)], |inner| inner.text(text));
    mail.raw("\n");
}

fn block(mail: &mut Markup, block: &Block) {
    match block {
        Block::Heading(text) => styled(mail, "h2", HEADING, text),
        Block::Text(text) => styled(mail, "p", TEXT, text),
        Block::Loud(text) => styled(mail, "p", LOUD, text),
        Block::Item(one) => item(mail, one),
        Block::Table(title, rows) => table(mail, title, rows),
    }
}

const TABLE: &str = "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n<tr>";

fn item(mail: &mut Markup, item: &Item) {
    mail.raw(TABLE);
    if let Some(one) = item.severity {
        mail.element("td", &[("width", "76"), ("style", CELL)], |cell| {
            severity(cell, one);
        });
    }
    mail.element("td", &[("style", CELL)], |cell| {
        cell.word("strong", "", &item.title);
        for line in &item.details {
            cell.raw("<br>");
            cell.text(line);
        }
        for link in &item.links {
            cell.raw("<br>");
            cell.text(&format!("- {}: ", link.say));
            cell.raw("<code style=\"font:12px/17px Consolas,monospace;word-break:break-all;\">");
            cell.text(&link.url);
            cell.raw("</code>");
        }
        for one in &item.commands {
            step(cell, "-", one);
        }
        for (number, one) in item.steps.iter().enumerate() {
            step(cell, &format!("{}.", number + 1), one);
        }
    });
    mail.raw("</tr>\n</table>\n");
}

fn step(cell: &mut Markup, bullet: &str, step: &Step) {
    cell.raw("<br>");
    cell.text(&format!("{bullet} {}", step.say));
    for (shell, line) in step.lines(false) {
        if let Some(shell) = shell {
            cell.raw("<br>");
            cell.text(shell);
        }
        cell.raw("<br><code style=\"font:12px/17px Consolas,monospace;word-break:break-all;\">");
        cell.command_text(line);
        cell.raw("</code>");
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

/// The first row is the header.
fn table(mail: &mut Markup, title: &str, rows: &[[String; 4]]) {
    styled(mail, "h2", HEADING, title);
    mail.raw(TABLE);
    for (number, row) in rows.iter().enumerate() {
        mail.raw(if number == 0 { "" } else { "<tr>" });
        let tag = if number == 0 { "th" } else { "td" };
        for text in row {
            mail.element(tag, &[("style", CELL)], |cell| cell.text(text));
        }
        mail.raw("</tr>\n");
    }
    mail.raw("</table>\n");
}
