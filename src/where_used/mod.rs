//! Where a client id and its credentials are used, as far as could be read.

pub mod locate;
pub mod map;
