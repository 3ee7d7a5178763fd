//! The integration tests: one binary, so that it is built and linked once.

mod architecture;
mod defects;
mod smtp;
mod tenant;
