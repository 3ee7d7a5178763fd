//! `credaudit man`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit man | man -l -\n  credaudit man --dir ~/.local/share/man/man1"
)]
pub struct ManPages {
    /// Write one page per command to this folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}
