//! One person's message as the HTML part of a mail: one table row a credential, inline styles only.

use crate::model::reminder::{Digest, Notice, NoticeKind};
use crate::report::html::markup::Markup;
use crate::report::view::reminder as sentences;

const CELL: &str = "padding:8px 10px;border-bottom:1px solid #d0d5dc;vertical-align:top;text-align:left;\
                    font:14px/20px Arial,sans-serif;color:#1a1f26;";
const TEXT: &str = "margin:0;padding:4px 0;font:14px/20px Arial,sans-serif;color:#1a1f26;";
const HEAD: &str =
    "margin:0;padding:12px 0 2px 0;font:bold 14px/20px Arial,sans-serif;color:#1a1f26;";
const LOUD: &str = "margin:0 0 8px 0;padding:8px 10px;background-color:#f3ecfb;\
                    font:14px/20px Arial,sans-serif;color:#3c1f63;";
const QUIET: &str = "margin:0;padding:10px 0 0 0;font:12px/17px Arial,sans-serif;color:#56606c;";

/// The HTML of one person's message; `headline` is its subject without the tool's name.
pub(in crate::report) fn reminder(digest: &Digest, headline: &str, run: &str) -> String {
    let mut mail = Markup::default();
    mail.raw(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Credential reminder</title>\n\
         </head>\n<body bgcolor=\"#f6f7f9\" style=\"margin:0;padding:0;\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#f6f7f9\"><tr><td align=\"center\" style=\"padding:12px 6px;\">\n\
         <table role=\"presentation\" width=\"640\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         bgcolor=\"#ffffff\" style=\"width:100%;max-width:640px;text-align:left;\">\n\
         <tr><td bgcolor=\"#1f3a5f\" style=\"padding:14px 18px;\">\n",
    );
    let white = "margin:0;font:bold 20px/26px Arial,sans-serif;color:#ffffff;";
    mail.element("h1", &[("style", white)], |title| title.text(headline));
    mail.raw("</td></tr>\n<tr><td style=\"padding:12px 18px 18px 18px;\">\n");
    for doubt in sentences::doubts(digest) {
        paragraph(&mut mail, LOUD, &doubt);
    }
    if digest.notices.is_empty() {
        paragraph(&mut mail, TEXT, &sentences::alive(digest));
        paragraph(&mut mail, TEXT, &digest.registrations.join(", "));
    } else {
        mail.raw("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n");
        for notice in &digest.notices {
            mail.raw("<tr>");
            mail.element("td", &[("style", CELL)], |cell| row(cell, notice));
            mail.raw("</tr>\n");
        }
        mail.raw("</table>\n");
    }
    for (title, lines) in sentences::besides(digest) {
        paragraph(&mut mail, HEAD, title);
        for line in lines {
            paragraph(&mut mail, TEXT, &format!("\u{2022} {line}"));
        }
    }
    paragraph(&mut mail, QUIET, &sentences::signature(digest, run));
    mail.raw("</td></tr>\n</table>\n</td></tr></table>\n</body>\n</html>\n");
    mail.finish()
}

fn paragraph(mail: &mut Markup, style: &'static str, text: &str) {
    mail.element("p", &[("style", style)], |inner| inner.text(text));
    mail.raw("\n");
}

fn row(cell: &mut Markup, notice: &Notice) {
    if notice.kind == NoticeKind::Closed {
        cell.text(&sentences::closed(notice));
        return;
    }
    cell.word("strong", "", &sentences::headline(notice));
    for line in sentences::details(notice) {
        cell.raw("<br>");
        cell.text(&line);
    }
    for (number, step) in notice.steps.iter().enumerate() {
        cell.raw("<br>");
        cell.text(&format!("{}. {}", number + 1, step.say));
        if let Some(run) = &step.run {
            cell.raw(
                "<br><code style=\"font:12px/17px Consolas,monospace;word-break:break-all;\">",
            );
            cell.command_text(run);
            cell.raw("</code>");
        }
    }
}
