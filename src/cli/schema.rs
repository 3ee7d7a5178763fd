//! `credaudit schema`.

use clap::{Args, ValueEnum};

/// Which file a schema describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The estate file, as people write it
    Estate,
    /// The policy file, as people write it
    Policy,
    /// What `collect` writes
    Snapshot,
    /// What `--format json` writes
    Report,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit schema estate > estate.schema.json\n\nThen begin the estate file with the line\n  #:schema ./estate.schema.json\nand an editor with Even Better TOML completes and checks it."
)]
pub struct Schema {
    /// The file to describe
    #[arg(value_name = "FILE")]
    pub of: SchemaOf,
}
