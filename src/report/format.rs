//! What a report can be rendered as, and which file ending asks for what.

use crate::model::word::labels;
use std::path::Path;

labels! {
    /// What a report can be rendered as.
    pub enum Format {
        /// Plain text for people.
        Table = "table",
        /// `credaudit.report/1` for programs.
        Json = "json",
        /// One self-contained page for people.
        Html = "html",
        /// For the summary of a CI job, an issue, a wiki.
        Markdown = "markdown",
        /// SARIF 2.1.0, for code scanning.
        Sarif = "sarif",
        /// JUnit XML, for the test reports of a CI.
        Junit = "junit",
        /// A row a credential.
        Csv = "csv",
        /// A row a finding.
        FindingsCsv = "csv",
        /// iCalendar: an event a credential's end.
        Calendar = "ics",
        /// Prometheus text, for the textfile collector.
        Prometheus = "prometheus",
    }
}

/// The endings that tell a format, as a message lists them.
pub(crate) const ENDINGS: &str = ".txt, .json, .html, .md, .sarif, .xml, .csv, .ics or .prom";

impl Format {
    /// The format a file's name asks for: `.json`, `.md`, `.sarif.json`. `None` for any other ending.
    /// Of `.csv` the rows are credentials, of `.findings.csv` findings.
    pub fn from_extension(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        // Code scanning takes both names.
        if name.ends_with(".sarif.json") {
            return Some(Self::Sarif);
        }
        // So that one run can write both kinds of rows.
        if name.ends_with(".findings.csv") {
            return Some(Self::FindingsCsv);
        }
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "json" => Some(Self::Json),
            "txt" => Some(Self::Table),
            "html" | "htm" => Some(Self::Html),
            "md" | "markdown" => Some(Self::Markdown),
            "sarif" => Some(Self::Sarif),
            "xml" => Some(Self::Junit),
            "csv" => Some(Self::Csv),
            "ics" => Some(Self::Calendar),
            "prom" => Some(Self::Prometheus),
            _ => None,
        }
    }

    /// The same with a row a finding, where it is CSV.
    pub const fn of_findings(self) -> Self {
        match self {
            Self::Csv => Self::FindingsCsv,
            other => other,
        }
    }
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
        assert_eq!(of("report.html"), Some(Format::Html));
        assert_eq!(of("report.sarif"), Some(Format::Sarif));
        assert_eq!(of("report.SARIF.json"), Some(Format::Sarif));
        assert_eq!(of("summary.md"), Some(Format::Markdown));
        assert_eq!(of("junit.xml"), Some(Format::Junit));
        assert_eq!(of("ends.ics"), Some(Format::Calendar));
        assert_eq!(of("credaudit.prom"), Some(Format::Prometheus));
        assert_eq!(of("ends.csv"), Some(Format::Csv));
        assert_eq!(of("all.Findings.csv"), Some(Format::FindingsCsv));
        assert_eq!(of("report"), None);
        assert_eq!(of(".json"), None);
        assert_eq!(of("report.pdf"), None);
    }

    #[test]
    fn only_csv_has_rows_to_choose() {
        for format in Format::ALL {
            let other = format.of_findings();
            assert_eq!(other != format, format == Format::Csv);
        }
    }
}
