//! Applications and service principals as Graph writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::sim::names;
use crate::sim::scenario::{
    AppCertificate, AppSecret, Application, Disabled, KeyUsage, PrincipalType,
};
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
        "requiredResourceAccess": super::grants::required(application),
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
        let disabled = application.disabled == Some(Disabled::Application);
        row["isDisabled"] = disabled.then_some(true).into();
    }
    row
}

/// Everything a service principal shows.
pub(super) fn service_principal(world: &World, application: &Application) -> Value {
    let principal = &application.principal;
    let kind = principal.kind;
    // Only what an application stands behind has an owner.
    let owner = principal.owner_tenant.clone().or_else(|| {
        let here = world.tenant(&application.tenant)?;
        (kind == PrincipalType::Application).then(|| here.id.clone())
    });
    let managed = kind == PrincipalType::ManagedIdentity;
    let mut tags = principal.tags.clone().unwrap_or_else(|| match kind {
        PrincipalType::ManagedIdentity => Vec::new(),
        _ => vec!["WindowsAzureActiveDirectoryIntegratedApp".to_owned()],
    });
    if principal.app_proxy {
        tags.push("WindowsAzureActiveDirectoryOnPremApp".to_owned());
    }
    let saml = principal.saml.as_ref();
    let signs_with = saml.and_then(|saml| saml.thumbprint_of.as_ref());
    json!({
        "id": names::guid("service-principal", &application.name),
        "deletedDateTime": null,
        "accountEnabled": application.disabled != Some(Disabled::ServicePrincipal),
        "alternativeNames": alternative_names(application),
        "appDisplayName": (!managed).then_some(&application.name),
        "appDescription": null,
        "appId": application.client_id,
        "applicationTemplateId": null,
        "appOwnerOrganizationId": owner,
        "appRoleAssignmentRequired": false,
        "createdDateTime": timestamp(world.day(-application.created_days_ago)),
        "description": null,
        "disabledByMicrosoftStatus": disabled_by_microsoft(application),
        "displayName": application.principal_name(),
        "homepage": null,
        "loginUrl": null,
        "logoutUrl": null,
        "notes": null,
        "notificationEmailAddresses": saml.map_or(&[][..], |saml| &saml.notified),
        "preferredSingleSignOnMode": saml.map(|_| "saml"),
        "preferredTokenSigningKeyThumbprint": signs_with.and_then(|label| thumbprint(world, label)),
        "replyUrls": application.redirect_uris.web,
        "servicePrincipalNames": [application.client_id],
        "servicePrincipalType": kind.as_str(),
        "signInAudience": application.audience.as_str(),
        "tags": tags,
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

/// What a managed identity belongs to.
fn alternative_names(application: &Application) -> Vec<String> {
    if application.principal.kind != PrincipalType::ManagedIdentity {
        return Vec::new();
    }
    let subscription = names::guid("subscription", &application.tenant);
    vec![
        "isExplicit=True".to_owned(),
        format!(
            "/subscriptions/{subscription}/resourcegroups/integration/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{}",
            application.name
        ),
    ]
}

/// In upper-case hex digits, as the portal shows it.
fn thumbprint(world: &World, label: &str) -> Option<String> {
    let certificate = world.certificate(label, None)?;
    Some(hex::encode_upper(certificate.sha1()))
}

/// When a credential ends; never, as Entra writes it, where no end is given.
pub(super) fn end(world: &World, in_days: Option<i64>) -> String {
    in_days.map_or_else(
        || "2299-12-31T00:00:00Z".to_owned(),
        |days| timestamp(world.day(days)),
    )
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

/// One certificate may stand in two entries, one for each use.
pub(super) fn key_id(known: &AppCertificate) -> String {
    match known.usage {
        KeyUsage::Verify => names::guid("credential", &known.label),
        KeyUsage::Sign => names::guid("credential", &format!("{}/sign", known.label)),
    }
}

fn certificate(world: &World, known: &AppCertificate) -> Value {
    let made = world.certificate(&known.label, None);
    json!({
        "customKeyIdentifier": made.as_ref().map(|made| STANDARD.encode(made.sha1())),
        "displayName": known.name.clone().unwrap_or_else(|| format!("CN={}", known.label)),
        "endDateTime": timestamp(world.day(known.ends_in_days)),
        "key": made.as_ref().map(|made| STANDARD.encode(&made.der)),
        "keyId": key_id(known),
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
    // What the portal writes for a secret made there: its description in UTF-16, in base64.
    let identifier = secret.name.as_ref().map(|name| {
        let bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        STANDARD.encode(bytes)
    });
    json!({
        "customKeyIdentifier": identifier,
        "displayName": secret.name,
        "endDateTime": end(world, secret.ends_in_days),
        "hint": (!secret.hint_missing).then(|| names::hint(&secret.label)),
        "keyId": names::guid("credential", &secret.label),
        "secretText": null,
        "startDateTime": timestamp(world.start_of(secret)),
    })
}

fn disabled_by_microsoft(application: &Application) -> Value {
    match application.disabled {
        Some(Disabled::ByMicrosoft) => "DisabledDueToViolationOfServicesAgreement".into(),
        _ => Value::Null,
    }
}
