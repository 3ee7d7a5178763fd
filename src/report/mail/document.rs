//! A mail before it is laid out: what its HTML and its plain text both say.

use crate::model::Severity;
use crate::model::assessment::{Link, Step};

/// One mail.
pub(super) struct Document {
    /// The title of the HTML page.
    pub name: &'static str,
    /// Of the band at the top.
    pub colour: &'static str,
    pub headline: String,
    /// Lines under the headline.
    pub about: Vec<String>,
    pub blocks: Vec<Block>,
    /// What stands last, in small letters.
    pub foot: Vec<String>,
}

/// What a mail is made of.
pub(super) enum Block {
    Heading(String),
    Text(String),
    /// What must not be missed.
    Loud(String),
    Item(Item),
    /// A title and rows under a header: plain text has no room for it.
    Table(&'static str, Vec<[String; 4]>),
}

impl Block {
    /// An item of one line.
    pub(super) fn line(title: String) -> Self {
        Self::Item(Item {
            title,
            ..Item::default()
        })
    }
}

/// Something to know or to do.
#[derive(Default)]
pub(super) struct Item {
    pub severity: Option<Severity>,
    pub title: String,
    pub details: Vec<String>,
    pub links: Vec<Link>,
    /// Commands that do what the details say, in no order.
    pub commands: Vec<Step>,
    pub steps: Vec<Step>,
    /// All that the plain text says of it, where that has to be short.
    pub in_short: Option<String>,
}
