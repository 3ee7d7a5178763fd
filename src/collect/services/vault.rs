//! One vault: its list once, and of each entry everything once, however many registrations name it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Once, lock, once};
use crate::collect::keyvault::api::{ReadSecret, VaultReader};
use crate::collect::keyvault::error::VaultError;
use crate::evidence::{DeletedEntry, EntryVersion, ListedSecret, VaultCertificate};
use crate::model::{Listing, Observed, Presence};

/// One answer an entry, by its name.
type Each<'a, T> = Mutex<BTreeMap<String, Once<'a, T>>>;

/// One vault.
pub(crate) struct VaultTask<'a> {
    pub(crate) reader: Arc<VaultReader>,
    list: Once<'a, Listing<ListedSecret>>,
    reads: Each<'a, Arc<Result<ReadSecret, VaultError>>>,
    versions: Each<'a, Listing<EntryVersion>>,
    deleted: Each<'a, Observed<Presence<DeletedEntry>>>,
    certificates: Each<'a, Observed<Presence<VaultCertificate>>>,
}

impl<'a> VaultTask<'a> {
    pub(in crate::collect) fn new(reader: VaultReader) -> Self {
        let reader = Arc::new(reader);
        let lister = Arc::clone(&reader);
        Self {
            list: once(async move { lister.list().await }),
            reader,
            reads: Mutex::default(),
            versions: Mutex::default(),
            deleted: Mutex::default(),
            certificates: Mutex::default(),
        }
    }

    pub(in crate::collect) async fn list(&self) -> Listing<ListedSecret> {
        self.list.clone().await
    }

    /// The current version.
    pub(in crate::collect) async fn get(&self, name: &str) -> Arc<Result<ReadSecret, VaultError>> {
        self.get_version(name, None).await
    }

    /// One version, the current one without.
    pub(in crate::collect) async fn get_version(
        &self,
        name: &str,
        version: Option<&str>,
    ) -> Arc<Result<ReadSecret, VaultError>> {
        let (of, pinned) = (name.to_owned(), version.map(str::to_owned));
        let ask = |reader: Arc<VaultReader>, _| {
            once(async move { Arc::new(reader.get(&of, pinned).await) })
        };
        self.each(&self.reads, &versioned(name, version), ask).await
    }

    pub(in crate::collect) async fn versions(&self, name: &str) -> Listing<EntryVersion> {
        let ask = |reader: Arc<VaultReader>, name: String| {
            once(async move { reader.versions(&name).await })
        };
        self.each(&self.versions, name, ask).await
    }

    /// What is left of an entry that the vault no longer has.
    pub(in crate::collect) async fn deleted(&self, name: &str) -> Observed<Presence<DeletedEntry>> {
        let ask = |reader: Arc<VaultReader>, name: String| {
            once(async move { reader.deleted(&name).await })
        };
        self.each(&self.deleted, name, ask).await
    }

    pub(in crate::collect) async fn certificate(
        &self,
        name: &str,
        version: Option<&str>,
    ) -> Observed<Presence<VaultCertificate>> {
        let (of, pinned) = (name.to_owned(), version.map(str::to_owned));
        let ask = |reader: Arc<VaultReader>, _| {
            once(async move { reader.certificate(&of, pinned).await })
        };
        self.each(&self.certificates, &versioned(name, version), ask)
            .await
    }

    fn each<T: Clone>(
        &self,
        answers: &Each<'a, T>,
        name: &str,
        ask: impl FnOnce(Arc<VaultReader>, String) -> Once<'a, T>,
    ) -> Once<'a, T> {
        // Names of entries are the same in any case.
        lock(answers)
            .entry(name.to_ascii_lowercase())
            .or_insert_with(|| ask(Arc::clone(&self.reader), name.to_owned()))
            .clone()
    }
}

/// What an answer is kept under: no name of an entry holds a slash.
fn versioned(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name}/{version}"))
}
