//! Writes a file whole or not at all: a reader sees the old content or the new, never a half.

#![expect(
    clippy::disallowed_methods,
    reason = "writing files is what this part of the shell is for"
)]

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::error::DeliverError;

/// Writes `bytes` to `path`, replacing what is there. A link is followed; a device or pipe is written to
/// as it stands. No folder is created.
///
/// # Errors
/// `NoFolder` or `IsFolder` where the path cannot be a file, `Write` for anything the system says.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), DeliverError> {
    let failed = |source| DeliverError::Write {
        path: path.to_owned(),
        source,
    };
    let target = match fs::metadata(path) {
        Ok(seen) if seen.is_dir() => {
            return Err(DeliverError::IsFolder {
                path: path.to_owned(),
            });
        }
        // `/dev/stdout` or a pipe: a rename would put a plain file in its place.
        Ok(seen) if !seen.is_file() => {
            return OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut device| device.write_all(bytes))
                .map_err(failed);
        }
        Ok(_) => fs::canonicalize(path).map_err(failed)?,
        Err(_) => path.to_owned(),
    };
    if target.file_name().is_none() {
        return Err(DeliverError::IsFolder {
            path: path.to_owned(),
        });
    }
    let folder = folder_of(&target);
    if !folder.is_dir() {
        return Err(DeliverError::NoFolder {
            path: path.to_owned(),
            folder,
        });
    }
    replace(&target, &folder, bytes).map_err(failed)
}

/// Writes `bytes` into `folder` under this name, or the next free one: `name.eml`, `name (2).eml`. Nothing that
/// is there is replaced.
///
/// # Errors
/// `NoFolder` where the folder is not there, `Write` for anything the system says.
pub(crate) fn write_new(
    folder: &Path,
    name: &str,
    ending: &str,
    bytes: &[u8],
) -> Result<PathBuf, DeliverError> {
    let mut number = 1_u32;
    loop {
        let path = folder.join(match number {
            1 => format!("{name}.{ending}"),
            _ => format!("{name} ({number}).{ending}"),
        });
        if !folder.is_dir() {
            let folder = folder.to_owned();
            return Err(DeliverError::NoFolder { path, folder });
        }
        // Whoever makes the file has the name; it is filled whole afterwards.
        let taken = OpenOptions::new().write(true).create_new(true).open(&path);
        match taken {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Ok(_) => {
                return match replace(&path, folder, bytes) {
                    Ok(()) => Ok(path),
                    Err(source) => {
                        let _ = fs::remove_file(&path);
                        Err(DeliverError::Write { path, source })
                    }
                };
            }
            Err(source) => return Err(DeliverError::Write { path, source }),
        }
    }
}

fn folder_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => PathBuf::from("."),
    }
}

/// Writes beside the target and moves it into place; leaves nothing behind when that fails.
fn replace(target: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = folder.join(format!(".credaudit-{}.tmp", Uuid::new_v4()));
    let moved = fill(&beside, target, bytes).and_then(|()| fs::rename(&beside, target));
    if moved.is_err() {
        // The first error is the one to tell; a leftover that cannot be removed changes nothing about it.
        let _ = fs::remove_file(&beside);
    }
    moved
}

fn fill(beside: &Path, target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(beside)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs::metadata(target) {
        fs::set_permissions(beside, old.permissions())?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_written_and_replaced_and_nothing_else_appears() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        write(&path, b"one").expect("written");
        write(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn a_missing_folder_and_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("missing").join("report.json");
        let error = write(&path, b"x").expect_err("no folder").to_string();
        assert!(error.contains("does not exist; create it first"), "{error}");
        let error = write(folder.path(), b"x")
            .expect_err("a folder")
            .to_string();
        assert!(
            error.contains("it is a folder; name a file in it"),
            "{error}"
        );
        let error = write(Path::new(".."), b"x")
            .expect_err("a folder")
            .to_string();
        assert!(error.contains("it is a folder"), "{error}");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_new_file_replaces_none() {
        let folder = tempfile::tempdir().expect("a folder");
        for (bytes, name) in [
            (b"1", "ann.eml"),
            (b"2", "ann (2).eml"),
            (b"3", "ann (3).eml"),
        ] {
            let path = write_new(folder.path(), "ann", "eml", bytes).expect("written");
            assert_eq!(path, folder.path().join(name));
            assert_eq!(fs::read(&path).expect("read"), bytes);
        }
        assert_eq!(names(folder.path()).len(), 3);
        let missing = folder.path().join("missing");
        let error = write_new(&missing, "ann", "eml", b"x").expect_err("no folder");
        assert!(error.to_string().contains("create it first"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_a_device_is_left_in_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().join("real.txt");
        let link = folder.path().join("link.txt");
        fs::write(&real, b"old").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        write(&link, b"new").expect("written");
        assert_eq!(fs::read(&real).expect("read"), b"new");
        assert!(fs::symlink_metadata(&link).expect("seen").is_symlink());
        write(Path::new("/dev/null"), b"x").expect("swallowed");
        assert!(!fs::metadata("/dev/null").expect("seen").is_file());
    }

    #[cfg(unix)]
    #[test]
    fn the_mode_of_an_old_file_stays() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        fs::write(&path, b"old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
        write(&path, b"new").expect("written");
        let mode = fs::metadata(&path).expect("seen").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_failed_move_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        // A folder that is not empty cannot be replaced by a file.
        let target = folder.path().join("taken");
        fs::create_dir(&target).expect("a folder");
        fs::write(target.join("x"), b"x").expect("written");
        replace(&target, folder.path(), b"new").expect_err("refused");
        assert_eq!(names(folder.path()), ["taken"]);
    }
}
