//! Metadata that an integration declares it needs, read with its own credential.

use futures::future::join_all;

use super::expected;
use crate::collect::caller::Caller;
use crate::collect::dataverse::map;
use crate::collect::gaps;
use crate::collect::services::EnvironmentTask;
use crate::estate::Registration;
use crate::evidence::{MetadataRead, WhoAmI};
use crate::model::{Gap, Observed};

/// Every declared piece, side by side; `caller` is none for the reason in `missing`.
pub(super) async fn read(
    task: &EnvironmentTask<'_>,
    registration: &Registration,
    caller: Option<&Caller>,
    missing: &Gap,
) -> Vec<MetadataRead> {
    join_all(
        expected::metadata(registration)
            .into_iter()
            .map(|target| async move {
                let answer = match caller {
                    None => Observed::Unknown(missing.clone()),
                    Some(caller) => match task.site.read_metadata(caller, &target).await {
                        Ok(answer) => {
                            let call = task.site.metadata_call(&target);
                            map::metadata(&call, &answer, &target, task.site.place())
                        }
                        Err(gap) => Observed::Unknown(gap),
                    },
                };
                MetadataRead { target, answer }
            }),
    )
    .await
}

/// A refused WhoAmI leaves these reads behind it.
pub(super) fn behind(whoami: &Observed<WhoAmI>, mut reads: Vec<MetadataRead>) -> Vec<MetadataRead> {
    if let Observed::Known(WhoAmI::Refused { seen, .. }) = whoami {
        for read in &mut reads {
            read.answer = Observed::not_reached(gaps::whoami_refused(seen));
        }
    }
    reads
}
