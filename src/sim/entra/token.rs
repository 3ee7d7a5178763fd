//! `POST /{tenant}/oauth2/v2.0/token`: applications with `grant_type=client_credentials`, people with others.

use serde_json::json;
use uuid::Uuid;

use super::asked::{Asked, asked};
use super::assertion;
use super::discovery::tenant_named;
use super::person;
use super::refusals::{Refused, refusal, refused_assertion, usual_text};
use super::resources::{is_resource, service};
use crate::sim::names;
use crate::sim::scenario::{AppSecret, Application, Disabled, Tenant};
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// The client id of a token request, for the log.
pub(in crate::sim) fn asking_client(call: &Call) -> Option<String> {
    Some(asked(call).client_id).filter(|id| !id.is_empty())
}

pub(super) fn answer(world: &World, call: &Call, tenant: &str) -> Answer {
    let asked = asked(call);
    let refuse = |code: u32, text: &str| refusal(world, call, &Refused::code(code), text);
    // The login host of another cloud does not know the tenant.
    let here = tenant_named(world, tenant).filter(|(_, known)| known.cloud.login() == call.host);
    let Some((key, tenant)) = here else {
        let text = format!(
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."
        );
        return refuse(90002, &text);
    };
    if matches!(
        asked.grant_type.as_deref(),
        Some("password" | "refresh_token")
    ) {
        return match person::answer(world, key, tenant, &asked) {
            Ok(body) => Answer::json(200, &body).with("cache-control", "no-store, no-cache"),
            Err((code, text)) => refuse(code, &text),
        };
    }
    if asked.grant_type.as_deref() != Some("client_credentials") {
        let text = "The request body must contain the following parameter: 'grant_type' with the value 'client_credentials'.";
        return refuse(900_144, text);
    }
    let signed_in = application(world, key, tenant, &asked.client_id).and_then(|application| {
        let proof = proof(world, call, application, tenant, &asked)?;
        let resource = resource(world, key, tenant, application, &asked)?;
        Ok((application, proof, resource))
    });
    let (application, proof, resource) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Stop::Code(code, text)) => return refuse(code, &text),
        Err(Stop::Answer(answer)) => return answer,
    };
    let switches = &application.token;
    if let Some(code) = switches.refuse {
        let refused = Refused {
            code,
            status: switches.refuse_status,
            error: switches.refuse_error.as_deref(),
        };
        return refusal(world, call, &refused, usual_text(code));
    }
    issue(world, application, tenant, resource, proof)
}

/// Why no token is issued.
enum Stop {
    Code(u32, String),
    Answer(Answer),
}

/// The application that asks, where it may sign in here.
fn application<'w>(
    world: &'w World,
    key: &str,
    tenant: &Tenant,
    id: &str,
) -> Result<&'w Application, Stop> {
    let mut known = world.scenario.applications.iter();
    let known = known.find(|known| {
        known.registered && known.is_in(key) && known.client_id.eq_ignore_ascii_case(id)
    });
    let application = known.ok_or_else(|| {
        let text = format!(
            "Application with identifier '{id}' was not found in the directory '{}'.",
            tenant.id
        );
        Stop::Code(700_016, text)
    })?;
    match application.disabled {
        None | Some(Disabled::ByMicrosoft) => Ok(application),
        Some(_) => {
            let text = format!("Application '{id}'({}) is disabled.", application.name);
            Err(Stop::Code(7_000_112, text))
        }
    }
}

/// `appidacr`: how the client proved who it is.
fn proof(
    world: &World,
    call: &Call,
    application: &Application,
    tenant: &Tenant,
    asked: &Asked,
) -> Result<&'static str, Stop> {
    match asked.assertion.as_deref() {
        Some(assertion) if asked.assertion_type.as_deref() == Some(assertion::TYPE) => {
            assertion::judge(world, application, tenant, assertion)
                .map_err(|why| Stop::Answer(refused_assertion(world, call, &why)))?;
            Ok("2")
        }
        _ => judge_secret(world, application, asked.secret.as_deref())
            .map(|()| "1")
            .map_err(|(code, text)| Stop::Code(code, text)),
    }
}

