//! What a scenario says about the Finance & Operations side of an environment.

use serde::Deserialize;

use super::yes;
use crate::sim::catalogue::{Collection, collections};

tables! {
    /// A Finance & Operations environment.
    pub(in crate::sim) struct Finops {
        /// `contoso.operations.dynamics.com`
        pub host: String,
        /// The Entra ID applications list: which app acts as which user.
        pub clients: Vec<FinopsClient> = default,
        pub users: Vec<FinopsUser> = default,
        pub roles: Vec<FinopsRole> = default,
        /// Public collections beside the standard ones.
        pub collections: Vec<CustomCollection> = default,
        /// What a 401 carries. Not verified, so every form can be had.
        pub unauthorized: RefusalBody = default,
        /// What a 403 carries. Not verified either.
        pub forbidden: RefusalBody = default,
        /// How a client is refused whose user is switched off.
        pub disabled_user: DisabledFinopsUser = default,
        /// `false`: the list of public entities refuses `$filter` with 400.
        #[serde(default = "yes")]
        pub filters_metadata: bool,
        /// Size of `/data/$metadata`; as large as its entities when absent.
        pub metadata_megabytes: Option<usize>,
        /// Largest page of a list; 10,000 when absent.
        pub page: Option<usize>,
    }

    pub(in crate::sim) struct FinopsClient {
        pub application: String,
        pub user: String,
    }

    pub(in crate::sim) struct FinopsUser {
        /// The user's id: `ErpBridge`.
        pub name: String,
        /// Who it is: key of the people. They sign in themselves.
        pub person: Option<String>,
        pub roles: Vec<String> = default,
        pub disabled: bool = default,
    }

    pub(in crate::sim) struct FinopsRole {
        pub name: String,
        /// The system administrator: reads everything.
        pub administrator: bool = default,
        /// Public collection names.
        pub read: Vec<String> = default,
    }

    pub(in crate::sim) struct CustomCollection {
        /// `CntLoyaltyCards`
        pub name: String,
        /// `CntLoyaltyCard`
        pub entity: String,
        /// Beside `dataAreaId`.
        pub key: String,
    }
}

impl Finops {
    /// Its public collections, those that come with it and its own, by name.
    pub(crate) fn every_collection(&self) -> Vec<Collection> {
        let custom = self.collections.iter().map(|custom| Collection {
            set: custom.name.clone(),
            entity: custom.entity.clone(),
            inner: format!("{}Entity", custom.entity),
            keys: vec!["dataAreaId".to_owned(), custom.key.clone()],
            fields: vec!["Description".to_owned()],
        });
        let mut every: Vec<Collection> = collections().iter().cloned().chain(custom).collect();
        every.sort_by(|left, right| left.set.cmp(&right.set));
        every
    }

    /// By the exact name.
    pub(crate) fn collection(&self, set: &str) -> Option<Collection> {
        let mut collections = self.every_collection().into_iter();
        collections.find(|collection| collection.set == set)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum RefusalBody {
    #[default]
    Empty,
    Json,
    Html,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(in crate::sim) enum DisabledFinopsUser {
    #[default]
    #[serde(rename = "401")]
    Unauthorized,
    #[serde(rename = "403")]
    Forbidden,
}
