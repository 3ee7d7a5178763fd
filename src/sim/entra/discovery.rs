//! What clients read before they ask for a token: instances, configuration, keys.

use serde_json::{Value, json};

use super::refusals::{Refused, refusal};
use crate::sim::clouds::Cloud;
use crate::sim::wire::{Answer, Call};
use crate::sim::world::World;

/// `GET /common/discovery/instance`: which hosts are one cloud.
pub(super) fn instances(call: &Call) -> Answer {
    let authorize = call.query("authorization_endpoint").unwrap_or_default();
    let configuration = authorize
        .split("/oauth2/")
        .next()
        .map(|root| format!("{root}/v2.0/.well-known/openid-configuration"));
    let metadata: Vec<Value> = [
        ["login.microsoftonline.com", "login.windows.net"],
        ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
        ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    ]
    .iter()
    .map(|hosts| json!({ "preferred_network": hosts[0], "preferred_cache": hosts[1], "aliases": hosts }))
    .collect();
    Answer::json(
        200,
        &json!({
            "tenant_discovery_endpoint": configuration,
            "api-version": call.query("api-version").unwrap_or("1.1"),
            "metadata": metadata,
        }),
    )
}

/// `GET /common/userrealm/{user}`: that the user's password is Entra's own to check. Asked before a password is
/// sent.
pub(super) fn user_realm(user: &str) -> Answer {
    let domain = user.rsplit('@').next();
    Answer::json(
        200,
        &json!({
            "ver": "1.0",
            "account_type": "Managed",
            "domain_name": domain,
            "cloud_instance_name": "microsoftonline.com",
            "cloud_audience_urn": "urn:federation:MicrosoftOnline",
        }),
    )
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`, after a recorded answer.
pub(super) fn configuration(world: &World, call: &Call, tenant: &str) -> Answer {
    let Some((_, known)) = tenant_named(world, tenant) else {
        let refused = Refused {
            error: Some("invalid_tenant"),
            ..Refused::code(90002)
        };
        return refusal(
            world,
            call,
            &refused,
            &format!("Tenant '{tenant}' not found."),
        );
    };
    let root = format!("https://{}/{tenant}", call.host);
    let graph = known.cloud.graph();
    Answer::json(
        200,
        &json!({
            "token_endpoint": format!("{root}/oauth2/v2.0/token"),
            "token_endpoint_auth_methods_supported":
                ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": format!("{root}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": format!("https://{}/{}/v2.0", call.host, known.id),
            "request_uri_parameter_supported": false,
            "userinfo_endpoint": format!("https://{graph}/oidc/userinfo"),
            "authorization_endpoint": format!("{root}/oauth2/v2.0/authorize"),
            "device_authorization_endpoint": format!("{root}/oauth2/v2.0/devicecode"),
            "http_logout_supported": true,
            "frontchannel_logout_supported": true,
            "end_session_endpoint": format!("{root}/oauth2/v2.0/logout"),
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "ver"],
            "kerberos_endpoint": format!("{root}/kerberos"),
            "tenant_region_scope": if known.cloud == Cloud::Public { "EU" } else { "USGov" },
            "cloud_instance_name": call.host.trim_start_matches("login."),
            "cloud_graph_host_name": "graph.windows.net",
            "msgraph_host": graph,
            "rbac_url": "https://pas.windows.net",
        }),
    )
}

/// `GET /{tenant}/discovery/v2.0/keys`.
pub(super) fn keys(world: &World, call: &Call, tenant: &str) -> Answer {
    let issuer = format!("https://{}/{tenant}/v2.0", call.host);
    Answer::json(200, &world.key.jwks(&issuer))
}

/// The tenant with this id or domain: its key in the scenario, and itself.
pub(super) fn tenant_named<'a>(
    world: &'a World,
    name: &str,
) -> Option<(&'a String, &'a crate::sim::scenario::Tenant)> {
    world.scenario.tenants.iter().find(|(_, tenant)| {
        let domain = tenant.domain.as_deref().unwrap_or_default();
        tenant.id.eq_ignore_ascii_case(name) || domain.eq_ignore_ascii_case(name)
    })
}
