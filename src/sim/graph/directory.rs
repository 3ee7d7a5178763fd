//! `applications` and `servicePrincipals` of v1.0 and beta, with what hangs on them.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::paging::{list, page};
use super::resources;
use super::{
    READ_APPLICATIONS, READ_GRANTS, Refused, allowed, federated, found, grants, no_segment,
    not_there, objects, people, policies,
};
use crate::sim::catalogue::Resource;
use crate::sim::odata::{self, keyed};
use crate::sim::scenario::{Application, MICROSOFTS_OWN};
use crate::sim::tokens::Caller;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// The most related objects that an `$expand` shows.
const EXPANDED: usize = 20;

pub(super) fn answer(
    world: &World,
    caller: &Caller,
    call: &Call,
    path: &[&str],
) -> Result<Answer, Refused> {
    allowed(caller, READ_APPLICATIONS)?;
    let kind = path
        .first()
        .and_then(|first| Kind::of(first))
        .ok_or_else(|| no_segment(path))?;
    let metadata = super::metadata(call);
    let described = format!("{metadata}#{}", super::described(call, kind.set()));
    // `applications/{id}/..` and `applications(appId='..')/..` are one object.
    let (field, key, rest) = match (keyed(path[0]), path.get(1)) {
        (Some((_, field, key)), _) => (field.unwrap_or("id"), key, &path[1..]),
        (None, Some(&"$count")) => {
            let count = objects_of(world, caller, kind).len().to_string();
            return Ok(Answer::text(200, count).with("content-type", "text/plain"));
        }
        (None, Some(key)) => ("id", *key, &path[2..]),
        (None, None) => return all(world, caller, call, kind, &described),
    };
    let object = objects_of(world, caller, kind)
        .into_iter()
        .find(|known| {
            let own = if field == "appId" { "appId" } else { "id" };
            let own = known.row[own].as_str();
            own.is_some_and(|own| own.eq_ignore_ascii_case(key))
        })
        .ok_or_else(|| not_there(key))?;
    if rest.is_empty() {
        let mut row = object.shown(world, caller, call, true)?;
        row["@odata.context"] = format!("{described}/$entity").into();
        return shown_federated(world, call, std::iter::once(&object), found(&row));
    }
    object.answer(world, caller, call, kind, rest)
}

impl Object<'_> {
    /// What hangs on the object.
    fn answer(
        &self,
        world: &World,
        caller: &Caller,
        call: &Call,
        kind: Kind,
        rest: &[&str],
    ) -> Result<Answer, Refused> {
        let metadata = super::metadata(call);
        match rest {
            ["owners"] => {
                let owners: Vec<Value> = people::owners(world, caller, &self.application)
                    .iter()
                    .map(|owner| odata::selected(owner, call.query("$select")))
                    .collect();
                let context = format!("{metadata}#directoryObjects");
                Ok(found(
                    &json!({ "@odata.context": context, "value": owners }),
                ))
            }
            ["oauth2PermissionGrants"] if kind == Kind::ServicePrincipal => {
                allowed(caller, READ_GRANTS)?;
                let context = format!("{metadata}#oauth2PermissionGrants");
                list(world, call, &context, self.grants())
            }
            ["appManagementPolicies"] => {
                allowed(caller, policies::READ_POLICIES)?;
                let rows = match kind {
                    Kind::Application => policies::of_application(world, caller, &self.application),
                    Kind::ServicePrincipal => Vec::new(),
                };
                let context = format!("{metadata}#appManagementPolicies");
                list(world, call, &context, rows)
            }
            [name] => {
                let rows = self.related(world, caller, call, name);
                let rows = rows.ok_or_else(|| no_segment(rest))?;
                let id = self.row["id"].as_str().unwrap_or_default();
                let name_shown = super::described(call, name);
                let context = format!("{metadata}#{}('{id}')/{name_shown}", kind.set());
                let answer = list(world, call, &context, rows)?;
                if *name == federated::NAME {
                    return federated::judged(
                        world,
                        call,
                        std::iter::once(&*self.application),
                        answer,
                    );
                }
                Ok(answer)
            }
            _ => Err(no_segment(rest)),
        }
    }
}

