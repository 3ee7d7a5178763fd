//! People at the token endpoint: with their password, as a public client sends it (RFC 6749, 4.3), or with a
//! refresh token. Both stand in for the window in which somebody signs in to `az`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::asked::Asked;
use super::resources::{is_graph, is_resource};
use crate::sim::names;
use crate::sim::scenario::{Person, Tenant};
use crate::sim::world::World;

/// Public clients that every tenant knows: the Azure CLI, and the one in Dataverse's samples.
pub(super) const CLIENTS: [&str; 2] = [AZURE_CLI, "51f81489-12ee-4a9e-aaae-a2591f45987d"];

/// The Azure CLI.
pub(in crate::sim) const AZURE_CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// What a refresh token is for: no service takes it.
const REFRESH: &str = "urn:refresh-token";

/// What the Azure CLI may do at Graph in a person's name, beside what is asked of OpenID.
const AT_GRAPH: &str = "Application.ReadWrite.All AppRoleAssignment.ReadWrite.All AuditLog.Read.All DelegatedPermissionGrant.ReadWrite.All Directory.AccessAsUser.All Group.ReadWrite.All User.Read.All User.ReadWrite.All";

/// Scopes that name no resource.
const OF_OPENID: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// The code and text that a request is refused with.
pub(super) type Refusal = (u32, String);

/// Who signs in, and as what.
pub(super) struct SignedIn<'w> {
    key: &'w str,
    person: &'w Person,
    client_id: String,
}

/// The answer's body.
pub(super) fn answer(
    world: &World,
    tenant_key: &str,
    tenant: &Tenant,
    asked: &Asked,
) -> Result<Value, Refusal> {
    let client_id = &asked.client_id;
    if !CLIENTS.contains(&client_id.to_ascii_lowercase().as_str()) {
        let text = format!(
            "Application with identifier '{client_id}' was not found in the directory '{}'.",
            tenant.id
        );
        return Err((700_016, text));
    }
    let signed_in = match asked.grant_type.as_deref() {
        Some("password") => by_password(world, tenant_key, tenant, asked)?,
        _ => by_refresh_token(world, tenant_key, tenant, asked)?,
    };
    let scopes: Vec<&str> = asked
        .scope
        .as_deref()
        .unwrap_or_default()
        .split(' ')
        .collect();
    let mut of_resources = scopes
        .iter()
        .filter(|scope| !scope.is_empty() && !OF_OPENID.contains(scope));
    let resource = of_resources
        .next()
        .and_then(|scope| scope.strip_suffix("/.default"));
    let (Some(resource), None) = (resource, of_resources.next()) else {
        let text = format!(
            "The provided request must include a 'scope' input parameter of the form 'resource/.default'. The scope {} is not valid.",
            scopes.join(" ")
        );
        return Err((70011, text));
    };
    if !is_resource(world, tenant_key, tenant, resource) {
        let text = format!(
            "The resource principal named {resource} was not found in the tenant named {}.",
            tenant.id
        );
        return Err((500_011, text));
    }
    let root = resource.trim_end_matches('/');
    let refused = signed_in.person.refuse_for.get(root).copied();
    if let Some(code) = refused.or(signed_in.person.refuse) {
        return Err((code, super::refusals::usual_text(code).to_owned()));
    }
    signed_in.body(world, tenant, resource, &scopes)
}

/// A token for `resource` in this person's name, as `az account get-access-token` prints it.
pub(in crate::sim) fn token_of(world: &World, key: &str, resource: &str) -> Option<String> {
    let (key, person) = world.scenario.people.get_key_value(key)?;
    let tenant_key = world.scenario.tenant_of_person(person)?;
    let tenant = world.tenant(tenant_key)?;
    let signed_in = SignedIn {
        key,
        person,
        client_id: AZURE_CLI.to_owned(),
    };
    world.key.sign(&signed_in.claims(world, tenant, resource))
}

fn by_password<'w>(
    world: &'w World,
    tenant_key: &str,
    tenant: &Tenant,
    asked: &Asked,
) -> Result<SignedIn<'w>, Refusal> {
    let upn = asked.username.as_deref().unwrap_or_default();
    let (key, person) = person(world, tenant_key, upn).ok_or_else(|| {
        let text = format!(
            "The user account {{EUII Hidden}} does not exist in the {} directory. To sign into this application, the account must be added to the directory.",
            tenant.id
        );
        (50034, text)
    })?;
    if asked.password.as_deref() != Some(password(key).as_str()) {
        return Err((50126, super::refusals::usual_text(50126).to_owned()));
    }
    Ok(SignedIn {
        key,
        person,
        client_id: asked.client_id.clone(),
    })
}

