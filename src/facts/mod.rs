//! What the evidence adds up to: who the auditor is, what each credential's state is, how far a rotation has come, what
//! may be done and where. Checks and views judge by these, never by the raw evidence twice.

pub mod auditors;
pub mod case;
pub mod credentials;
pub mod index;
pub mod isolation;
pub mod outcomes;
mod prelude;
pub mod present;
pub mod principals;
pub mod privilege;
pub mod rotation;
pub mod tenants;
#[cfg(test)]
pub mod testing;
pub mod tokens;
