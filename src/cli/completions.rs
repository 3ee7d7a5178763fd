//! `credaudit completions`.

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit completions bash\n\nInstall them, and open a new shell:\n\n  \
                  bash\n    \
                  d=~/.local/share/bash-completion/completions\n    \
                  mkdir -p $d && credaudit completions bash > $d/credaudit\n  \
                  zsh\n    \
                  mkdir -p ~/.zfunc && credaudit completions zsh > ~/.zfunc/_credaudit\n    \
                  echo 'fpath=(~/.zfunc $fpath); autoload -Uz compinit' >> ~/.zshrc\n    \
                  echo compinit >> ~/.zshrc\n  \
                  fish\n    \
                  mkdir -p ~/.config/fish/completions\n    \
                  credaudit completions fish > ~/.config/fish/completions/credaudit.fish\n  \
                  PowerShell\n    \
                  New-Item -ItemType Directory -Force (Split-Path $PROFILE) | Out-Null\n    \
                  credaudit completions powershell >> $PROFILE"
)]
pub struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}
