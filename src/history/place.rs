//! Where the history lies when the estate names no file: the platform's directory for a program's state.
#![expect(
    clippy::disallowed_methods,
    reason = "the platform's directories are told by the environment"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use super::error::HistoryError;

/// The history's file where nobody names another: `$XDG_STATE_HOME/credaudit/history.db` or
/// `~/.local/state/...` on Linux, `~/Library/Application Support/...` on macOS, `%LOCALAPPDATA%\...` on
/// Windows.
///
/// # Errors
/// `NoPlace` where the environment names none of them.
pub(crate) fn state_file() -> Result<PathBuf, HistoryError> {
    let folder = if cfg!(windows) {
        windows(|name| std::env::var_os(name))
    } else if cfg!(target_os = "macos") {
        mac(|name| std::env::var_os(name))
    } else {
        xdg(|name| std::env::var_os(name))
    };
    Ok(folder?.join("credaudit").join("history.db"))
}

/// A variable that holds an absolute path; the XDG base directory specification has others ignored.
fn absolute(value: Option<OsString>) -> Option<PathBuf> {
    value.map(PathBuf::from).filter(|path| path.is_absolute())
}

fn xdg(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, HistoryError> {
    absolute(variable("XDG_STATE_HOME"))
        .or_else(|| Some(absolute(variable("HOME"))?.join(".local").join("state")))
        .ok_or(HistoryError::NoPlace {
            variables: "XDG_STATE_HOME nor HOME",
        })
}

fn mac(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, HistoryError> {
    absolute(variable("HOME"))
        .map(|home| home.join("Library").join("Application Support"))
        .ok_or(HistoryError::NoPlace {
            variables: "HOME nor `path` in [history]",
        })
}

fn windows(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, HistoryError> {
    absolute(variable("LOCALAPPDATA"))
        .or_else(|| {
            let profile = absolute(variable("USERPROFILE"))?;
            Some(profile.join("AppData").join("Local"))
        })
        .ok_or(HistoryError::NoPlace {
            variables: "LOCALAPPDATA nor USERPROFILE",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from<'a>(set: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
        |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_platforms_directory_is_found() {
        let both = [("XDG_STATE_HOME", "/state"), ("HOME", "/home/ada")];
        assert_eq!(xdg(from(&both)).unwrap(), PathBuf::from("/state"));
        let home = &both[1..];
        assert_eq!(
            xdg(from(home)).unwrap(),
            PathBuf::from("/home/ada/.local/state")
        );
        assert_eq!(
            mac(from(home)).unwrap(),
            PathBuf::from("/home/ada/Library/Application Support")
        );
        // A relative one is to be ignored, says the specification.
        let odd = [("XDG_STATE_HOME", "state"), ("HOME", "/home/ada")];
        assert!(xdg(from(&odd)).unwrap().is_absolute());
        assert!(xdg(from(&[("HOME", "")])).is_err());
        assert!(mac(from(&[])).is_err());
        assert!(windows(from(&[])).is_err());
    }
}
