//! `credaudit completions`.

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit completions bash > ~/.local/share/bash-completion/completions/credaudit\n  credaudit completions zsh > ~/.zfunc/_credaudit"
)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
