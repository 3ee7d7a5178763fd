//! A table of an opened file: keys are asked for by name, and what nobody asked for is reported.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::suggest::short;
use super::{Sheet, Value, did_you_mean, listed, looks_secret};

/// A table being read. [`Table::close`] reports the keys nobody asked for.
#[must_use = "close the table, or its unknown keys go unnoticed"]
pub(crate) struct Table<'t> {
    sheet: &'t Sheet<'t>,
    entries: &'t DeTable<'t>,
    span: Range<usize>,
    /// How messages name it: "registration `raia`".
    what: String,
    asked: RefCell<Vec<&'static str>>,
    /// Required keys that are not there, with their help; told when the table is closed.
    missing: RefCell<Vec<(&'static str, String)>>,
}

impl<'t> Table<'t> {
    fn new(
        sheet: &'t Sheet<'t>,
        entries: &'t DeTable<'t>,
        span: Range<usize>,
        what: String,
    ) -> Self {
        Self {
            sheet,
            entries,
            span,
            what,
            asked: RefCell::new(Vec::new()),
            missing: RefCell::new(Vec::new()),
        }
    }

    /// The value of a key, where it stands.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'t>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.entries
            .get_key_value(key)
            .map(|(key, value)| Value::of_key(self.sheet, key, value))
    }

    /// The value of a key that has to be there.
    pub(crate) fn need(&self, key: &'static str, help: &str) -> Option<Value<'t>> {
        let found = self.get(key);
        if found.is_none() {
            self.missing.borrow_mut().push((key, help.to_owned()));
        }
        found
    }

    /// An optional key read by `read`: absent is `Some(None)`, wrong is `None`.
    pub(crate) fn maybe<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(&Value<'t>) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.get(key) {
            None => Some(None),
            Some(value) => read(&value).map(Some),
        }
    }

    /// The same, with what holds where it is absent.
    pub(crate) fn or<T>(
        &self,
        key: &'static str,
        usual: T,
        read: impl FnOnce(&Value<'t>) -> Option<T>,
    ) -> Option<T> {
        self.maybe(key, read).map(|read| read.unwrap_or(usual))
    }

    /// A key that has to be there, read by `read`.
    pub(crate) fn needed<T>(
        &self,
        key: &'static str,
        help: &str,
        read: impl FnOnce(&Value<'t>) -> Option<T>,
    ) -> Option<T> {
        self.need(key, help).and_then(|value| read(&value))
    }

    /// Asks for `version = 1`, which every file of ours begins with.
    pub(crate) fn version_1(&self) {
        let help = "write `version = 1` at the top of the file";
        if let Some(value) = self.need("version", help)
            && let Some(version) = value.whole(&(i64::MIN..=i64::MAX))
            && version != 1
        {
            value.refuse(
                format!("this file is of version {version}, and this credaudit reads version 1"),
                "not version 1",
                help,
            );
        }
    }

    /// Every key with its value, for tables whose keys are names people choose.
    pub(crate) fn entries(&self) -> Vec<Value<'t>> {
        let mut all: Vec<Value<'t>> = self
            .entries
            .iter()
            .map(|(key, value)| Value::of_key(self.sheet, key, value))
            .collect();
        all.sort_by_key(|value| value.key_span().start);
        all
    }

    /// What stands under a misspelt name of this key, which is not there itself.
    pub(crate) fn misspelt(&self, key: &'static str) -> Option<Value<'t>> {
        if self.entries.contains_key(key) {
            return None;
        }
        let mut all = self.entries().into_iter();
        all.find(|value| did_you_mean(value.key(), [key]).is_some())
    }

    /// Whether a list with headers in double brackets stands under a misspelt name of this key as well.
    pub(crate) fn misspelt_list(&self, key: &'static str) -> bool {
        let is_list = |value: &Value<'_>| value.raw().is_array();
        let right = self
            .entries
            .get(key)
            .is_some_and(|value| value.get_ref().is_array());
        let mut others = self
            .entries()
            .into_iter()
            .filter(|value| value.key() != key);
        !right && others.any(|value| is_list(&value) && did_you_mean(value.key(), [key]).is_some())
    }

    /// Names the table in messages from here on.
    pub(crate) fn called(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// How messages name it.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// Where its header stands.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The file it stands in.
    pub(crate) fn sheet(&self) -> &'t Sheet<'t> {
        self.sheet
    }

    /// Reports every key that nobody asked for and every required one that is not there.
    pub(crate) fn close(self) {
        self.close_except(|_| false);
    }

    /// The same, leaving out keys that `known` claims.
    pub(crate) fn close_except(self, known: impl Fn(&str) -> bool) {
        let asked = self.asked.borrow();
        let mut missing = self.missing.borrow_mut();
        for value in self.entries() {
            let key = value.key();
            if asked.contains(&key) || known(key) {
                continue;
            }
            let (label, help) = match did_you_mean(key, asked.iter().copied()) {
                Some(meant) => {
                    // The slip is the whole story: `environment` is not missing, it is misspelt.
                    missing.retain(|(key, _)| *key != meant);
                    (format!("did you mean `{meant}`?"), String::new())
                }
                None => (
                    "unknown key".to_owned(),
                    format!("known here: {}", listed(asked.iter().copied())),
                ),
            };
            self.sheet.report(
                value.key_span(),
                format!("{} knows no key {}", self.what, quoted(key)),
                &label,
                &help,
            );
        }
        for (key, help) in missing.iter() {
            self.sheet.report_absence(
                self.span.clone(),
                format!("{} has no `{key}`", self.what),
                &format!("`{key}` is missing"),
                help,
            );
        }
    }
}

/// Tables begin at a file's top level, and wherever a value is one.
impl<'s> Sheet<'s> {
    /// The top level of the file.
    pub(crate) fn root(&'s self) -> Table<'s> {
        Table::new(self, self.tree(), 0..0, "the file".to_owned())
    }
}

impl<'t> Value<'t> {
    /// A table; `what` is how messages name it.
    pub(crate) fn table(&self, what: impl Into<String>) -> Option<Table<'t>> {
        let Some(entries) = self.raw().as_table() else {
            match (self.raw(), self.sheet().stands_in_header(&self.key_span())) {
                (DeValue::Array(_), true) => self.refuse(
                    format!("`[[{0}]]` makes a list, and `{0}` is a table", short(self.key())),
                    "should be a table",
                    "write the header in single brackets, with a name of your own where each one has a name: \
                     [environments.NAME]",
                ),
                _ => self.wrong_type("a table"),
            }
            return None;
        };
        Some(Table::new(self.sheet(), entries, self.span(), what.into()))
    }
}

/// A list of tables, each read by `read`; `None` where one of them cannot be.
impl<'t> Value<'t> {
    pub(crate) fn tables<T>(
        &self,
        what: &str,
        mut read: impl FnMut(Table<'t>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let members = self.list()?;
        let read: Vec<Option<T>> = members
            .iter()
            .map(|member| member.table(what).and_then(&mut read))
            .collect();
        read.into_iter().collect()
    }
}

/// A key as a message may quote it: a secret pasted on a line of its own is a key to the parser.
fn quoted(key: &str) -> String {
    if looks_secret(key) {
        "that reads like a secret".to_owned()
    } else {
        format!("`{}`", short(key))
    }
}

impl fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("what", &self.what)
            .finish_non_exhaustive()
    }
}
