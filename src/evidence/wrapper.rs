//! What stands around a stored credential, or in its place: named, never quoted.

use crate::model::word::labels;
use serde::{Deserialize, Serialize};

/// What was recognised of a value that is not a bare credential.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Wrapper {
    /// What the credential was taken out of; `None` where nothing was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
    /// What is around it still, or in its place, from the outside in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<WrapperForm>,
    /// Names of its fields, dotted where they lie deeper, as far as they read like names. No values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// How many fields it has next to those.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_fields: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Wrapper {
    /// Whether a bare credential is left where the forms are taken off.
    pub fn comes_off(&self) -> bool {
        !self.forms.is_empty() && self.forms.iter().all(|form| form.comes_off())
    }
}

/// Where in a wrapper the credential is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Inside {
    /// One with fields.
    pub form: WrapperForm,
    /// From the outermost name on.
    pub path: Vec<PathSegment>,
    /// Whether another value can be put there without understanding more of the form than this path:
    /// nothing is quoted, the name is there once.
    pub replaceable: bool,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PathSegment {
    Name(String),
    /// The place in a JSON array, from 0.
    Index(u32),
}

labels! {
    /// A form that people and pipelines store a credential in, or something else in its place.
    #[derive(Serialize, Deserialize, schemars::JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    pub enum WrapperForm {
        /// `name=value;name=value`, by the rules of .NET's `DbConnectionStringBuilder`.
        ConnectionString = "a connection string",
        Json = "JSON",
        /// `NAME=value` lines.
        Variables = "lines of variables (NAME=value)",
        /// `@{name=value}` or lines of `name : value`.
        PrintedObject = "an object as PowerShell or YAML prints it (name : value)",
        Xml = "XML",
        Quotes = "a value in quotes",
        /// U+FEFF, or what a wrong code page makes of it.
        ByteOrderMark = "a value behind a byte order mark (BOM)",
        /// Every other character is a NUL.
        Utf16 = "a value in UTF-16",
        /// White space inside, characters that cannot be seen, control characters.
        StrayCharacters = "a value with white space or characters inside that cannot be seen",
        /// A backslash and an `n` at its end.
        EscapedLineBreak = "a value with a written-out line break (\\n) at its end",
        Base64 = "base64",
        PercentEncoding = "a percent-encoded value",
        /// A variable of a pipeline or a template that nobody filled.
        Placeholder = "a placeholder that nobody filled",
        /// `System.Security.SecureString`, or the encrypted text of one.
        SecureString = "a SecureString in the place of its text",
        /// `null`, `undefined`, `[object Object]`, the name of a type.
        NoValue = "the word for nothing, or the name of a type, in the place of a value",
        /// Asterisks.
        Mask = "a mask in the place of the value",
        /// An address or reference of a vault's entry.
        VaultReference = "a reference to a vault in the place of the value",
        /// Another address.
        Address = "an address in the place of the value",
        /// A JSON Web Token.
        Token = "a token (JWT) in the place of the value",
        Html = "a web page",
    }
}

impl WrapperForm {
    /// Whether the credential is left where this is taken off.
    pub const fn comes_off(self) -> bool {
        matches!(
            self,
            Self::Quotes
                | Self::ByteOrderMark
                | Self::Utf16
                | Self::StrayCharacters
                | Self::EscapedLineBreak
                | Self::Base64
                | Self::PercentEncoding
        )
    }

    /// Whether it has fields with names.
    pub const fn has_fields(self) -> bool {
        matches!(
            self,
            Self::ConnectionString | Self::Json | Self::Variables | Self::PrintedObject
        )
    }
}
