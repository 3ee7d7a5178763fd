//! Which environments of the estate are one and the same organisation.

use crate::facts::case::Context;
use crate::facts::prelude::*;
use crate::model::guid::same as same_id;

/// How two environments are one in any service.
/// `None` where nothing shows it, which is no proof that they are two.
pub(crate) fn same(context: &Context<'_>, left: &str, right: &str) -> Option<String> {
    let in_any = [Service::Dataverse, Service::FinOps]
        .into_iter()
        .filter_map(|service| same_in(context, service, left, right));
    let said: Vec<String> = in_any.collect();
    (!said.is_empty()).then(|| said.join(", and "))
}

/// How they are one in one service: `dev and test have one Dataverse host (contoso.crm4.dynamics.com)`.
/// That the one service is shared says nothing of the other.
pub(crate) fn same_in(
    context: &Context<'_>,
    service: Service,
    left: &str,
    right: &str,
) -> Option<String> {
    let environments = &context.snapshot.estate.environments;
    let (one, other) = (environments.get(left)?, environments.get(right)?);
    let (host, another) = match service {
        Service::FinOps => (&one.finops, &other.finops),
        _ => (&one.dataverse, &other.dataverse),
    };
    if let (Some(host), Some(another)) = (host, another)
        && host.eq_ignore_ascii_case(another)
    {
        let kind = service.name();
        return Some(format!("{left} and {right} have one {kind} host ({host})"));
    }
    if service == Service::FinOps {
        return None;
    }
    let (ids, others) = (seen(context, left), seen(context, right));
    let id = ids
        .iter()
        .find(|id| others.iter().any(|other| same_id(id, other)))?;
    Some(format!(
        "{left} and {right} answer with one organisation id ({id})"
    ))
}

/// Organisation ids that the environment answered: to its auditor; where it answered that one nothing,
/// to its registrations.
fn seen(context: &Context<'_>, name: &str) -> BTreeSet<String> {
    let environment = context.snapshot.environments.get(name);
    let to_auditor = environment.and_then(|environment| environment.organization.known());
    if let Some(id) = to_auditor {
        return [id.clone()].into();
    }
    let own = context.cases_of_environment(name);
    own.filter_map(
        |case| match case.evidence.dataverse.as_ref()?.whoami.known()? {
            WhoAmI::Answered {
                organization_id, ..
            } => Some(organization_id.clone()),
            WhoAmI::Refused { .. } => None,
        },
    )
    .collect()
}

/// Whether it is known which organisation the environment is, where it is one. Only the auditor's word
/// is enough: what it could not ask may contradict what a registration was told.
pub(crate) fn is_known(context: &Context<'_>, name: &str) -> Result<(), Gap> {
    let estate = &context.snapshot.estate;
    let declared = estate.environments.get(name);
    if declared.is_none_or(|environment| environment.dataverse.is_none()) {
        return Ok(());
    }
    let environment = context.snapshot.environments.get(name);
    match environment.map(|environment| environment.organization.get()) {
        Some(Ok(_)) => Ok(()),
        Some(Err(gap)) => Err(gap.clone()),
        None => Err(Gap::new(
            GapKind::NotReached,
            format!("{name} was not asked which organisation it is"),
        )),
    }
}