/// `/oauth2PermissionGrants`: the delegated grants of the whole tenant.
pub(super) fn delegated(world: &World, caller: &Caller, call: &Call) -> Result<Answer, Refused> {
    allowed(caller, READ_GRANTS)?;
    let mut rows: Vec<Value> = clients(world, caller)
        .flat_map(grants::delegated_to)
        .collect();
    let whole = super::is_eventual(call) && call.query("$count") == Some("true");
    if world.scenario.graph.grants_incomplete && !whole {
        rows.truncate(rows.len() / 2);
    }
    let context = format!("{}#oauth2PermissionGrants", super::metadata(call));
    list(world, call, &context, rows)
}

/// What the scenario puts into the caller's tenant with a service principal.
pub(super) fn clients<'a>(
    world: &'a World,
    caller: &Caller,
) -> impl Iterator<Item = &'a Application> {
    let tenant = world.tenant_of(caller).map(|(key, _)| key);
    let here = world.scenario.applications.iter();
    here.filter(move |application| tenant.is_some_and(|key| application.is_in(key)))
        .filter(|application| application.registered && application.service_principal)
}

/// What is registered in the caller's tenant, and what stands only as a service principal there.
fn in_tenant<'a>(world: &'a World, caller: &Caller) -> impl Iterator<Item = &'a Application> {
    let tenant = world.tenant_of(caller).map(|(key, _)| key);
    let all = world.scenario.applications.iter();
    all.filter(move |application| Some(application.tenant.as_str()) == tenant)
}

/// The two collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Application,
    ServicePrincipal,
}

impl Kind {
    fn of(segment: &str) -> Option<Self> {
        match segment.split('(').next() {
            Some("applications") => Some(Self::Application),
            Some("servicePrincipals") => Some(Self::ServicePrincipal),
            _ => None,
        }
    }

    const fn set(self) -> &'static str {
        match self {
            Self::Application => "applications",
            Self::ServicePrincipal => "servicePrincipals",
        }
    }

    const fn type_name(self) -> &'static str {
        match self {
            Self::Application => "microsoft.graph.application",
            Self::ServicePrincipal => "microsoft.graph.servicePrincipal",
        }
    }
}

/// An application or a service principal, with everything it shows.
struct Object<'a> {
    kind: Kind,
    row: Value,
    application: Cow<'a, Application>,
    /// Where it is a service of Microsoft's.
    resource: Option<&'static Resource>,
}

fn objects_of<'a>(world: &'a World, caller: &Caller, kind: Kind) -> Vec<Object<'a>> {
    match kind {
        Kind::Application => in_tenant(world, caller)
            .filter(|application| application.registered && !application.only_principal)
            .map(|application| Object {
                kind,
                row: objects::application(world, application),
                application: Cow::Borrowed(application),
                resource: None,
            })
            .collect(),
        Kind::ServicePrincipal => {
            let own = clients(world, caller).map(|application| Object {
                kind,
                row: objects::service_principal(world, application),
                application: Cow::Borrowed(application),
                resource: None,
            });
            let tenant = world.tenant_of(caller).map(|(key, _)| key);
            let services = tenant
                .into_iter()
                .flat_map(|tenant| resources::ALL.map(|one| (tenant, one)))
                .map(|(tenant, name)| {
                    let resource = Resource::of(name);
                    let application = resources::principal(resource, tenant);
                    let mut row = objects::service_principal(world, &application);
                    row["id"] = resource.object_id(tenant).into();
                    row["appRoles"] = resources::app_roles(world, name).into();
                    row["oauth2PermissionScopes"] = resources::scopes(world, name).into();
                    Object {
                        kind,
                        row,
                        application: Cow::Owned(application),
                        resource: Some(resource),
                    }
                });
            // Microsoft's own that Dynamics environments have users for stand in the tenant, too.
            let with_users = tenant.filter(|tenant| {
                let environments = world.scenario.environments.values();
                let mut here = environments.filter(|one| one.tenant == **tenant);
                here.any(|environment| environment.microsoft_users)
            });
            let users = with_users
                .into_iter()
                .flat_map(|tenant| MICROSOFTS_OWN.map(|(id, name)| (tenant, id, name)))
                .map(|(tenant, id, name)| {
                    let application = resources::microsofts(tenant, id, name);
                    Object {
                        kind,
                        row: objects::service_principal(world, &application),
                        application: Cow::Owned(application),
                        resource: None,
                    }
                });
            own.chain(services).chain(users).collect()
        }
    }
}

