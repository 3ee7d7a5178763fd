//! The whole room against a small TLS server under the services' real host names.

mod carry;
mod certificate;
mod cloud;
mod directory;
mod graph;
mod guards;
mod inventory;
mod own;
mod quiet;
mod recordings;
mod reports;
mod sign_in;
mod tenant;
mod vault;
mod whole;