/// What the token is for, where the application may have one for it.
fn resource<'a>(
    world: &World,
    key: &str,
    tenant: &Tenant,
    application: &Application,
    asked: &'a Asked,
) -> Result<&'a str, Stop> {
    let stop = |code: u32, text: String| Err(Stop::Code(code, text));
    if !application.service_principal {
        let (id, tenant) = (&asked.client_id, &tenant.id);
        return stop(
            7_000_229,
            format!(
                "The client application {id} is missing service principal in the tenant {tenant}."
            ),
        );
    }
    let scope = asked.scope.as_deref().unwrap_or_default();
    let resource = scope.strip_suffix("/.default");
    let Some(resource) = resource.filter(|rest| !rest.contains(' ')) else {
        return stop(
            70011,
            format!(
                "The provided request must include a 'scope' input parameter of the form 'resource/.default'. The scope {scope} is not valid."
            ),
        );
    };
    if !is_resource(world, key, tenant, resource) {
        let text = format!(
            "The resource principal named {resource} was not found in the tenant named {}.",
            tenant.id
        );
        return stop(500_011, text);
    }
    Ok(resource)
}

fn issue(
    world: &World,
    application: &Application,
    tenant: &Tenant,
    resource: &str,
    proof: &str,
) -> Answer {
    let switches = &application.token;
    let now = world.now().timestamp();
    let usual = world.scenario.entra.token_seconds.unwrap_or(3599);
    let lifetime = switches.lifetime_seconds.unwrap_or(usual);
    let announced = switches.announced_seconds.unwrap_or(lifetime);
    let tid = switches.tid.as_ref().unwrap_or(&tenant.id);
    let service_principal = names::guid("service-principal", &application.name);
    let mut claims = json!({
        "aud": switches.aud.as_deref().unwrap_or(resource),
        "iss": format!("https://sts.windows.net/{tid}/"),
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "aio": "k2JgYFBexXIraJHuZdf8hL0bOGwB",
        "appid": switches.appid.as_ref().unwrap_or(&application.client_id),
        "appidacr": proof,
        "idp": format!("https://sts.windows.net/{tid}/"),
        "idtyp": "app",
        "oid": service_principal,
        "sub": service_principal,
        "rh": "1.AAAA",
        "tid": tid,
        "uti": Uuid::new_v4().simple().to_string(),
        "ver": "1.0",
    });
    if switches.without_oid
        && let Some(claims) = claims.as_object_mut()
    {
        claims.remove("oid");
    }
    let roles = match service(world, tenant, resource) {
        Some(service) => application.roles_on(service),
        None => Vec::new(),
    };
    // Nothing granted: no claim at all.
    if !roles.is_empty() {
        claims["roles"] = roles.into();
    }
    let token = if switches.opaque {
        world.key.sign_opaque(&claims)
    } else {
        world.key.sign(&claims)
    };
    let Some(token) = token else {
        return Answer::text(500, "the simulator could not sign a token");
    };
    let body = json!({
        "token_type": "Bearer",
        "expires_in": announced,
        "ext_expires_in": announced,
        "access_token": token,
    });
    Answer::json(200, &body).with("cache-control", "no-store, no-cache")
}

/// The code and text a secret is refused with.
fn judge_secret(
    world: &World,
    application: &Application,
    sent: Option<&str>,
) -> Result<(), (u32, String)> {
    let Some(sent) = sent else {
        return Err((7_000_216, usual_text(7_000_216).to_owned()));
    };
    let id = &application.client_id;
    let known = application
        .secrets
        .iter()
        .find(|secret| !secret.removed && secret.value() == sent)
        .filter(|secret| has_arrived(world, secret));
    let Some(known) = known else {
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{id}'."
        );
        return Err((7_000_215, text));
    };
    if known
        .ends_in_days
        .is_some_and(|days| world.day(days) <= world.now())
    {
        let text = format!(
            "The provided client secret keys for app '{id}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."
        );
        return Err((7_000_222, text));
    }
    Ok(())
}

/// Whether the secret is known already where this request ends up: a fresh one is not everywhere at once.
fn has_arrived(world: &World, secret: &AppSecret) -> bool {
    let known_from = secret
        .works_after_seconds
        .map(|seconds| world.start_of(secret) + chrono::Duration::seconds(seconds));
    let refused = !secret.refused_sign_ins.is_empty() && {
        let number = world.count(&format!("secret/{}", secret.label));
        secret.refused_sign_ins.contains(&number)
    };
    !refused && known_from.is_none_or(|from| from <= world.now())
}
