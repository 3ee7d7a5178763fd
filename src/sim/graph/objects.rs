//! Applications and service principals as Graph v1.0 writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sim::names;
use crate::sim::scenario::{AppCertificate, AppSecret, Application, Disabled, KeyUsage};
use crate::sim::world::{World, timestamp};

/// Everything an application shows, in the order of a recorded answer.
pub(super) fn application(world: &World, application: &Application) -> Value {
    let domain = world
        .tenant(&application.tenant)
        .and_then(|tenant| tenant.domain.clone());
    let redirects = &application.redirect_uris;
    let mut row = json!({
        "id": names::guid("application", &application.name),
        "deletedDateTime": null,
        "appId": application.client_id,
        "applicationTemplateId": null,
        "disabledByMicrosoftStatus": disabled_by_microsoft(application),
        "createdDateTime": timestamp(world.day(-application.created_days_ago)),
        "displayName": application.name,
        "description": null,
        "groupMembershipClaims": null,
        "identifierUris": [],
        "isDeviceOnlyAuthSupported": null,
        "isFallbackPublicClient": application.public_client.then_some(true),
        "notes": null,
        "publisherDomain": domain,
        "serviceManagementReference": null,
        "signInAudience": application.audience.as_str(),
        "tags": [],
        "tokenEncryptionKeyId": null,
        "defaultRedirectUri": null,
        "certification": null,
        "optionalClaims": null,
        "addIns": [],
        "api": {
            "acceptMappedClaims": null, "knownClientApplications": [],
            "requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [],
            "preAuthorizedApplications": [],
        },
        "appRoles": [],
        "info": {
            "logoUrl": null, "marketingUrl": null, "privacyStatementUrl": null,
            "supportUrl": null, "termsOfServiceUrl": null,
        },
        "keyCredentials": certificates(world, application, false),
        "parentalControlSettings": { "countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow" },
        "passwordCredentials": passwords(world, application, false),
        "publicClient": { "redirectUris": redirects.public_client },
        "requiredResourceAccess": [],
        "verifiedPublisher": {
            "displayName": null, "verifiedPublisherId": null, "addedDateTime": null,
        },
        "web": {
            "homePageUrl": null, "logoutUrl": null, "redirectUris": redirects.web,
            "implicitGrantSettings": {
                "enableAccessTokenIssuance": application.implicit_grant.access_tokens,
                "enableIdTokenIssuance": application.implicit_grant.id_tokens,
            },
        },
        "spa": { "redirectUris": redirects.spa },
    });
    if world.scenario.graph.is_disabled {
        // Entra leaves it null until somebody sets it.
        row["isDisabled"] = match application.disabled {
            Some(Disabled::Application) => true.into(),
            _ => Value::Null,
        };
    }
    row
}

/// Everything a service principal shows.
pub(super) fn service_principal(world: &World, application: &Application) -> Value {
    let owner = world
        .tenant(&application.tenant)
        .map(|tenant| tenant.id.clone());
    json!({
        "id": names::guid("service-principal", &application.name),
        "deletedDateTime": null,
        "accountEnabled": application.disabled != Some(Disabled::ServicePrincipal),
        "alternativeNames": [],
        "appDisplayName": application.name,
        "appDescription": null,
        "appId": application.client_id,
        "applicationTemplateId": null,
        "appOwnerOrganizationId": owner,
        "appRoleAssignmentRequired": false,
        "createdDateTime": timestamp(world.day(-application.created_days_ago)),
        "description": null,
        "disabledByMicrosoftStatus": disabled_by_microsoft(application),
        "displayName": application.name,
        "homepage": null,
        "loginUrl": null,
        "logoutUrl": null,
        "notes": null,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": null,
        "preferredTokenSigningKeyThumbprint": null,
        "replyUrls": application.redirect_uris.web,
        "servicePrincipalNames": [application.client_id],
        "servicePrincipalType": "Application",
        "signInAudience": application.audience.as_str(),
        "tags": ["WindowsAzureActiveDirectoryIntegratedApp"],
        "tokenEncryptionKeyId": null,
        "samlSingleSignOnSettings": null,
        "addIns": [],
        "appRoles": [],
        "info": {
            "logoUrl": null, "marketingUrl": null, "privacyStatementUrl": null,
            "supportUrl": null, "termsOfServiceUrl": null,
        },
        "keyCredentials": certificates(world, application, true),
        "oauth2PermissionScopes": [],
        "passwordCredentials": passwords(world, application, true),
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": {
            "displayName": null, "verifiedPublisherId": null, "addedDateTime": null,
        },
    })
}

/// Takes the public keys out, as lists do.
pub(super) fn hide_keys(row: &mut Value) {
    for credential in row["keyCredentials"].as_array_mut().into_iter().flatten() {
        credential["key"] = Value::Null;
    }
}

fn certificates(
    world: &World,
    application: &Application,
    on_service_principal: bool,
) -> Vec<Value> {
    application
        .certificates
        .iter()
        .filter(|known| !known.removed && known.on_service_principal == on_service_principal)
        .map(|known| certificate(world, known))
        .collect()
}

fn certificate(world: &World, known: &AppCertificate) -> Value {
    let made = world.certificate(&known.label, None);
    // One certificate may stand in two entries, one for each use.
    let id = match known.usage {
        KeyUsage::Verify => known.label.clone(),
        KeyUsage::Sign => format!("{}/sign", known.label),
    };
    json!({
        "customKeyIdentifier": made.as_ref().map(|made| STANDARD.encode(made.sha1())),
        "displayName": known.name.clone().unwrap_or_else(|| format!("CN={}", known.label)),
        "endDateTime": timestamp(world.day(known.ends_in_days)),
        "key": made.as_ref().map(|made| STANDARD.encode(&made.der)),
        "keyId": names::guid("credential", &id),
        "startDateTime": timestamp(world.day(-known.started_days_ago)),
        "type": "AsymmetricX509Cert",
        "usage": known.usage.as_str(),
    })
}

fn passwords(world: &World, application: &Application, on_service_principal: bool) -> Vec<Value> {
    application
        .secrets
        .iter()
        .filter(|secret| !secret.removed && secret.on_service_principal == on_service_principal)
        .map(|secret| password(world, secret))
        .collect()
}

fn password(world: &World, secret: &AppSecret) -> Value {
    let end = secret.ends_in_days.map_or_else(
        || "2299-12-31T00:00:00Z".to_owned(),
        |days| timestamp(world.day(days)),
    );
    // What the portal writes for a secret made there: its description in UTF-16, in base64.
    let identifier = secret.name.as_ref().map(|name| {
        let bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        STANDARD.encode(bytes)
    });
    json!({
        "customKeyIdentifier": identifier,
        "displayName": secret.name,
        "endDateTime": end,
        "hint": (!secret.hint_missing).then(|| names::hint(&secret.label)),
        "keyId": names::guid("credential", &secret.label),
        "secretText": null,
        "startDateTime": timestamp(world.day(-secret.started_days_ago)),
    })
}

fn disabled_by_microsoft(application: &Application) -> Value {
    match application.disabled {
        Some(Disabled::ByMicrosoft) => "DisabledDueToViolationOfServicesAgreement".into(),
        _ => Value::Null,
    }
}
