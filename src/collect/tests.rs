//! The whole room against a small TLS server under the services' real host names.

mod carry;
mod certificate;
mod clock;
mod cloud;
mod directory;
mod foreign;
mod graph;
mod guards;
mod inventory;
mod neighbours;
mod own;
mod permissions;
mod privileges;
mod probes;
mod quiet;
mod reach;
mod recordings;
mod reports;
mod rights;
mod sight;
mod sign_in;
mod strangers;
mod tenant;
mod vault;
mod waiting;
mod whole;