impl Object<'_> {
    /// The rows of a relation that needs no more rights than the object itself.
    fn related(
        &self,
        world: &World,
        caller: &Caller,
        call: &Call,
        name: &str,
    ) -> Option<Vec<Value>> {
        match (self.kind, name) {
            (Kind::Application, federated::NAME) => Some(federated::rows(&self.application, call)),
            (Kind::ServicePrincipal, "appRoleAssignments") => {
                Some(grants::held_by(world, &self.application))
            }
            (Kind::ServicePrincipal, "appRoleAssignedTo") => Some(match self.resource {
                Some(resource) => grants::held_on(world, clients(world, caller), resource),
                None => Vec::new(),
            }),
            _ => None,
        }
    }

    fn grants(&self) -> Vec<Value> {
        grants::delegated_to(&self.application)
    }

    /// As the request wants to see it.
    fn shown(
        &self,
        world: &World,
        caller: &Caller,
        call: &Call,
        alone: bool,
    ) -> Result<Value, Refused> {
        let mut row = self.row.clone();
        let select = call.query("$select");
        let names_keys = select.is_some_and(|select| select.contains("keyCredentials"));
        if !(alone && names_keys) {
            objects::hide_keys(&mut row);
        }
        // A property added lately: naming it is no mistake where it is not shown yet.
        let known = |field: &str| row.get(field).is_some() || field == "isDisabled";
        if let Some(field) = odata::fields(select).find(|field| !known(field)) {
            let message = format!(
                "Could not find a property named '{field}' on type '{}'.",
                self.kind.type_name()
            );
            return Err(Refused(400, "BadRequest", message));
        }
        let mut row = odata::selected(&row, select);
        for expand in odata::expands(call.query("$expand").unwrap_or_default()) {
            let related = match expand.name {
                "owners" => people::owners(world, caller, &self.application),
                name => self.related(world, caller, call, name).ok_or_else(|| {
                    let message = format!("Could not find a property named '{name}'.");
                    Refused(400, "BadRequest", message)
                })?,
            };
            let related: Vec<Value> = related
                .iter()
                .take(EXPANDED)
                .map(|one| odata::selected(one, expand.select))
                .collect();
            row[expand.name] = related.into();
        }
        Ok(row)
    }
}

fn all(
    world: &World,
    caller: &Caller,
    call: &Call,
    kind: Kind,
    context: &str,
) -> Result<Answer, Refused> {
    let objects = objects_of(world, caller, kind);
    let page = page(world, call, objects, |object| &object.row)?;
    let mut rows = Vec::new();
    for object in &page.items {
        rows.push(object.shown(world, caller, call, false)?);
    }
    shown_federated(world, call, page.items.iter(), page.answer(context, rows))
}

/// An answer with registrations, which may show their federated credentials.
fn shown_federated<'a>(
    world: &World,
    call: &Call,
    objects: impl Iterator<Item = &'a Object<'a>>,
    answer: Answer,
) -> Result<Answer, Refused> {
    if !federated::is_expanded(call) {
        return Ok(answer);
    }
    let applications = objects.map(|object| &*object.application);
    federated::judged(world, call, applications, answer)
}
