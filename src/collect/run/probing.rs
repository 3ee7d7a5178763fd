//! Where probes of writing may go: nowhere near production, whatever the estate calls it.

use super::Run;
use crate::collect::dataverse::probe::Probes;
use crate::estate::{Environment, Registration};
use crate::evidence::WhoAmI;
use crate::model::{Gap, GapKind, Observed, Tier, guid};

impl Run<'_> {
    /// What its probes of writing share with everybody's. `None` where none are sent: nobody asked for
    /// them, or it is production, where nothing is ever probed.
    pub(in crate::collect) fn probes_of(&self, registration: &Registration) -> Option<&Probes> {
        let tier = self.estate.environment_of(registration)?.tier;
        let (probes, _) = self.probes.as_ref()?;
        (tier != Tier::Production).then_some(probes)
    }

    /// Whether the organisation that answered WhoAmI is the one that the environment declares, and surely
    /// none of production: a tier is a word in a file, and a host can be another's second name.
    ///
    /// # Errors
    /// The gap that stands for each probe: why nothing is sent there.
    pub(in crate::collect) async fn is_no_production(
        &self,
        registration: &Registration,
        whoami: &Observed<WhoAmI>,
    ) -> Result<(), Gap> {
        let name = &registration.environment;
        let refused = |why: String| Gap::new(GapKind::NotReached, format!("not probed: {why}"));
        let environment = self.estate.environment_of(registration);
        let (Some((_, production)), Some(environment)) = (&self.probes, environment) else {
            return Err(refused(format!("nothing is asked of environment {name}")));
        };
        if let Some(other) = production.behind(self.estate, environment) {
            return Err(refused(format!(
                "the Dataverse of {name} is that of {other}, which is production"
            )));
        }
        let organization = match whoami {
            Observed::Known(WhoAmI::Answered {
                organization_id, ..
            }) => organization_id,
            Observed::Known(WhoAmI::Refused { seen, .. }) => {
                return Err(refused(format!("WhoAmI was refused: {seen}")));
            }
            Observed::Unknown(gap) => {
                return Err(gap.behind(format!("not probed: {}", gap.seen)));
            }
        };
        is_declared(name, environment, organization).map_err(refused)?;
        if let Some(other) = production.declaring(organization) {
            return Err(refused(format!(
                "{name} answers as organisation {organization}, which is that of {other}, and that is production"
            )));
        }
        for (other, declared) in production.environments() {
            let answered = match self.environment(other) {
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
