//! From the reports' lines to last uses: an odd line is a gap of its own, and absence needs the whole report.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Reports;
use crate::collect::fields::Fields;
use crate::collect::gaps;
use crate::evidence::{
    Application, Credential, LastUse, ReadList, RegistrationEvidence, ServicePrincipal,
};
use crate::model::{Gap, Listing, Observed, Presence};

/// One report's lines by what they are about.
#[derive(Debug)]
pub(super) struct Report<K> {
    lines: BTreeMap<K, Result<LastUse, Gap>>,
    /// Why it stops early, or cannot be told to be whole.
    gap: Option<Gap>,
}

impl<K: Ord> Report<K> {
    pub(super) fn unknown(gap: &Gap) -> Self {
        Self {
            lines: BTreeMap::new(),
            gap: Some(gap.clone()),
        }
    }

    fn of(&self, key: &K) -> Observed<LastUse> {
        match (self.lines.get(key), &self.gap) {
            (Some(line), _) => line.clone().into(),
            (None, None) => Observed::Known(LastUse::NotReported),
            (None, Some(gap)) => Observed::Unknown(gap.clone()),
        }
    }

    /// Of several lines about one thing the newest counts; an odd one among them leaves it open.
    fn add(&mut self, key: K, line: Result<LastUse, Gap>) {
        let newest = match (self.lines.remove(&key), line) {
            (None, line) => line,
            (Some(Err(gap)), _) | (Some(Ok(_)), Err(gap)) => Err(gap),
            (Some(Ok(LastUse::At(one))), Ok(LastUse::At(other))) => Ok(LastUse::At(one.max(other))),
            (Some(Ok(LastUse::NotReported)), Ok(used)) | (Some(Ok(used)), Ok(_)) => Ok(used),
        };
        self.lines.insert(key, newest);
    }

