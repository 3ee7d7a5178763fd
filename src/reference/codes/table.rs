//! Reads the table of codes: once, when the first is asked for.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::{Class, Code};
use crate::model::Signer;

/// A test reads it, so that a broken one never leaves the workshop.
pub(super) static TABLE: LazyLock<Table> =
    LazyLock::new(|| read(include_str!("../codes.toml")).unwrap_or_default());

/// The file: what is said more than once by a key, then the codes by who answers with them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'static"))]
pub(super) struct Table {
    who: Sentences,
    fix: Sentences,
    advice: Vec<Rule>,
    entra: Vec<Code>,
    pub(super) oauth: Vec<Code>,
    azure: Vec<Code>,
    dynamics: Vec<Code>,
    names: Vec<Code>,
}

type Sentences = BTreeMap<&'static str, &'static str>;

/// What these classes ask of these signers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    signers: Vec<Signer>,
    classes: Vec<Class>,
    fix: &'static str,
    who: &'static str,
}

/// What to do, and who can do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    /// An imperative sentence without a full stop.
    pub fix: &'static str,
    pub who: &'static str,
}

impl Code {
    /// What this code asks for where `signer` was refused.
    pub(crate) fn advice(&self, signer: Signer) -> Advice {
        let meant =
            |rule: &&Rule| rule.signers.contains(&signer) && rule.classes.contains(&self.class);
        match TABLE.advice.iter().find(meant) {
            Some(&Rule { fix, who, .. }) => Advice { fix, who },
            None => Advice {
                fix: self.fix,
                who: self.who,
            },
        }
    }
}

impl Table {
    /// Every code, in the order of the file.
    pub(super) fn all(&self) -> impl Iterator<Item = &Code> {
        self.entra
            .iter()
            .chain(&self.oauth)
            .chain(&self.azure)
            .chain(&self.dynamics)
            .chain(&self.names)
    }
}

/// Reads the file and puts the sentences in the place of their keys; else what is wrong, with its line.
fn read(text: &'static str) -> Result<Table, String> {
    let mut table: Table = toml::from_str(text).map_err(|error| error.to_string())?;
    let (who, fix) = (&table.who, &table.fix);
    let codes = (table.entra.iter_mut())
        .chain(&mut table.oauth)
        .chain(&mut table.azure)
        .chain(&mut table.dynamics)
        .chain(&mut table.names)
        .map(|code| (&mut code.fix, &mut code.who));
    let rules = table.advice.iter_mut();
    for (a_fix, a_who) in codes.chain(rules.map(|rule| (&mut rule.fix, &mut rule.who))) {
        *a_who = who.get(*a_who).ok_or_else(|| unknown(text, a_who))?;
        if !a_fix.contains(' ') {
            *a_fix = fix.get(*a_fix).ok_or_else(|| unknown(text, a_fix))?;
        }
    }
    Ok(table)
}

/// A key that its table does not hold, with the line where it stands first.
fn unknown(text: &str, key: &str) -> String {
    let place = text.find(&format!(" = \"{key}\"")).unwrap_or(0);
    let before = text.get(..place).unwrap_or("");
    format!(
        "line {}: `{key}` is not a key of its table",
        before.lines().count()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(from: &str, to: &str) -> String {
        let text = include_str!("../codes.toml").replacen(from, to, 1);
        read(Box::leak(text.into_boxed_str())).expect_err("a mistake")
    }

    #[test]
    fn the_table_can_be_read_and_every_sentence_is_used() {
        let text = include_str!("../codes.toml");
        let table = read(text).unwrap_or_else(|mistake| panic!("{mistake}"));
        assert_eq!(table.all().count(), 161);
        for key in table.who.keys() {
            assert!(text.contains(&format!("who = \"{key}\"\n")), "{key}");
        }
        for key in table.fix.keys() {
            assert!(text.contains(&format!("fix = \"{key}\"\n")), "{key}");
        }
    }

    #[test]
    fn a_mistake_is_said_with_its_line() {
        let all = include_str!("../codes.toml");
        let line = |part: &str| {
            let before = all.split(part).next().expect("a part");
            before.lines().count() + 1
        };
        for (from, to, said) in [
            ("class = \"refused\"", "class = \"refuse\"", "refuse"),
            ("source = \"captured\"", "seen = \"captured\"", "seen"),
            ("who = \"proxy\"", "who = \"prox\"", "`prox` is not a key"),
            ("fix = \"log-in\"", "fix = \"log\"", "`log` is not a key"),
        ] {
            let mistake = mistake(from, to);
            let place = format!("line {}", line(from));
            assert!(
                mistake.contains(&place) && mistake.contains(said),
                "{place}, {said}: {mistake}"
            );
        }
    }
}
