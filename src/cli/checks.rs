//! `credaudit checks`.

use clap::{Args, ValueEnum};

/// How the catalogue is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CatalogueFormat {
    Table,
    Json,
    Markdown,
}

#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  credaudit checks\n  credaudit checks --format markdown")]
pub struct Checks {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: CatalogueFormat,
}
