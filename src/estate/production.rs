//! Where nothing is ever written: every production environment of a whole estate, also in a run that looks
//! at a part of it.

use std::collections::BTreeMap;

use super::{Environment, Estate};
use crate::model::{Tier, guid};

/// The Dataverse of each production environment, by the environment's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Production {
    places: BTreeMap<String, Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    /// Host without `.api`, lower case.
    host: String,
    /// GUID, as declared.
    organization: Option<String>,
}

impl Production {
    /// Of an estate before it is narrowed: what a run leaves out is written to as little.
    pub fn of(estate: &Estate) -> Self {
        let production = estate
            .environments
            .iter()
            .filter(|(_, environment)| environment.tier == Tier::Production);
        let places = production.filter_map(|(name, environment)| {
            let place = Place {
                host: host(estate, environment)?,
                organization: environment.organization_id.clone(),
            };
            Some((name.clone(), place))
        });
        Self {
            places: places.collect(),
        }
    }

    /// The production environment that answers under the Dataverse host of this one.
    pub fn behind(&self, estate: &Estate, environment: &Environment) -> Option<&str> {
        let host = host(estate, environment)?;
        let mut places = self.places.iter();
        places
            .find(|(_, place)| place.host == host)
            .map(|(name, _)| name.as_str())
    }

    /// The production environment that declares this organisation.
    pub fn declaring(&self, organization: &str) -> Option<&str> {
        let declares = |place: &Place| {
            let declared = place.organization.as_deref();
            declared.is_some_and(|declared| guid::same(declared, organization))
        };
        let mut places = self.places.iter();
        places
            .find(|(_, place)| declares(place))
            .map(|(name, _)| name.as_str())
    }

    /// Each environment, and whether it declares its organisation.
    pub fn environments(&self) -> impl Iterator<Item = (&str, bool)> {
        let places = self.places.iter();
        places.map(|(name, place)| (name.as_str(), place.organization.is_some()))
    }
}

/// The host that stands for the organisation: both of its names are one place.
fn host(estate: &Estate, environment: &Environment) -> Option<String> {
    let host = environment.dataverse.as_deref()?.to_ascii_lowercase();
    let cloud = estate.tenant_of(environment).map(|tenant| tenant.cloud);
    let root = cloud.and_then(|cloud| cloud.dataverse_root(&host));
    Some(root.unwrap_or(host))
}
