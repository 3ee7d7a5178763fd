//! Which module names which: every `crate::`, `super::` and `self::` path of the sources, resolved through
//! re-exports to the module that defines what is named.

use std::collections::{BTreeMap, BTreeSet};

/// `["checks", "access", "token_refused"]`.
pub(crate) type Module = Vec<String>;

/// One path that was found: the module and line it stands in, and the module it leads to.
#[derive(Debug)]
pub(crate) struct Named {
    pub from: Module,
    pub to: Module,
    pub line: usize,
    /// Whether it stands in a test.
    pub test: bool,
}

/// The modules of a crate with their texts, comments and strings blanked out.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    texts: BTreeMap<Module, String>,
    exports: BTreeMap<Module, BTreeMap<String, Module>>,
}

impl Sources {
    /// From files below `src`, as (path below `src`, text).
    pub(crate) fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut texts = BTreeMap::new();
        for (path, text) in files {
            texts.insert(module(&path), blanked(&text));
        }
        let mut sources = Self {
            texts,
            exports: BTreeMap::new(),
        };
        for (module, text) in &sources.texts {
            for (start, end) in uses(text) {
                if exported(text, start) {
                    for path in leaves(&text[start..end]) {
                        let target = sources.absolute(module, &path);
                        let name = target.last().cloned().unwrap_or_default();
                        sources
                            .exports
                            .entry(module.clone())
                            .or_default()
                            .insert(name, target);
                    }
                }
            }
        }
        sources
    }

    /// Every path of every module.
    pub(crate) fn named(&self) -> Vec<Named> {
        let mut named = Vec::new();
        for (from, text) in &self.texts {
            let inner = inline_modules(text);
            for (at, path) in paths(text) {
                let mut here = from.clone();
                here.extend(
                    inner
                        .iter()
                        .filter(|one| one.start <= at && at < one.end)
                        .map(|one| one.name.clone()),
                );
                named.push(Named {
                    to: self.defining(self.absolute(&here, &path)),
                    line: text[..at].matches('\n').count() + 1,
                    test: here.iter().any(|name| is_test(name)),
                    from: from.clone(),
                });
            }
        }
        named
    }

    /// The texts of the modules that are no tests, those within them left out.
    pub(crate) fn product(&self) -> impl Iterator<Item = (&Module, String)> {
        let product = |module: &&Module| !module.iter().any(|name| is_test(name));
        self.texts
            .iter()
            .filter(move |(module, _)| product(module))
            .map(|(module, text)| {
                let mut text = text.clone();
                for one in inline_modules(&text).into_iter().rev() {
                    if is_test(&one.name) {
                        text.replace_range(one.start..one.end, "");
                    }
                }
                (module, text)
            })
    }

    /// The path from the root of the crate.
    fn absolute(&self, here: &[String], path: &str) -> Module {
        let mut parts = path.split("::").peekable();
        let mut absolute = here.to_vec();
        match parts.peek() {
            Some(&"crate") => {
                absolute.clear();
                parts.next();
            }
            Some(&"self") => {
                parts.next();
            }
            _ => {}
        }
        while parts.next_if_eq(&"super").is_some() {
            absolute.pop();
        }
        absolute.extend(parts.map(str::to_owned));
        absolute
    }

    /// The module that defines what the path names.
    fn defining(&self, mut path: Module) -> Module {
        for _ in 0..8 {
            let mut length = path.len();
            while length > 0 && !self.texts.contains_key(&path[..length]) {
                length -= 1;
            }
            let onward = path
                .get(length)
                .and_then(|name| self.exports.get(&path[..length])?.get(name));
            match onward {
                Some(target) if *target != path => {
                    let rest = path.split_off(length + 1);
                    path = target.iter().cloned().chain(rest).collect();
                }
                _ => {
                    path.truncate(length);
                    break;
                }
            }
        }
        path
    }
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests")
        || name.ends_with("properties")
        || name == "testing"
        || name == "fixture"
}

