//! What stands for an option that was not given: the variables of the environment, and the estate that lies here
//! or in a folder above.
#![expect(
    clippy::disallowed_methods,
    reason = "CREDAUDIT_CONFIG, CREDAUDIT_POLICY and CREDAUDIT_FORMAT are read here, and the folders above are looked into"
)]

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::error::Failure;
use crate::cli::FormatWord;
use crate::model::command::{bash_word, powershell_word};

/// Names the estate where `-c` does not.
const CONFIG: &str = "CREDAUDIT_CONFIG";
/// Names the policy where `-p` does not.
pub(crate) const POLICY: &str = "CREDAUDIT_POLICY";
/// The format of a report on standard output where `--format` does not say it.
const FORMAT: &str = "CREDAUDIT_FORMAT";

/// What an estate may be called, in the order in which a folder is asked.
const NAMES: [&str; 2] = ["estate.toml", "credaudit.toml"];

/// The estate that is meant: the one that was named, that of `CREDAUDIT_CONFIG`, or the nearest one, in this
/// folder or one above. Where there is none it is `estate.toml`, so that the error names what a reader expects.
pub(crate) fn config(named: Option<&Path>) -> PathBuf {
    if let Some(path) = named {
        return path.to_owned();
    }
    if let Some(path) = variable(CONFIG) {
        return path.into();
    }
    let here = std::env::current_dir().unwrap_or_default();
    nearest(&here).unwrap_or_else(|| NAMES[0].into())
}

/// Where a first estate is written that nobody named: the place that `CREDAUDIT_CONFIG` names, or this folder. An
/// estate that is there under either name is meant, and none is put beside it.
pub(crate) fn first_config() -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let there = NAMES.iter().find(|name| here.join(name).is_file());
    let named = variable(CONFIG).map(PathBuf::from);
    named.unwrap_or_else(|| there.unwrap_or(&NAMES[0]).into())
}

/// The option that names this estate in a command to paste; nothing where it is found without.
pub(crate) fn config_option(config: &Path) -> String {
    option("-c", config)
}

/// The same where the option is called otherwise.
pub(crate) fn option(flag: &str, config: &Path) -> String {
    match NAMES.iter().any(|name| config == Path::new(name)) {
        true => String::new(),
        false => format!(" {flag} {}", pasted(config)),
    }
}

/// A path as a word of a command that can be pasted into the shell of this machine; `FILE` where it cannot.
pub(crate) fn pasted(path: &Path) -> String {
    let word = path.to_str().and_then(match cfg!(windows) {
        true => powershell_word,
        false => bash_word,
    });
    word.unwrap_or_else(|| "FILE".to_owned())
}

/// In this folder by its name alone, in one above by its whole path.
fn nearest(here: &Path) -> Option<PathBuf> {
    here.ancestors().find_map(|folder| {
        let name = NAMES.iter().find(|name| folder.join(name).is_file())?;
        Some(match folder == here {
            true => PathBuf::from(name),
            false => folder.join(name),
        })
    })
}

/// The policy that is meant, where one is named.
pub(crate) fn policy(named: Option<&Path>) -> Option<PathBuf> {
    named
        .map(Path::to_owned)
        .or_else(|| variable(POLICY).map(PathBuf::from))
}

/// The format for standard output, where the environment names one.
///
/// # Errors
/// The variable holds something else than a format.
pub(crate) fn format() -> Result<Option<FormatWord>, Failure> {
    let Some(word) = variable(FORMAT) else {
        return Ok(None);
    };
    FormatWord::from_str(&word, true).map(Some).map_err(|_| {
        let words = FormatWord::value_variants().iter();
        let words: Vec<String> = words
            .filter_map(|word| Some(word.to_possible_value()?.get_name().to_owned()))
            .collect();
        Failure::Usage(format!(
            "{FORMAT} is `{word}`, which is not a format; set it to one of {}, or unset it",
            words.join(", ")
        ))
    })
}

/// A variable that is set; an empty one is not.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_estate_is_taken_by_either_name() {
        let top = tempfile::tempdir().expect("a folder");
        let (inner, deep) = (top.path().join("a"), top.path().join("a/b/c"));
        std::fs::create_dir_all(&deep).expect("folders");
        assert!(nearest(&deep).is_none_or(|found| !found.starts_with(top.path())));
        let write = |path: PathBuf| std::fs::write(path, "").expect("a file");
        write(top.path().join("credaudit.toml"));
        assert_eq!(nearest(&deep), Some(top.path().join("credaudit.toml")));
        write(inner.join("credaudit.toml"));
        write(inner.join("estate.toml"));
        assert_eq!(nearest(&deep), Some(inner.join("estate.toml")));
        // A folder of that name is no estate.
        std::fs::create_dir(deep.join("estate.toml")).expect("a folder");
        assert_eq!(nearest(&deep), Some(inner.join("estate.toml")));
        write(deep.join("credaudit.toml"));
        assert_eq!(nearest(&deep), Some("credaudit.toml".into()));
    }

    #[test]
    fn a_command_names_the_estate_only_where_it_is_not_found_without() {
        assert_eq!(config_option(Path::new("estate.toml")), "");
        assert_eq!(config_option(Path::new("credaudit.toml")), "");
        assert_eq!(config_option(Path::new("other.toml")), " -c other.toml");
        let spaced = config_option(Path::new("my estate; rm x.toml"));
        assert_eq!(spaced, " -c 'my estate; rm x.toml'");
    }
}
