//! Renders an assessment, pure and byte for byte repeatable: `view` builds, the others lay out.

mod format;
mod html;
pub(crate) mod machine;
mod mail;
mod markdown;
mod printable;
mod text;
mod view;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod fixture_formats;
#[cfg(test)]
mod fixture_privileges;
#[cfg(test)]
mod properties;
#[cfg(test)]
pub(crate) mod random;

use crate::model::Assessment;

pub(crate) use format::ENDINGS;
pub use format::Format;
pub use html::html;
pub(crate) use machine::json::json;
pub(crate) use mail::digest::digest;
pub use mail::mail;
pub use text::{TableOptions, table};
pub(crate) use text::{changes, doctor, located, runs, shown, summary, trend, wrapped};
pub(crate) use view::summary::first_to_show;
pub(crate) use view::verdict::NO_IDENTITY;

use machine::{calendar, csv, junit, prometheus, sarif};
use view::verdict;

/// The verdict in one line, as the table begins.
pub(crate) fn verdict_line(assessment: &Assessment) -> String {
    verdict::verdict(assessment).join(" · ")
}

/// The same without the names of lists, for a reader to whom not all of them concern.
pub(crate) fn nameless_verdict_line(assessment: &Assessment) -> String {
    verdict::nameless_verdict(assessment).join(", ")
}

/// Renders `assessment`; `options` matter to the table only.
pub fn render(format: Format, assessment: &Assessment, options: &TableOptions) -> Vec<u8> {
    match format {
        Format::Table => table(assessment, options),
        Format::Json => json(assessment),
        Format::Html => html(assessment),
        Format::Markdown => markdown::markdown(assessment),
        Format::Sarif => sarif::sarif(assessment),
        Format::Junit => junit::junit(assessment),
        Format::Csv => csv::credentials(assessment),
        Format::FindingsCsv => csv::findings(assessment),
        Format::Calendar => calendar::calendar(assessment),
        Format::Prometheus => prometheus::prometheus(assessment),
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendering_gives_what_the_renderer_gives() {
        let assessment = fixture::rich();
        let options = TableOptions::default();
        assert_eq!(
            render(Format::Json, &assessment, &options),
            json(&assessment).into_bytes()
        );
        assert_eq!(
            render(Format::Table, &assessment, &options),
            table(&assessment, &options).into_bytes()
        );
    }

    #[test]
    fn every_format_says_the_same_twice_and_ends_its_last_line() {
        for assessment in [fixture::rich(), fixture::empty()] {
            for format in Format::ALL {
                let bytes = render(format, &assessment, &TableOptions::default());
                assert_eq!(bytes, render(format, &assessment, &TableOptions::default()));
                assert_eq!(bytes.last(), Some(&b'\n'), "{format:?}");
            }
        }
    }
}
