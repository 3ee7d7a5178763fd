//! Probes of writing (`--probe-writes`): one at a time, on ids that do not exist, ended by the first
//! answer that says something was changed, or that leaves it open.

use tokio::sync::Mutex;

use super::api::Site;
use super::map;
use crate::collect::caller::Caller;
use crate::collect::gaps;
use crate::collect::http::{Absent, Answer, Change, Unanswered, is_no_such_row};
use crate::evidence::{ReadRefusal, TableName, WriteAnswer};
use crate::model::{Gap, GapKind, Observed, Operation};
use crate::reference::codes::Class;

/// Shared by the whole run: what was honoured once, or may have been, is not tried again, anywhere.
#[derive(Debug, Default)]
pub(crate) struct Probes {
    /// Why no more is sent. Held while a probe is under way, so that no second one is.
    ended: Mutex<Option<String>>,
}

/// Write or delete; creating is never tried.
pub(crate) const fn change(operation: Operation) -> Option<Change> {
    match operation {
        Operation::Write => Some(Change::Update),
        Operation::Delete => Some(Change::Delete),
        _ => None,
    }
}

impl Probes {
    /// Tries `change` on a random row of the table that `looks` sees does not exist, as `caller`.
    pub(crate) async fn probe(
        &self,
        site: &Site,
        looks: &Caller,
        caller: &Caller,
        table: &TableName,
        change: Change,
    ) -> Observed<WriteAnswer> {
        match self.tried(site, looks, caller, table, change).await {
            Ok(answer) => answer,
            Err(gap) => Observed::Unknown(gap),
        }
    }

    async fn tried(
        &self,
        site: &Site,
        looks: &Caller,
        caller: &Caller,
        table: &TableName,
        change: Change,
    ) -> Result<Observed<WriteAnswer>, Gap> {
        let absent = site.absent_row(looks, table).await?;
        let call = site.probe_call(&table.logical_name, change);
        let mut ended = self.ended.lock().await;
        if let Some(why) = &*ended {
            return Err(Gap::new(
                GapKind::NotReached,
                gaps::not_probed(&format!("{why}, and no further probe was sent")),
            ));
        }
        let like = Site::ask(caller, &call, site.url("")?);
        // Until an answer says otherwise, also where this task is dropped while it waits.
        *ended = Some(format!("the fate of {call} is unknown"));
        let answer = site.wire.probe(like, absent, change).await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(Unanswered::NotDone(gap)) => {
                *ended = None;
                return Err(gap);
            }
            Err(Unanswered::Sent(gap)) => return Err(unknown_fate(gap)),
        };
        if is_open(&answer) {
            let code = answer.odata_code();
            let gap = map::proves_nothing(&call, &answer, code.as_deref());
            return Err(unknown_fate(gap));
        }
        *ended = answer.is_success().then(|| format!("{call} was honoured"));
        drop(ended);
        Ok(written(&call, &answer))
    }
}

/// Whether the server may have done what it was asked to, for all that its answer says: a gateway can give
/// up on a server that goes on, and where a redirect's target stands nobody asked. A success that is neither
/// without content (204) nor the service's JSON is somebody else's.
fn is_open(answer: &Answer) -> bool {
    match answer.status {
        100..=199 | 300..=399 | 408 | 500.. => true,
        204 => false,
        200..=299 => !answer.is_json(),
        _ => false,
    }
}

fn unknown_fate(gap: Gap) -> Gap {
    Gap {
        seen: format!(
            "{}; its fate is unknown: the service may have carried it out",
            gap.seen
        ).into(),
        ..gap
    }
    .with_remedy(
        "look at the table's audit history for a change by this application user at that time before probing again",
    )
}

impl Site {
    fn probe_call(&self, table: &str, change: Change) -> String {
        let verb = match change {
            Change::Update => "PATCH",
            Change::Delete => "DELETE",
        };
        format!(
            "a {verb} of an absent row of table {table} on {}",
            self.root
        )
    }

    /// A random id of which the service says that no row has it.
    async fn absent_row(&self, looks: &Caller, table: &TableName) -> Result<Absent, Gap> {
        let id = uuid::Uuid::new_v4();
        let path = format!("{}({id})?$select={}", table.set_name, table.primary_id);
        let call = format!(
            "a look for a random row of table {} on {}",
            table.logical_name, self.root
        );
        let mut ask = Self::ask(looks, &call, self.url(&path)?).status_only();
        ask.headers.remove("prefer");
        let answer = self.wire.send(&ask).await?;
        if let Some(absent) = Absent::seen(&ask, &answer) {
            return Ok(absent);
        }
        let gap = if answer.is_success() {
            answer.malformed(&call, "though no row has this id")
        } else {
            looks.refusal(&call, &answer)
        };
        Err(Gap {
            seen: gaps::not_probed(&gap.seen).into(),
            ..gap
        })
    }
}

/// How a probe was answered.
fn written(call: &str, answer: &Answer) -> Observed<WriteAnswer> {
    if answer.is_success() {
        let seen = answer.seen(call, None);
        return Observed::Known(WriteAnswer::Honoured { seen });
    }
    let code = answer.odata_code();
    if is_no_such_row(answer) {
        let seen = answer.seen(call, code);
        return Observed::Known(WriteAnswer::NotFound { seen });
    }
    let why = match map::class(answer, code.as_deref()) {
        Some(Class::PrivilegeDenied) => ReadRefusal::Privilege,
        Some(Class::NoRoles) => ReadRefusal::NoRoles,
        _ => return Observed::Unknown(map::proves_nothing(call, answer, code.as_deref())),
    };
    let seen = answer.seen(call, code);
    Observed::Known(WriteAnswer::Refused { seen, why })
}
