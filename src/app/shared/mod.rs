//! What several commands need: what people and earlier commands wrote, the services, the screen, the
//! history, mails and webhooks.

pub(crate) mod defaults;
mod error;
pub(crate) mod inputs;
pub(crate) mod interrupt;
pub(crate) mod kept_runs;
pub(crate) mod logging;
pub(crate) mod mail;
pub(crate) mod mail_way;
pub(crate) mod memory;
pub(crate) mod opener;
pub(crate) mod preflight;
mod probing;
pub(crate) mod progress;
mod screen;
pub(crate) mod services;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod webhooks;

pub(crate) use error::Failure;
pub(crate) use memory::Memory;
pub(crate) use screen::{More, Screen, check_file, check_outputs, pretty};
pub(crate) use services::{from_services, now};
