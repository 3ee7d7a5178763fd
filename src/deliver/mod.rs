//! SHELL: takes rendered bytes to where they should be, by mail or into files.

pub(crate) mod error;
pub(crate) mod files;
mod graph;
mod https;
pub(crate) mod mail;
mod smtp;
mod webhook;

pub use error::DeliverError;
pub(crate) use files::{write, write_new};
pub use graph::{GraphMailbox, send_by_graph};
pub use https::OwnServer;
pub use mail::{Attachment, MailServer, Outgoing, Sent, SignIn, Tls, eml};
pub use smtp::send;
pub(crate) use webhook::{Hook, post};
