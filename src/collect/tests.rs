//! The whole room against a small TLS server under the services' real host names.

mod cloud;
mod guards;
mod recordings;
mod tenant;
mod whole;
