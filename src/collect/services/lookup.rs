//! What is asked, by the estate's names: every vault, and every environment's services.

use std::collections::BTreeMap;

use super::{EnvironmentTask, FinopsTask, VaultTask};
use crate::estate::EntryRef;
use crate::model::{Gap, GapKind};

/// The vaults.
#[derive(Default)]
pub(crate) struct Vaults<'a>(pub(in crate::collect) BTreeMap<&'a str, VaultTask<'a>>);

impl<'a> Vaults<'a> {
    /// The vault that an entry is in.
    ///
    /// # Errors
    /// NotReached, where the vault has no tenant to ask it in.
    pub(in crate::collect) fn holding(&self, entry: &EntryRef) -> Result<&VaultTask<'a>, Gap> {
        self.0.get(entry.vault.as_str()).ok_or_else(|| {
            Gap::new(
                GapKind::NotReached,
                format!("the vault {} belongs to no environment", entry.vault),
            )
        })
    }
}

/// The environments' services.
#[derive(Default)]
pub(crate) struct Environments<'a> {
    pub(in crate::collect) dataverse: BTreeMap<&'a str, EnvironmentTask<'a>>,
    pub(in crate::collect) finops: BTreeMap<&'a str, FinopsTask<'a>>,
}

impl<'a> Environments<'a> {
    pub(in crate::collect) fn dataverse(&self, name: &str) -> Option<&EnvironmentTask<'a>> {
        self.dataverse.get(name)
    }

    pub(in crate::collect) fn finops(&self, name: &str) -> Option<&FinopsTask<'a>> {
        self.finops.get(name)
    }
}