    fn read(
        listing: Listing<Value>,
        what: &str,
        key: impl Fn(Fields<'_>) -> Result<K, Gap>,
        line: impl Fn(Fields<'_>) -> Result<LastUse, Gap>,
    ) -> Self {
        let mut report = Self {
            lines: BTreeMap::new(),
            gap: listing.gap,
        };
        for value in &listing.items {
            let fields = Fields::new(value, what);
            match key(fields) {
                Ok(key) => report.add(key, line(fields)),
                // A line that cannot be told whose it is may be anybody's.
                Err(odd) => report.gap = report.gap.or(Some(odd)),
            }
        }
        report
    }
}

/// Graph beta `appCredentialSignInActivity`: of its fields only ids and the time are needed, so that the
/// several spellings of its key type and end do not matter.
pub(super) fn credentials(listing: Listing<Value>) -> Report<(String, String)> {
    Report::read(
        listing,
        "a line of the sign-in report of credentials",
        |fields| Ok((fields.guid("appId")?, fields.guid("keyId")?)),
        |fields| match flow(fields, "signInActivity")? {
            Flow::Used(at) => Ok(LastUse::At(at)),
            // A line is there because the credential was used.
            Flow::Missing | Flow::Never => Err(fields.odd("signInActivity")),
        },
    )
}

/// Graph beta `servicePrincipalSignInActivity`: its uses as a client, whether for itself or for a user.
pub(super) fn clients(listing: Listing<Value>) -> Report<String> {
    Report::read(
        listing,
        "a line of the sign-in report of service principals",
        |fields| fields.guid("appId"),
        as_client,
    )
}

/// What one of the activities of a line says.
#[derive(Clone, Copy)]
enum Flow {
    /// The field is not there.
    Missing,
    /// It is there and holds no time.
    Never,
    Used(DateTime<Utc>),
}

fn flow(fields: Fields<'_>, field: &str) -> Result<Flow, Gap> {
    let activity = match fields.value.get(field) {
        None => return Ok(Flow::Missing),
        Some(Value::Null) => return Ok(Flow::Never),
        Some(activity) => activity,
    };
    let what = format!("{}, {field}", fields.what);
    match activity.get("lastSignInDateTime") {
        Some(Value::Null) => Ok(Flow::Never),
        _ => Fields::new(activity, &what)
            .date("lastSignInDateTime")
            .map(Flow::Used),
    }
}

/// `lastSignInActivity` counts uses as a resource as well, so that it decides nothing where it is later
/// than what is known of the client, unless both ways of being one are told.
fn as_client(fields: Fields<'_>) -> Result<LastUse, Gap> {
    let ways = [
        flow(fields, "applicationAuthenticationClientSignInActivity")?,
        flow(fields, "delegatedClientSignInActivity")?,
    ];
    let newest = ways
        .iter()
        .filter_map(|way| match way {
            Flow::Used(at) => Some(*at),
            Flow::Missing | Flow::Never => None,
        })
        .max();
    let told = !ways.iter().any(|way| matches!(way, Flow::Missing));
    let any = match flow(fields, "lastSignInActivity")? {
        Flow::Used(at) => Some(at),
        Flow::Never => None,
        Flow::Missing if told => None,
        Flow::Missing => return Err(fields.odd("lastSignInActivity")),
    };
    if !told && any > newest {
        return Err(fields.odd("applicationAuthenticationClientSignInActivity"));
    }
    Ok(newest.map_or(LastUse::NotReported, LastUse::At))
}

impl Reports {
    /// How far each was read.
    pub(crate) fn read(&self) -> Vec<ReadList> {
        let line = |name: &str, read, gap: &Option<Gap>| ReadList {
            name: name.to_owned(),
            read,
            gap: gap.clone(),
        };
        let (credentials, clients) = (&self.credentials, &self.clients);
        vec![
            line(
                "sign-in report of credentials",
                credentials.lines.len(),
                &credentials.gap,
            ),
            line(
                "sign-in report of service principals",
                clients.lines.len(),
                &clients.gap,
            ),
        ]
    }

    /// When this client (lower case) was last used, as a client of any resource.
    pub(crate) fn last_sign_in(&self, client_id: &str) -> Observed<LastUse> {
        self.clients.of(&client_id.to_owned())
    }

    /// Writes the last use of one credential of this client (lower case).
    pub(crate) fn with_last_use(&self, client_id: &str, credential: &mut Credential) {
        let key = (client_id.to_owned(), credential.key_id.to_ascii_lowercase());
        credential.last_use = self.credentials.of(&key);
    }

    /// Writes all that the reports say of one registration.
    pub(crate) fn join(&self, evidence: &mut RegistrationEvidence) {
        match &evidence.client_id {
            Observed::Known(client_id) => {
                let client_id = client_id.clone();
                evidence.last_sign_in = self.last_sign_in(&client_id);
                self.join_objects(
                    &client_id,
                    &mut evidence.application,
                    &mut evidence.service_principal,
                );
            }
            Observed::Unknown(gap) => {
                evidence.last_sign_in = Observed::Unknown(gaps::no_client_id(gap));
            }
        }
    }

    /// Writes the last use of each credential of a client's objects.
    pub(crate) fn join_objects(
        &self,
        client_id: &str,
        application: &mut Observed<Presence<Application>>,
        principal: &mut Observed<Presence<ServicePrincipal>>,
    ) {
        if let Observed::Known(Presence::Present(application)) = application {
            self.join_credentials(client_id, &mut application.credentials);
        }
        if let Observed::Known(Presence::Present(principal)) = principal {
            self.join_credentials(client_id, &mut principal.credentials);
        }
    }

    /// Writes the last use of each of these credentials, where they are known.
    pub(crate) fn join_credentials(
        &self,
        client_id: &str,
        credentials: &mut Observed<Vec<Credential>>,
    ) {
        if let Observed::Known(credentials) = credentials {
            for credential in credentials {
                self.with_last_use(client_id, credential);
            }
        }
    }
}
