//! The integration tests: one binary, so that it is built and linked once.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "tests stand on their own ground: what is missing here is a mistake in the test"
)]

mod agreement;
mod answers;
mod architecture;
mod audience;
mod binary;
mod canary;
mod case_titles;
mod certificate;
mod cli;
mod commands;
mod conduct;
mod configuration;
mod defects;
mod delivery;
mod doctor;
mod ending;
mod find;
mod finops;
mod foreign_homes;
mod grants;
mod graph_mail;
mod help;
mod history;
mod init;
mod init_person;
mod interrupt;
mod kept;
mod listener;
mod mail_server;
mod newcomer;
mod opened;
mod page;
mod postfix;
mod pretend;
mod readme;
mod real_clients;
mod real_readers;
mod remind;
mod schema;
mod shapes;
mod sideways;
mod sight;
mod small_inputs;
mod smtp;
mod smtp_ways;
mod strangers;
mod tenant;
mod tenants;
mod two_processes;
mod unstored;
mod vocabulary;
mod webhooks;
mod wrapped;