fn module(path: &str) -> Module {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let mut parts: Module = path.split('/').map(str::to_owned).collect();
    if parts
        .last()
        .is_some_and(|name| name == "mod" || (name == "lib" && parts.len() == 1))
    {
        parts.pop();
    }
    parts
}

/// The text with comments, strings and brackets in quotes replaced by spaces.
fn blanked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if letter == '"' {
            quoted(rest)
        } else if ["'\"'", "'{'", "'}'", "'\\\\'"]
            .iter()
            .any(|quote| rest.starts_with(quote))
        {
            rest[1..].find('\'').map_or(1, |end| end + 2)
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        out.extend(
            rest[..length]
                .chars()
                .map(|one| if one == '\n' { '\n' } else { ' ' }),
        );
        rest = &rest[length..];
    }
    out
}

/// How long the string literal at the start is.
fn quoted(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

struct Inline {
    start: usize,
    end: usize,
    name: String,
}

/// `mod name { .. }`, outer ones first.
fn inline_modules(text: &str) -> Vec<Inline> {
    let (mut found, mut open, mut depth) = (Vec::new(), Vec::new(), 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => {
                let mut before = text[..at].split_whitespace().rev();
                let name = before.next().unwrap_or_default();
                if before.next() == Some("mod") {
                    open.push((name.to_owned(), depth, at));
                }
                depth += 1;
            }
            '}' => {
                depth -= 1;
                if open.last().is_some_and(|(_, opened, _)| *opened == depth)
                    && let Some((name, _, start)) = open.pop()
                {
                    found.push(Inline {
                        start,
                        end: at,
                        name,
                    });
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|one| one.start);
    found
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The trees of `use` declarations, as spans after the word.
fn uses(text: &str) -> Vec<(usize, usize)> {
    text.match_indices("use ")
        .filter(|(at, _)| !text[..*at].ends_with(is_word))
        .filter_map(|(at, word)| {
            let start = at + word.len();
            Some((start, start + text[start..].find(';')?))
        })
        .collect()
}

/// Whether the `use` whose tree starts there is `pub` or `pub(..)`.
fn exported(text: &str, start: usize) -> bool {
    let before = text[..start - "use ".len()].trim_end();
    before.ends_with("pub")
        || before.ends_with(')')
            && before
                .rfind("pub(")
                .is_some_and(|at| !before[at..].contains('\n'))
}

/// The single paths of a `use` tree; a name given by `as` counts as what it names.
fn leaves(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        let path: String = path.split_whitespace().collect();
        return vec![path.trim_end_matches("::self").to_owned()];
    };
    let before = &tree[..open];
    let inside = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut found, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inside[start..at].trim();
                if !part.is_empty() {
                    found.extend(
                        leaves(part)
                            .into_iter()
                            .map(|leaf| format!("{before}{leaf}")),
                    );
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
        .iter()
        .map(|path| path.trim_end_matches("::self").to_owned())
        .collect()
}

/// Every path that starts with `crate`, `super` or `self`, and where.
fn paths(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (start, end) in uses(text) {
        let tree = text[start..end].trim_start();
        if ["crate", "super", "self"]
            .iter()
            .any(|root| tree.starts_with(root))
        {
            found.extend(leaves(tree).into_iter().map(|path| (start, path)));
            seen.extend(start..end);
        }
    }
    for root in ["crate::", "super::", "self::"] {
        for (at, _) in text.match_indices(root) {
            let before = &text[..at];
            if seen.contains(&at) || before.ends_with(is_word) || before.ends_with("::") {
                continue;
            }
            let end = text[at..].find(|letter| !is_word(letter) && letter != ':');
            let path = &text[at..end.map_or(text.len(), |end| at + end)];
            found.push((at, path.trim_end_matches(':').to_owned()));
        }
    }
    found
}
