//! Reads a policy file and what it extends: every problem at once, or one policy with all folded in.

mod check;
mod layer;
mod params;
mod waiver;

#[cfg(test)]
mod tests;

use std::path::{Component, Path};
use std::sync::Arc;

use crate::model::Severity;
use crate::source::{Problem, Sheet, SourceFile, Value, listed, meant_or, sort};

use super::{Policy, UnknownMode};
use layer::Layer;

/// The policies inside the binary, by the name that `extends` takes.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("baseline", include_str!("../../policies/baseline.toml")),
    ("strict", include_str!("../../policies/strict.toml")),
    ("relaxed", include_str!("../../policies/relaxed.toml")),
];

/// What a policy extends that does not say so.
const DEFAULT_BASE: &str = "baseline";

/// More files than anybody stacks on purpose.
const DEEPEST: usize = 16;

/// Finds the text of a policy that another one extends, by its path.
pub(crate) type Resolve<'r> = &'r dyn Fn(&str) -> Result<Arc<SourceFile>, String>;

/// Reads a policy. A relative path in `extends` is joined to the folder of the file it stands in
/// before `resolve` is asked for it, and `resolve` names the file by the path it was asked for; the
/// error it gives is shown to the reader.
///
/// # Errors
/// Every problem of the file and of the files it extends; never an empty list.
pub fn parse(file: &Arc<SourceFile>, resolve: Resolve<'_>) -> Result<Policy, Vec<Problem>> {
    let mut stack = Stack {
        resolve,
        open: Vec::new(),
        problems: Vec::new(),
    };
    let layer = stack.read(file, None);
    let mut problems = stack.problems;
    if problems.is_empty() {
        return Ok(finish(file.name.clone(), layer));
    }
    sort(&mut problems);
    Err(problems)
}

/// A policy of the binary, by name.
pub(crate) fn builtin(name: &str) -> Option<Policy> {
    let mut stack = Stack {
        resolve: &|path| Err(format!("a built-in policy extends `{path}`")),
        open: Vec::new(),
        problems: Vec::new(),
    };
    let layer = stack.built_in(name)?;
    stack
        .problems
        .is_empty()
        .then(|| finish(name.to_owned(), layer))
}

/// The policy that holds where none is named.
#[expect(
    clippy::expect_used,
    reason = "the file is part of the binary, and a test reads every one of them"
)]
pub fn baseline() -> Policy {
    builtin(DEFAULT_BASE).expect("the baseline is readable")
}

fn finish(name: String, layer: Layer) -> Policy {
    Policy {
        name,
        fail_on: layer.fail_on.unwrap_or(Severity::High),
        unknown: layer.unknown.unwrap_or(UnknownMode::Incomplete),
        isolation: layer.probe.unwrap_or_default(),
        checks: layer.checks,
        waivers: layer.waivers,
    }
}

/// The files being read, each extended by the one before it.
struct Stack<'r> {
    resolve: Resolve<'r>,
    open: Vec<String>,
    problems: Vec<Problem>,
}

impl Stack<'_> {
    fn built_in(&mut self, name: &str) -> Option<Layer> {
        let (name, text) = BUILT_IN.into_iter().find(|(known, _)| *known == name)?;
        let file = Arc::new(SourceFile {
            name: format!("policies/{name}.toml"),
            text: text.to_owned(),
        });
        Some(self.read(&file, Some(name)).without_places())
    }

    /// Reads one file and everything beneath it. `built_in` is its name when it is of the binary.
    fn read(&mut self, file: &Arc<SourceFile>, built_in: Option<&str>) -> Layer {
        let sheet = Sheet::open(file);
        let root = sheet.root();
        let extends = root.get("extends");
        let over = layer::read(root);
        let identity =
            built_in.map_or_else(|| plain_path(Path::new(&file.name)), built_in_identity);
        self.open.push(identity);
        let base = match extends {
            Some(value) => self.extended(file, &value),
            None if built_in == Some(DEFAULT_BASE) => Layer::default(),
            None => self.built_in(DEFAULT_BASE).unwrap_or_default(),
        };
        self.open.pop();
        self.problems.extend(sheet.into_problems());
        over.over(base)
    }

    fn extended(&mut self, file: &SourceFile, value: &Value<'_>) -> Layer {
        let Some(named) = value.filled() else {
            return Layer::default();
        };
        let is_built_in = BUILT_IN.iter().any(|(name, _)| *name == named);
        if !is_built_in && !named.ends_with(".toml") && !named.contains(['/', '\\']) {
            let names = || BUILT_IN.into_iter().map(|(name, _)| name);
            let label = meant_or(named, names(), "no such policy");
            value.refuse(
                format!("no built-in policy is called {}", value.quote()),
                &label,
                &format!("write {}, or the path of a .toml file", listed(names())),
            );
            return Layer::default();
        }
        let path = if is_built_in {
            built_in_identity(named)
        } else {
            let folder = Path::new(&file.name).parent().unwrap_or(Path::new(""));
            plain_path(&folder.join(named))
        };
        if let Some(first) = self.open.iter().position(|open| *open == path) {
            let mut circle: Vec<&str> = self.open[first..].iter().map(String::as_str).collect();
            circle.push(&path);
            value.refuse(
                format!("this policy extends itself: {}", circle.join(" -> ")),
                "closes the circle",
                "let the circle end in a built-in policy",
            );
            return Layer::default();
        }
        if self.open.len() >= DEEPEST {
            value.refuse(
                format!("more than {DEEPEST} policies extend one another"),
                "too deep",
                "fold some of them together",
            );
            return Layer::default();
        }
        if is_built_in {
            return self.built_in(named).unwrap_or_default();
        }
        match (self.resolve)(&path) {
            Ok(base) => self.read(&base, None),
            Err(reason) => {
                value.refuse(
                    format!("the policy it extends could not be read: {reason}"),
                    "not readable",
                    "a path is relative to the file that names it",
                );
                Layer::default()
            }
        }
    }
}

/// What a policy of the binary is called among open files, where a file may be called `baseline` too.
fn built_in_identity(name: &str) -> String {
    format!("built-in {name}")
}

/// A path without `.` and without `..` where something stands before it, so that two ways of writing
/// one file are one name; with forward slashes on every system.
fn plain_path(path: &Path) -> String {
    let mut root = String::new();
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::Prefix(prefix) => root.push_str(&prefix.as_os_str().to_string_lossy()),
            Component::RootDir => root.push('/'),
            Component::CurDir => {}
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push("..".to_owned()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
        }
    }
    root + &parts.join("/")
}
