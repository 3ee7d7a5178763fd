//! The whole room against a small TLS server under the services' real host names.

mod carry;
mod certificate;
mod cloud;
mod directory;
mod graph;
mod guards;
mod inventory;
mod own;
mod privileges;
mod probes;
mod quiet;
mod reach;
mod recordings;
mod reports;
mod rights;
mod sign_in;
mod tenant;
mod vault;
mod whole;
