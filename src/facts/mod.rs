//! What the evidence adds up to: who the auditor is, what each credential's state is, how far a rotation has come, what
//! may be done and where. Checks and views judge by these, never by the raw evidence twice.

pub(crate) mod auditors;
pub(crate) mod case;
pub(crate) mod credentials;
pub(crate) mod fixes;
pub(crate) mod granting;
pub(crate) mod index;
pub(crate) mod isolation;
pub(crate) mod outcomes;
pub(crate) mod portal;
mod prelude;
pub(crate) mod present;
pub(crate) mod principals;
pub(crate) mod privilege;
pub(crate) mod rotation;
pub(crate) mod tenants;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tokens;
