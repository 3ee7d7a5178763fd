//! The report for programs and other tools: formats that stay equal byte for byte.

pub mod calendar;
pub mod csv;
pub mod json;
pub mod junit;
pub mod prometheus;
pub mod sarif;
pub mod webhook;
