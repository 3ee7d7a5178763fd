//! The report as CSV: a row a credential, or a row a finding; safe to open in a spreadsheet.
//!
//! The rows end with a line feed, the first one names the columns, text is UTF-8 without a mark.

mod credentials;
mod findings;

use csv::{Terminator, WriterBuilder};

use crate::report::printable::clean;

pub(crate) use credentials::credentials;
pub(crate) use findings::findings;

/// A column: its name in the heading, and its text of a row.
type Column<R> = (&'static str, fn(&R) -> String);

/// Rows under their heading.
fn written<R, const N: usize>(
    columns: [Column<R>; N],
    rows: impl IntoIterator<Item = R>,
) -> String {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    #[expect(
        clippy::expect_used,
        reason = "writing into memory cannot fail, and all rows are equally long"
    )]
    let bytes = {
        let heading = columns.map(|(name, _)| name);
        writer.write_record(heading).expect("written to memory");
        for row in rows {
            let cells = columns.map(|(_, text)| text(&row));
            writer.write_record(cells).expect("written to memory");
        }
        writer.into_inner().expect("written to memory")
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Foreign text as a cell. A spreadsheet runs what begins like a formula: an apostrophe before it makes
/// it text again. Also the wide forms, which some take for the same.
fn cell(text: &str) -> String {
    let text = clean(text);
    if text.starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for text in [
            "=cmd|' /C calc'!A0",
            "+1",
            "-1",
            "@SUM(1)",
            "\t=1",
            "\r\n=1",
            " =1",
            "\u{ff1d}1",
        ] {
            let cell = cell(text);
            assert!(cell.starts_with('\''), "{text:?} gives {cell:?}");
        }
        assert_eq!(cell("raia=1"), "raia=1");
    }

    #[test]
    fn what_separates_is_quoted() {
        let text = written(
            [
                ("a", |row: &&str| (*row).to_owned()),
                ("b", |_| String::new()),
            ],
            ["x,\"y"],
        );
        assert_eq!(text, "a,b\n\"x,\"\"y\",\n");
    }
}
