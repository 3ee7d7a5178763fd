//! One value of an opened file, asked for by the type it should have.

use std::borrow::Cow;
use std::fmt;
use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::suggest::short;
use super::{Sheet, listed, looks_secret, meant_or};
use crate::model::Word;

/// A value and the key it stands under. Messages name the key, never the value, unless the reader
/// says so: what stands there by mistake may be a secret.
#[derive(Clone)]
pub(crate) struct Value<'t> {
    sheet: &'t Sheet<'t>,
    key: &'t str,
    key_span: Range<usize>,
    span: Range<usize>,
    value: &'t DeValue<'t>,
}

impl<'t> Value<'t> {
    pub(super) fn of_key(
        sheet: &'t Sheet<'t>,
        key: &'t Spanned<Cow<'t, str>>,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Self {
        Self {
            sheet,
            key: key.get_ref(),
            key_span: key.span(),
            span: value.span(),
            value: value.get_ref(),
        }
    }

    /// The key; in a list, the key of the list.
    pub(crate) fn key(&self) -> &'t str {
        self.key
    }

    pub(crate) fn key_span(&self) -> Range<usize> {
        self.key_span.clone()
    }

    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The parser's own value, for those who take any type.
    pub(crate) fn raw(&self) -> &'t DeValue<'t> {
        self.value
    }

    pub(crate) fn sheet(&self) -> &'t Sheet<'t> {
        self.sheet
    }

    /// Notes a problem with this value.
    pub(crate) fn refuse(&self, message: impl Into<String>, label: &str, help: &str) {
        self.sheet.report(self.span.clone(), message, label, help);
    }

    /// The same, for a reader that has nothing else to give.
    pub(crate) fn reject<T>(
        &self,
        message: impl Into<String>,
        label: &str,
        help: &str,
    ) -> Option<T> {
        self.refuse(message, label, help);
        None
    }

    /// Notes a problem with the key itself.
    pub(crate) fn refuse_key(&self, message: impl Into<String>, label: &str, help: &str) {
        self.sheet
            .report(self.key_span.clone(), message, label, help);
    }

    /// Says what type was expected, without quoting what stands there.
    pub(crate) fn wrong_type(&self, expected: &str) {
        self.refuse(
            format!(
                "`{}` is {}, and should be {expected}",
                short(self.key),
                type_words(self.value)
            ),
            &format!("should be {expected}"),
            "",
        );
    }

    /// A text.
    pub(crate) fn text(&self) -> Option<&'t str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wrong_type("a text in quotes");
        }
        text
    }

    /// A text with something in it, free of control characters and of white space at its ends.
    pub(crate) fn filled(&self) -> Option<&'t str> {
        let text = self.text()?;
        let message = if text.trim().is_empty() {
            "is empty"
        } else if text.chars().any(char::is_control) {
            "holds control characters or line breaks"
        } else if text.trim() != text {
            "begins or ends with white space"
        } else {
            return Some(text);
        };
        self.refuse(
            format!("`{}` {message}", short(self.key)),
            message,
            "write it out plainly, or leave the key out where it is optional",
        );
        None
    }

    /// The same, to be kept.
    pub(crate) fn kept(&self) -> Option<String> {
        self.filled().map(str::to_owned)
    }

    pub(crate) fn truth(&self) -> Option<bool> {
        let truth = self.value.as_bool();
        if truth.is_none() {
            self.wrong_type("true or false, without quotes");
        }
        truth
    }

    /// A whole number within a range.
    pub(crate) fn whole(&self, range: &RangeInclusive<i64>) -> Option<i64> {
        let Some(integer) = self.value.as_integer() else {
            self.wrong_type("a whole number, without quotes");
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let fitting = number.filter(|number| range.contains(number));
        if fitting.is_none() {
            self.refuse(
                format!(
                    "`{}` is not between {} and {}",
                    self.key,
                    range.start(),
                    range.end()
                ),
                "out of range",
                "",
            );
        }
        fitting
    }

    /// A date without a time.
    pub(crate) fn date(&self) -> Option<NaiveDate> {
        let found = self
            .value
            .as_datetime()
            .filter(|moment| moment.time.is_none() && moment.offset.is_none())
            .and_then(|moment| moment.date)
            .and_then(|date| {
                NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
            });
        if found.is_none() {
            self.wrong_type("a date without time or quotes, such as 2027-06-30");
        }
        found
    }

    /// The keys of a table, without asking for it; `None` where it is none.
    pub(crate) fn names(&self) -> Option<Vec<String>> {
        let table = self.value.as_table()?;
        Some(table.keys().map(|key| key.get_ref().to_string()).collect())
    }

    /// One word out of a closed list.
    pub(crate) fn word<T: Word>(&self) -> Option<T> {
        let text = self.text()?;
        let found = T::from_word(text);
        if found.is_none() {
            let names = || T::WORDS.iter().map(|one| one.word());
            let label = meant_or(text, names(), "not one of them");
            let message = if looks_secret(text) {
                format!("`{}` has a value that it does not take", self.key)
            } else {
                format!("`{}` is not a valid `{}`", short(text), self.key)
            };
            let help = format!("use {}", listed(names()));
            self.refuse(message, &label, &help);
        }
        found
    }

    /// The members of a list.
    pub(crate) fn list(&self) -> Option<Vec<Self>> {
        let Some(members) = self.value.as_array() else {
            match (self.value, self.sheet.stands_in_header(&self.key_span)) {
                (DeValue::Table(inner), true) => self.single_brackets(inner),
                _ => self.wrong_type("a list in square brackets"),
            }
            return None;
        };
        let member = |member: &'t Spanned<DeValue<'t>>| Self {
            span: member.span(),
            value: member.get_ref(),
            ..self.clone()
        };
        Some(members.iter().map(member).collect())
    }

    /// Says that the header of a list's member has two pairs of brackets, and where its name goes.
    fn single_brackets(&self, inner: &DeTable<'_>) {
        let key = short(self.key);
        let first = inner.iter().min_by_key(|(name, _)| name.span().start);
        let named = first
            .filter(|(_, value)| value.get_ref().as_table().is_some())
            .map(|(name, _)| name.get_ref().as_ref())
            .filter(|name| !looks_secret(name));
        let (seen, beneath) = match named {
            Some(name) => {
                let name = short(name);
                (format!("[{key}.{name}]"), format!("`name = \"{name}\"`"))
            }
            None => (format!("[{key}]"), "its keys".to_owned()),
        };
        self.refuse(
            format!("`{seen}` makes a table, and `{key}` is a list"),
            "should be in double brackets",
            &format!("write `[[{key}]]` and beneath it {beneath}, once for each of them"),
        );
    }

    /// The text as a message may quote it: nothing long, nothing that reads like a secret.
    pub(crate) fn quote(&self) -> String {
        match self.value.as_str() {
            Some(text) if !looks_secret(text) => format!("`{}`", short(text)),
            _ => "what is written here".to_owned(),
        }
    }
}

fn type_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value")
            .field("key", &self.key)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}
