//! Collecting: every question the estate raises is asked once, and each answer becomes evidence or a gap.
//!
//! Nothing here judges, and nothing here fails: a call that goes wrong is a [`Gap`] in the snapshot.

mod caller;
mod certificate;
mod clock;
mod credential;
mod dataverse;
pub(crate) mod entra;
pub(crate) mod fields;
mod finops;
mod gaps;
pub(crate) mod graph;
pub(crate) mod http;
pub(crate) mod identity;
mod keyvault;
mod options;
pub(crate) mod pages;
mod registration;
pub(crate) mod remedy;
mod run;
mod services;
pub(crate) mod shape;
mod surroundings;
mod trace;
mod x509;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use secrecy::SecretString;

use crate::estate::{EntryRef, Estate};
use crate::evidence::{FORMAT, Snapshot};
use crate::model::{Gap, GapTable};

pub(crate) use options::Progress;
pub use options::{AuditorVariables, Options, REPORT_SPAN, Silent, Trust};
pub(crate) use run::Examined;
pub(crate) use surroundings::{Surroundings, files as own_files};

/// Asks everything the estate raises. `narrowed` are the words of `--env` and `--registration`, where
/// the estate was narrowed by them.
pub async fn collect(estate: &Estate, narrowed: Option<String>, options: &Options) -> Snapshot {
    let mut snapshot = Snapshot {
        format: FORMAT.to_owned(),
        tool: concat!("credaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
        run: options.run.clone(),
        started: clock::now(),
        finished: clock::now(),
        clock: None,
        trace: trace::not_yet(options),
        earlier_runs: trace::earlier_runs(options),
        estate: estate.clone(),
        narrowed,
        isolation: options.isolation,
        probe_writes: options.probe_writes.is_some(),
        auditors: BTreeMap::new(),
        vaults: BTreeMap::new(),
        directories: BTreeMap::new(),
        environments: BTreeMap::new(),
        registrations: BTreeMap::new(),
        requests: Vec::new(),
        gaps: GapTable,
    };
    match run::Run::new(estate, options) {
        Ok(run) => {
            let ((), trace) =
                futures::join!(run.fill(&mut snapshot), trace::this_run(estate, options));
            snapshot.trace = trace;
        }
        Err(gap) => nothing(&gap, &mut snapshot),
    }
    snapshot.finished = clock::now();
    snapshot
}

/// The one gap that stands for everything: no request could be made at all.
fn nothing(gap: &Gap, snapshot: &mut Snapshot) {
    *snapshot = snapshot.whole(|_| gap.clone()).into_owned();
}

/// Tries everything that the audit reads as itself, and looks at the way to every host. No credential of a registration
/// is tried; of each vault one value is read, and dropped.
///
/// # Errors
/// The gap, where no request could be made at all.
pub(crate) async fn examine(
    estate: &Estate,
    options: &Options,
    surroundings: &Surroundings,
) -> Result<Examined, Gap> {
    let run = run::Run::new(estate, options)?;
    Ok(run.examine(options, surroundings).await)
}

/// Reads one secret as the auditor, for the mail server's password.
///
/// # Errors
/// The gap, where it cannot be read or holds nothing usable.
pub(crate) async fn read_secret(
    estate: &Estate,
    options: &Options,
    entry: &EntryRef,
) -> Result<SecretString, Gap> {
    run::Run::new(estate, options)?.read_secret(entry).await
}

/// A token of the audit's own identity for handing over mail: `scope` is Graph's or Exchange Online's.
/// `tenant` is a name of the estate.
///
/// # Errors
/// The gap, where the audit cannot sign in there.
pub async fn mail_token(
    estate: &Estate,
    options: &Options,
    tenant: &str,
    scope: &str,
) -> Result<SecretString, Gap> {
    run::Run::new(estate, options)?.token(tenant, scope).await
}
