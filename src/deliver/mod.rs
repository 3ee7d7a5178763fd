//! SHELL: takes rendered bytes to where they should be, by mail or into files.

pub mod error;
pub mod files;
pub mod mail;
mod smtp;

pub use error::DeliverError;
pub use files::write;
pub use mail::{Attachment, MailServer, Outgoing, Refused, Sent, Tls, eml};
pub use smtp::send;
