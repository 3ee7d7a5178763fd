//! One vault: its list once, and of each entry everything once, however many registrations name it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Once, lock, once};
use crate::collect::keyvault::api::{ReadSecret, VaultError, VaultReader};
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

    pub(in crate::collect) async fn get(&self, name: &str) -> Arc<Result<ReadSecret, VaultError>> {
        let ask = |reader: Arc<VaultReader>, name: String| {
            once(async move { Arc::new(reader.get(&name).await) })
        };
        self.each(&self.reads, name, ask).await
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
    ) -> Observed<Presence<VaultCertificate>> {
        let ask = |reader: Arc<VaultReader>, name: String| {
            once(async move { reader.certificate(&name).await })
        };
        self.each(&self.certificates, name, ask).await
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
