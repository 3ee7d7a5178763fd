//! What the report shows of each registration: its ladder, its credentials, how far its rotation is.

use crate::model::Prose;
use std::collections::HashMap;

use super::hits::of_one;
use super::ladder;
use super::route::route;
use crate::estate::Environment;
use crate::evidence::{RegistrationEvidence, Snapshot};
use crate::facts::case::Context;
use crate::facts::isolation::row::isolation;
use crate::facts::privilege::matrix::privileges;
use crate::facts::rotation::params::RotationParams;
use crate::facts::rotation::view::life;
use crate::model::assessment::{CellState, Finding, RegistrationView};
use crate::model::{Severity, time};
use crate::where_used::map::Map;

/// One view a registration, by environment, then name.
pub(super) fn views(
    context: &Context<'_>,
    rotation: &RotationParams,
    findings: &[Finding],
    map: &Map<'_>,
) -> Vec<RegistrationView> {
    let snapshot = context.snapshot;
    let mut about: HashMap<&str, Vec<Severity>> = HashMap::new();
    for finding in findings {
        for name in &finding.registrations {
            about.entry(name).or_default().push(finding.severity);
        }
    }
    let mut views: Vec<RegistrationView> = snapshot
        .estate
        .registrations
        .iter()
        .filter_map(|registration| {
            let evidence = snapshot.registration(&registration.name)?;
            let environment = snapshot.estate.environment_of(registration)?;
            let about = about.get(registration.name.as_str());
            let mut privileges = privileges(context, &registration.name);
            for cell in &mut privileges {
                date(&mut cell.observed, cell.state, evidence);
            }
            let mut isolation = isolation(context, &registration.name);
            for cell in &mut isolation {
                date(&mut cell.observed, cell.state, evidence);
            }
            let (credentials, rotation) = life(context, rotation, &registration.name);
            Some(RegistrationView {
                name: registration.name.clone(),
                environment: registration.environment.clone(),
                tier: environment.tier.to_string(),
                place: place(snapshot, environment),
                client_id: evidence.client_id.known().cloned(),
                rungs: ladder::climb(snapshot, registration, evidence),
                ends: ladder::ends(context, &registration.name),
                cannot_be_proven: registration.credential.is_none(),
                proven_on: evidence.carried.as_ref().map(|carried| carried.at),
                credentials,
                rotation,
                whereabouts: map.of_registration(registration).whole(),
                privileges,
                isolation,
                hits: of_one(&snapshot.estate, registration).into(),
                route: route(&snapshot.estate, registration, evidence),
                not_tried: ladder::not_tried(registration),
                findings: about.map_or(0, Vec::len),
                worst: about.and_then(|about| about.iter().max().copied()),
            })
        })
        .collect();
    views.sort_by(|left, right| {
        (&left.environment, &left.name).cmp(&(&right.environment, &right.name))
    });
    views
}

/// Adds to what a real call was answered its day, where an earlier run was answered it (`prove = "on-change"`).
fn date(observed: &mut Prose, state: CellState, evidence: &RegistrationEvidence) {
    let told_by_a_call = matches!(
        state,
        CellState::ProvenRefused
            | CellState::ProvenOpen
            | CellState::ObservedOnly
            | CellState::Disagrees
    );
    if let Some(carried) = evidence.carried.as_ref().filter(|_| told_by_a_call) {
        *observed = observed.and(format_args!(", on {}", time::day(carried.at)));
    }
}

/// Tenant and address: what stays where an environment or a registration of another estate has the same name.
fn place(snapshot: &Snapshot, environment: &Environment) -> Vec<String> {
    let tenant = snapshot.estate.tenants.get(&environment.tenant);
    let host = environment
        .dataverse
        .as_ref()
        .or(environment.finops.as_ref());
    tenant
        .map(|tenant| &tenant.id)
        .into_iter()
        .chain(host)
        .cloned()
        .collect()
}
