//! Enums of words: each is written as its table alone, and the rest is the same for all of them.

/// A closed list of words.
pub(crate) trait Word: Copy + Sized + 'static {
    /// Every one, in the order reports list them.
    const WORDS: &'static [Self];

    /// How it is written.
    fn word(self) -> &'static str;

    /// The one that is written so, letter by letter.
    fn from_word(text: &str) -> Option<Self> {
        Self::WORDS.iter().copied().find(|one| one.word() == text)
    }
}

/// `labels! { pub enum Place { Registration = "registration", .. } }` defines an enum whose values have a
/// name for people: `ALL`, `as_str`, `Display` and [`Word`]. How it is serialised, if at all, its own
/// attributes say.
macro_rules! labels {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$one:meta])* $variant:ident = $word:literal,)* }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name { $($(#[$one])* $variant,)* }

        impl $name {
            /// Every one, in the order reports list them.
            $vis const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// How it is written.
            $vis const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl $crate::model::Word for $name {
            const WORDS: &'static [Self] = &Self::ALL;

            fn word(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// The same for an enum that is serialised, deserialised and described in a schema by these very words.
macro_rules! words {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$one:meta])* $variant:ident = $word:literal,)* }
    ) => {
        $crate::model::word::labels! {
            $(#[$about])*
            #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
            $vis enum $name { $($(#[$one])* #[serde(rename = $word)] $variant = $word,)* }
        }
    };
}

pub(crate) use {labels, words};
