//! Every `--help` as a user reads it, with its examples; completions and manual pages.

use clap::CommandFactory;
use credaudit::inside::Cli;

use crate::binary::{code, path, run, stdout};

pub(crate) fn commands() -> Vec<String> {
    let root = Cli::command();
    root.get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect()
}

#[test]
fn the_help_of_every_command_is_as_reviewed() {
    insta::assert_snapshot!("help", stdout(&run(&["--help"])));
    for command in commands() {
        let help = stdout(&run(&[&command, "--help"]));
        assert!(
            help.contains("Examples:\n  credaudit "),
            "{command}: {help}"
        );
        insta::assert_snapshot!(format!("help-{command}"), help);
    }
}

#[test]
fn examples_are_commands_that_exist() {
    for command in commands() {
        let help = stdout(&run(&[&command, "--help"]));
        let examples = help.split("Examples:\n").nth(1).unwrap_or_default();
        for line in examples
            .lines()
            .filter(|line| line.starts_with("  credaudit "))
        {
            let plain = line.split(['|', '>', '#']).next().unwrap_or_default();
            let words = plain.split_whitespace();
            assert!(
                <Cli as clap::Parser>::try_parse_from(words).is_ok(),
                "{command}: {line}"
            );
        }
    }
}

#[test]
fn completions_and_pages_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(&["completions", shell]);
        assert_eq!(code(&script), 0);
        for command in commands() {
            assert!(stdout(&script).contains(&command), "{shell}: {command}");
        }
    }
    assert!(stdout(&run(&["man"])).contains(".TH credaudit 1"));
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(&["man", "--dir", path(dir.path())])), 0);
    for command in commands() {
        let page = dir.path().join(format!("credaudit-{command}.1"));
        assert!(page.exists(), "{}", page.display());
    }
}
