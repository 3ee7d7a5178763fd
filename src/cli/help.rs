//! The commands in groups, as `credaudit --help` lists them: clap itself has one list for all.

use clap::Subcommand;
use clap::builder::{StyledStr, Styles};

use super::Command;

/// Every command, in the order in which somebody new needs them.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Try it", &["demo", "sim"]),
    (
        "Audit",
        &[
            "audit", "show", "where", "remind", "collect", "evaluate", "report",
        ],
    ),
    ("Look back", &["history", "diff", "trend"]),
    (
        "Configure",
        &[
            "init",
            "doctor",
            "check-config",
            "policy",
            "checks",
            "explain",
            "schema",
        ],
    ),
    ("Tools", &["completions", "man"]),
];

/// The page of `credaudit --help` around the options, which clap lists.
pub(super) fn template() -> StyledStr {
    let commands = Command::augment_subcommands(clap::Command::new("credaudit"));
    let header = Styles::styled();
    let header = header.get_header();
    let mut page = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (title, names) in GROUPS {
        page.push_str(&format!("\n{header}{title}:{header:#}\n"));
        for command in names
            .iter()
            .filter_map(|name| commands.find_subcommand(name))
        {
            let about = command.get_about().map(ToString::to_string);
            let line = format!("  {:13} {}", command.get_name(), about.unwrap_or_default());
            page.push_str(&format!("{}\n", line.trim_end()));
        }
    }
    page.push_str("\n`credaudit COMMAND --help` shows the options and examples of a command.\n");
    page.push_str(&format!(
        "\n{header}Options:{header:#}\n{{options}}{{after-help}}"
    ));
    StyledStr::from(page)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_stands_in_one_group_on_one_line() {
        let commands = Command::augment_subcommands(clap::Command::new("credaudit"));
        let all: Vec<&str> = commands
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(set(&all), set(&listed));
        assert_eq!(all.len(), listed.len());
        let page = template().to_string();
        let long: Vec<&str> = page
            .lines()
            .filter(|line| line.chars().count() > 80)
            .collect();
        assert_eq!(long, Vec::<&str>::new());
    }
}
