//! The report as text: verdict, run, ledger, ladders, findings, gaps, waivers, controls.

mod changes;
mod controls;
mod credentials;
mod doctor;
mod findings;
mod grants;
mod head;
mod isolation;
mod kept;
mod ladder;
mod located;
pub(super) mod page;
mod privileges;
mod show;
pub(super) mod steps;
mod summary;
mod unread;

use crate::model::Assessment;

use page::{Look, Page};

pub(crate) use changes::changes;
pub(crate) use doctor::doctor;
pub(crate) use kept::{runs, trend};
pub(crate) use located::located;
pub(crate) use show::shown;

/// Narrower than this nothing can be laid out; a narrower terminal wraps by itself.
const NARROWEST: u16 = 40;
/// The same of what holds tables with many columns.
const NARROWEST_TABLE: u16 = 60;
/// Longer lines than this are hard to read.
const WIDEST: u16 = 140;

/// How the table is drawn. Whether a terminal is there is for the caller to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// Columns to fit into.
    pub width: u16,
    /// Whether to use colour; nothing is said by colour alone.
    pub colour: bool,
    /// Whether the reader sits at PowerShell.
    pub powershell_first: bool,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
            powershell_first: false,
        }
    }
}

/// The report as text for a terminal or a file.
pub fn table(assessment: &Assessment, options: &TableOptions) -> String {
    write(assessment, look(options))
}

/// The run on one screen; `more` are the commands that say more, each with what it shows.
pub(crate) fn summary(
    assessment: &Assessment,
    options: &TableOptions,
    more: &[(String, &str)],
) -> String {
    summary::summary(look_from(NARROWEST, options), assessment, more)
}

/// Paragraphs, one a line and each as far in as it is, wrapped to the width; a command, four columns in, stays whole.
pub(crate) fn wrapped(text: &str, options: &TableOptions) -> String {
    let mut page = Page::new(look_from(NARROWEST, options));
    for line in text.lines() {
        let start = line.trim_start();
        match line.len() - start.len() {
            _ if start.is_empty() => page.blank(),
            indent @ 4.. => page.command(indent, start),
            indent => page.paragraph(indent, indent, start, page::Tone::Plain),
        }
    }
    page.into_text()
}

/// What holds tables.
fn look(options: &TableOptions) -> Look {
    look_from(NARROWEST_TABLE, options)
}

fn look_from(narrowest: u16, options: &TableOptions) -> Look {
    Look {
        width: options.width.clamp(narrowest, WIDEST),
        colour: options.colour,
        powershell_first: options.powershell_first,
        ascii: false,
    }
}

/// The whole text as the narrowest of clients would get it: tests hold it against lost words.
#[cfg(test)]
pub(crate) fn plain(assessment: &Assessment, width: u16) -> String {
    write(assessment, Look::plain(width))
}

fn write(assessment: &Assessment, look: Look) -> String {
    let mut page = Page::new(look);
    head::verdict(&mut page, assessment);
    head::run(&mut page, assessment);
    grants::grants(&mut page, assessment);
    head::coverage(&mut page, assessment);
    ladder::ladder(&mut page, assessment);
    privileges::privileges(&mut page, assessment);
    credentials::credentials(&mut page, assessment);
    isolation::isolation(&mut page, assessment);
    findings::findings(&mut page, assessment);
    unread::unread(&mut page, assessment);
    findings::waived(&mut page, assessment);
    controls::controls(&mut page, assessment);
    page.into_text()
}

#[cfg(test)]
mod tests;
