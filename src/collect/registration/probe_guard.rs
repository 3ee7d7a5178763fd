//! Where probes of writing may go: nowhere near production, whatever the estate calls it.

use super::Shared;
use crate::collect::dataverse::probe::Probes;
use crate::collect::gaps;
use crate::collect::services::Environments;
use crate::estate::{Environment, Estate, Production, Registration};
use crate::evidence::WhoAmI;
use crate::model::{Gap, GapKind, Observed, Tier, guid};

/// What all probes of writing share, and what they keep away from.
pub(in crate::collect) struct Probing {
    pub(in crate::collect) probes: Probes,
    pub(in crate::collect) production: Production,
}

/// Stands before every probe of one registration.
pub(super) struct ProbeGuard<'r, 'a> {
    pub(super) probes: &'r Probes,
    production: &'r Production,
    estate: &'r Estate,
    environments: &'r Environments<'a>,
}

impl<'r, 'a> ProbeGuard<'r, 'a> {
    /// `None` where no probes are sent: nobody asked for them, or it is production, where nothing is ever
    /// probed.
    pub(super) fn new(shared: &'r Shared<'a>, registration: &Registration) -> Option<Self> {
        let probing = shared.probing.as_ref()?;
        let tier = shared.estate.environment_of(registration)?.tier;
        (tier != Tier::Production).then_some(Self {
            probes: &probing.probes,
            production: &probing.production,
            estate: shared.estate,
            environments: &shared.environments,
        })
    }

    /// Whether the organisation that answered WhoAmI is the one that the environment declares, and surely
    /// none of production: a tier is a word in a file, and a host can be another's second name.
    ///
    /// # Errors
    /// The gap that stands for each probe: why nothing is sent there.
    pub(super) async fn is_no_production(
        &self,
        registration: &Registration,
        whoami: &Observed<WhoAmI>,
    ) -> Result<(), Gap> {
        let name = &registration.environment;
        let refused = |why: String| Gap::new(GapKind::NotReached, gaps::not_probed(&why));
        let Some(environment) = self.estate.environment_of(registration) else {
            return Err(refused(format!("nothing is asked of environment {name}")));
        };
        if let Some(other) = self.production.behind(self.estate, environment) {
            return Err(refused(format!(
                "the Dataverse of {name} is that of {other}, which is production"
            )));
        }
        let organization = match whoami {
            Observed::Known(WhoAmI::Answered {
                organization_id, ..
            }) => organization_id,
            Observed::Known(WhoAmI::Refused { seen, .. }) => {
                return Err(refused(gaps::whoami_refused(seen)));
            }
            Observed::Unknown(gap) => {
                return Err(gap.behind(gaps::NOT_PROBED));
            }
        };
        is_declared(name, environment, organization).map_err(refused)?;
        if let Some(other) = self.production.declaring(organization) {
            return Err(refused(format!(
                "{name} answers as organisation {organization}, which is that of {other}, and that is production"
            )));
        }
        for (other, declared) in self.production.environments() {
            let answered = match self.environments.dataverse(other) {
                Some(task) => task.organization().await.ok(),
                None => None,
            };
            match answered {
                Some(answered) if guid::same(&answered, organization) => {
                    return Err(refused(format!(
                        "{name} and {other}, which is production, answer as one organisation, {organization}"
                    )));
                }
                None if !declared => {
                    let why = format!(
                        "the organisation of {other}, which is production, is not known, and {name} could be the same"
                    );
                    return Err(refused(why).with_remedy(format!(
                        "write organization-id into environment {other} of the estate"
                    )));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn is_declared(name: &str, environment: &Environment, organization: &str) -> Result<(), String> {
    match environment.organization_id.as_deref() {
        None => Err(format!(
            "environment {name} declares no organization-id, so nothing says that organisation {organization} is the one meant"
        )),
        Some(declared) if !guid::same(declared, organization) => Err(format!(
            "{name} answers as organisation {organization}, and the estate says {declared}"
        )),
        Some(_) => Ok(()),
    }
}
