//! Facts about the services that do not change between runs: clouds and hosts, codes, Microsoft's own ids.

pub(crate) mod cloud;
pub(crate) mod codes;
pub(crate) mod microsoft;
