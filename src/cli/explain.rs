//! `credaudit explain`.

use clap::Args;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  credaudit explain credential-expired\n  credaudit explain AADSTS7000222\n  credaudit explain 0x80040220\n  credaudit explain finops-401"
)]
pub struct Explain {
    /// A check's id, an error code, or a whole error message. Default: list all codes
    #[arg(value_name = "ID", allow_negative_numbers = true)]
    pub id: Vec<String>,
}
