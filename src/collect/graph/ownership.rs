//! Whose applications are that the estate does not name: by the owner of their service principals.

use super::Service;
use super::batch::get_all;
use super::batch_answers::{One, object};
use super::map::read;
use super::{paths, principal};
use crate::collect::fields::Fields;
use crate::evidence::PrincipalKind;
use crate::model::{Observed, Presence};

/// Asks what each of these client ids (GUIDs, lower case) is in the tenant, up to twenty in one request; the
/// answers stand in the same order.
pub(crate) async fn kinds(
    service: Service<'_>,
    client_ids: &[String],
) -> Vec<Observed<Presence<PrincipalKind>>> {
    let asker = service.asker(&service.grants.applications);
    let paths: Vec<String> = client_ids.iter().map(|id| paths::owner_of(id)).collect();
    let answers = get_all(asker, &paths).await;
    client_ids
        .iter()
        .zip(answers)
        .map(|(id, answer)| {
            let what = format!("the service principal of {id}");
            let raw = object(asker, &what, One::principal("appId", id), answer);
            read(&raw, |value| {
                principal::kind(Fields::new(value, &what), service.tenant)
            })
        })
        .collect()
}