fn by_refresh_token<'w>(
    world: &'w World,
    tenant_key: &str,
    tenant: &Tenant,
    asked: &Asked,
) -> Result<SignedIn<'w>, Refusal> {
    let token = asked.refresh_token.as_deref().unwrap_or_default();
    let caller = world.key.verify(token, world.now()).ok();
    let found = caller
        .filter(|caller| caller.aud == REFRESH && caller.tid == tenant.id)
        .and_then(|caller| person(world, tenant_key, caller.upn.as_deref()?));
    let (key, person) = found.ok_or_else(|| {
        let text = "The refresh token has expired due to inactivity. The token was issued for another session, or is malformed.";
        (700_082, text.to_owned())
    })?;
    Ok(SignedIn {
        key,
        person,
        client_id: asked.client_id.clone(),
    })
}

/// Somebody of this tenant, by the name they sign in with.
fn person<'w>(world: &'w World, tenant_key: &str, upn: &str) -> Option<(&'w str, &'w Person)> {
    let mut people = world.scenario.people.iter();
    let (key, person) = people.find(|(_, person)| {
        person.mail.eq_ignore_ascii_case(upn)
            && world.scenario.tenant_of_person(person) == Some(tenant_key)
    })?;
    Some((key, person))
}

/// What a person signs in with.
pub(in crate::sim) fn password(key: &str) -> String {
    names::secret(&format!("person/{key}"))
}

impl SignedIn<'_> {
    fn claims(&self, world: &World, tenant: &Tenant, resource: &str) -> Value {
        let now = world.now().timestamp();
        let issuer = format!("https://sts.windows.net/{}/", tenant.id);
        let scopes = if is_graph(tenant, resource) {
            AT_GRAPH
        } else {
            "user_impersonation"
        };
        let (given, family) = self
            .person
            .name
            .split_once(' ')
            .unwrap_or((&self.person.name, ""));
        json!({
            "aud": resource,
            "iss": issuer,
            "iat": now,
            "nbf": now,
            "exp": now + world.scenario.entra.token_seconds.unwrap_or(4600),
            "acr": "1",
            "aio": "AXQAi/8TAAAA",
            "amr": ["pwd", "mfa"],
            "appid": self.client_id,
            "appidacr": "0",
            "family_name": family,
            "given_name": given,
            "idtyp": "user",
            "ipaddr": "203.0.113.7",
            "name": self.person.name,
            "oid": names::guid("person", self.key),
            "rh": "1.AAAA",
            "scp": scopes,
            "sub": names::opaque("subject", &format!("{}/{resource}", self.key)),
            "tid": tenant.id,
            "unique_name": self.person.mail,
            "upn": self.person.mail,
            "uti": Uuid::new_v4().simple().to_string(),
            "ver": "1.0",
        })
    }

    fn body(
        &self,
        world: &World,
        tenant: &Tenant,
        resource: &str,
        scopes: &[&str],
    ) -> Result<Value, Refusal> {
        let unsigned = || (90033, "The simulator could not sign a token.".to_owned());
        let claims = self.claims(world, tenant, resource);
        let announced = claims["exp"].as_i64().unwrap_or_default() - world.now().timestamp();
        let scopes_granted = claims["scp"].as_str().unwrap_or_default();
        let root = resource.trim_end_matches('/');
        let all: Vec<String> = scopes_granted
            .split(' ')
            .map(|one| format!("{root}/{one}"))
            .collect();
        let mut body = json!({
            "token_type": "Bearer",
            "scope": all.join(" "),
            "expires_in": announced,
            "ext_expires_in": announced,
            "access_token": world.key.sign(&claims).ok_or_else(unsigned)?,
        });
        let mut beside = |name: &str, of: Value| {
            body[name] = of;
        };
        if scopes.contains(&"offline_access") {
            let mut refresh = claims.clone();
            refresh["aud"] = REFRESH.into();
            refresh["exp"] = (world.now() + chrono::Duration::days(90))
                .timestamp()
                .into();
            beside(
                "refresh_token",
                world.key.sign(&refresh).ok_or_else(unsigned)?.into(),
            );
        }
        if scopes.contains(&"openid") {
            let mut id = claims.clone();
            id["aud"] = self.client_id.as_str().into();
            id["preferred_username"] = self.person.mail.as_str().into();
            beside("id_token", world.key.sign(&id).ok_or_else(unsigned)?.into());
        }
        let client = json!({ "uid": claims["oid"], "utid": tenant.id });
        beside(
            "client_info",
            URL_SAFE_NO_PAD.encode(client.to_string()).into(),
        );
        Ok(body)
    }
}
