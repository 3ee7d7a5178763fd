//! Facts about the services that do not change between runs: clouds and hosts, codes, Microsoft's own ids.

pub mod cloud;
pub mod codes;
pub mod microsoft;
