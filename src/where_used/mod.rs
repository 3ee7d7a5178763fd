//! Where a client id and its credentials are used, as far as could be read.

pub(crate) mod locate;
pub(crate) mod map;
