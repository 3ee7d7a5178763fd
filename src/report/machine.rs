//! The report for programs and other tools: formats that stay equal byte for byte.

pub(crate) mod calendar;
pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod prometheus;
pub(crate) mod sarif;
pub(crate) mod webhook;
