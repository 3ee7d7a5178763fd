//! Where a registration's credential is tried: on its own environment, and on the tenant's others.

use crate::collect::services::{EnvironmentTask, Environments, FinopsTask};
use crate::estate::{Estate, Registration};
use crate::model::{IsolationProbe, Service};

/// The services that the credential is for, and those that should know nothing of it.
pub(super) struct Targets<'r, 'a> {
    pub(super) dataverse: Option<&'r EnvironmentTask<'a>>,
    pub(super) finops: Option<&'r FinopsTask<'a>>,
    pub(super) cells: Vec<Cell<'r, 'a>>,
}

/// One service of another environment of the same tenant.
pub(super) struct Cell<'r, 'a> {
    pub(super) environment: &'r str,
    pub(super) task: Task<'r, 'a>,
    /// Whether the policy has the credential tried there.
    pub(super) is_tried: bool,
}

/// A service of one environment.
pub(super) enum Task<'r, 'a> {
    Dataverse(&'r EnvironmentTask<'a>),
    FinOps(&'r FinopsTask<'a>),
}

impl<'r, 'a> Targets<'r, 'a> {
    /// Of which nothing is expected is tried where its environment can show that it signs in: in Dataverse,
    /// else in Finance & Operations.
    pub(super) fn new(
        estate: &'r Estate,
        environments: &'r Environments<'a>,
        isolation: IsolationProbe,
        registration: &Registration,
    ) -> Self {
        let expects_nothing = registration.dataverse.is_none() && registration.finops.is_none();
        let dataverse = environments
            .dataverse(&registration.environment)
            .filter(|_| registration.dataverse.is_some() || registration.finops.is_none());
        let finops = environments
            .finops(&registration.environment)
            .filter(|_| registration.finops.is_some() || dataverse.is_none() && expects_nothing);
        Self {
            dataverse,
            finops,
            cells: cells(estate, environments, isolation, registration),
        }
    }

    /// What tokens are needed for at home, in the order of `Proofs::tokens`.
    pub(super) fn resources(&self) -> Vec<(Service, String)> {
        let dataverse = self.dataverse.map(Task::Dataverse);
        let finops = self.finops.map(Task::FinOps);
        let tasks = dataverse.into_iter().chain(finops);
        tasks
            .map(|task| (task.service(), task.resource()))
            .collect()
    }
}

impl Task<'_, '_> {
    pub(super) const fn service(&self) -> Service {
        match self {
            Self::Dataverse(_) => Service::Dataverse,
            Self::FinOps(_) => Service::FinOps,
        }
    }

    /// What a token is asked for.
    pub(super) fn resource(&self) -> String {
        match self {
            Self::Dataverse(task) => task.resource.clone(),
            Self::FinOps(task) => task.site.resource(),
        }
    }
}

/// Every service of the tenant's other environments, by environment, then service. A host that is the
/// home's own under another environment's name is no foreign one.
fn cells<'r, 'a>(
    estate: &'r Estate,
    environments: &'r Environments<'a>,
    isolation: IsolationProbe,
    registration: &Registration,
) -> Vec<Cell<'r, 'a>> {
    let tenant = |environment| Some(&estate.tenant_of(environment)?.id);
    let Some(home) = estate.environment_of(registration) else {
        return Vec::new();
    };
    let own = environments.dataverse(&registration.environment);
    let mut cells = Vec::new();
    for (name, environment) in &estate.environments {
        if *name == registration.environment || tenant(environment) != tenant(home) {
            continue;
        }
        let cell = |task| Cell {
            environment: name.as_str(),
            is_tried: isolation.tries(home.tier, environment.tier),
            task,
        };
        let dataverse = environments
            .dataverse(name)
            .filter(|task| own.is_none_or(|own| own.site.root != task.site.root));
        let finops = environments
            .finops(name)
            .filter(|_| environment.finops != home.finops);
        cells.extend(dataverse.map(|task| cell(Task::Dataverse(task))));
        cells.extend(finops.map(|task| cell(Task::FinOps(task))));
    }
    cells
}
