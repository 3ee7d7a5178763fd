//! Opens a page with the program that this system has for it.

use std::path::Path;
use std::process::{Command, Stdio};

/// Whether a program took the file. `cmd /c start` takes its first quoted word as a title.
pub(crate) fn open(file: &Path) -> bool {
    let (program, before): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/c", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(before).arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let ended = command.stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}
