//! The integration tests: one binary, so that it is built and linked once.

mod architecture;
mod binary;
mod canary;
mod cli;
mod conduct;
mod defects;
mod grants;
mod help;
mod interrupt;
mod schema;
mod smtp;
mod tenant;
mod tenants;
mod two_processes;
