//! Renders an assessment: table, JSON and mail text, each pure and byte for byte repeatable.

pub mod json;
pub mod mail;
pub mod table;
mod text;
mod words;

#[cfg(test)]
mod fixture;

use std::path::Path;

use crate::model::Assessment;

pub use json::json;
pub use mail::{MailText, mail};
pub use table::{TableOptions, changes, located, runs, table, trend};

/// What a report can be rendered as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text for people.
    Table,
    /// `credaudit.report/1` for programs.
    Json,
}

impl Format {
    /// Every format, in the order the help lists them.
    pub const ALL: [Self; 2] = [Self::Table, Self::Json];

    /// The word used on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
        }
    }

    /// The format a file's name asks for: `.json`, `.txt`. `None` for any other ending.
    #[must_use]
    pub fn from_extension(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(Self::Json),
            "txt" => Some(Self::Table),
            _ => None,
        }
    }
}

/// The verdict in one line, as the table begins.
#[must_use]
pub fn verdict_line(assessment: &Assessment) -> String {
    words::verdict(assessment).join(" · ")
}

/// Renders `assessment`; `options` matter to the table only.
#[must_use]
pub fn render(format: Format, assessment: &Assessment, options: &TableOptions) -> Vec<u8> {
    match format {
        Format::Table => table(assessment, options),
        Format::Json => json(assessment),
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_chooses_the_format() {
        let of = |name: &str| Format::from_extension(Path::new(name));
        assert_eq!(of("out/report.json"), Some(Format::Json));
        assert_eq!(of("REPORT.JSON"), Some(Format::Json));
        assert_eq!(of("report.txt"), Some(Format::Table));
        assert_eq!(of("report"), None);
        assert_eq!(of(".json"), None);
        assert_eq!(of("report.pdf"), None);
    }

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
}
