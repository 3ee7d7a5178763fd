//! Which expectations of one registration are probed by writing, and what must stand before one is.

use super::probe_guard::ProbeGuard;
use crate::collect::caller::Caller;
use crate::collect::dataverse::probe::change;
use crate::collect::gaps;
use crate::collect::http::Change;
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{ReadAnswer, TableName, TableRead, WhoAmI, WriteProbe};
use crate::model::{Gap, GapKind, Observed, Operation};

/// Every expectation that writing or deleting is refused, by table, then operation.
fn targets(registration: &Registration) -> Vec<(&String, Operation, Change)> {
    let Some(expected) = &registration.dataverse else {
        return Vec::new();
    };
    let mut targets: Vec<_> = Operation::ALL
        .into_iter()
        .filter_map(|operation| Some((operation, change(operation)?)))
        .flat_map(|(operation, change)| {
            let allowed = expected.allow.of(operation);
            let denied = expected.deny.of(operation).iter();
            denied
                .filter(|table| !allowed.contains(table))
                .map(move |table| (table, operation, change))
        })
        .collect();
    targets.sort_by_key(|(table, operation, _)| (*table, *operation));
    targets
}

/// Whether this run probes anything of it.
pub(crate) fn asked(guard: Option<&ProbeGuard<'_, '_>>, registration: &Registration) -> bool {
    guard.is_some() && !targets(registration).is_empty()
}

/// What was seen before any probe.
pub(crate) struct Ground<'g, 'a> {
    pub(super) guard: &'g ProbeGuard<'g, 'a>,
    pub(crate) task: &'g EnvironmentTask<'a>,
    /// The control: a refusal says nothing of privileges while the user itself is not accepted.
    pub(crate) whoami: &'g Observed<WhoAmI>,
    pub(crate) reads: &'g [TableRead],
}

impl Ground<'_, '_> {
    /// Each target in turn.
    pub(crate) async fn tried(
        &self,
        registration: &Registration,
        caller: Option<&Caller>,
        names: impl Future<Output = Result<Vec<TableName>, Gap>>,
    ) -> Vec<WriteProbe> {
        let targets = targets(registration);
        if targets.is_empty() {
            return Vec::new();
        }
        let may = self.guard.is_no_production(registration, self.whoami).await;
        let names = names.await;
        let mut tried = Vec::new();
        for (table, operation, change) in targets {
            let ready = match &may {
                Ok(()) => self.ready(table, caller, &names).await,
                Err(gap) => Err(gap.clone()),
            };
            let answer = match ready {
                Err(gap) => Observed::Unknown(gap),
                Ok((name, looks, caller)) => {
                    let site = &self.task.site;
                    self.guard
                        .probes
                        .probe(site, &looks, caller, name, change)
                        .await
                }
            };
            tried.push(WriteProbe {
                table: table.clone(),
                operation,
                answer,
            });
        }
        tried
    }

    /// The table, who looks for the row, and who tries to change it.
    async fn ready<'n>(
        &self,
        table: &str,
        caller: Option<&'n Caller>,
        names: &'n Result<Vec<TableName>, Gap>,
    ) -> Result<(&'n TableName, Caller, &'n Caller), Gap> {
        let unready = |why: &str| Gap::new(GapKind::NotReached, gaps::not_probed(&why));
        let caller = caller.ok_or_else(|| unready("there is no token"))?;
        let names = names.as_ref().map_err(|gap| gap.behind(gaps::NOT_PROBED))?;
        let same = |name: &&TableName| name.logical_name.eq_ignore_ascii_case(table);
        let name = names
            .iter()
            .find(same)
            .ok_or_else(|| unready(&format!("metadata has no table {table}")))?;
        let may_read = self.reads.iter().any(|read| {
            read.table == table && matches!(read.answer, Observed::Known(ReadAnswer::Read { .. }))
        });
        let looks = if may_read {
            caller.clone()
        } else {
            let auditor = self.task.caller().await?;
            auditor.that_reads(table)
        };
        Ok((name, looks, caller))
    }
}
