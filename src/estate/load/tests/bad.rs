//! One mistake at a time, and what is said about it.

use super::{GOOD, good, problems, told};

/// What to replace, by what, the line the problem is on, and what it says.
type Case = (&'static str, &'static str, usize, &'static str);

#[rustfmt::skip] // one case, one line
const CASES: &[Case] = &[
    ("version = 1", "version = 2", 1, "this file is of version 2, and this credaudit reads version 1"),
    ("version = 1", "", 1, "the file has no `version`"),
    ("version = 1", "version = \"1\"", 1, "`version` is a text, and should be a whole number, without quotes"),
    ("[tenants.contoso]", "[tenants.\"con/toso\"]\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0002\"\n[tenants.contoso]", 2, "this tenant's name holds characters a name cannot have"),
    ("id = \"8F0C4A52-7c1e-4d2b-9a57-3f2f6f6f0001\"", "id = \"contoso.onmicrosoft.com\"", 3, "`id` is a domain name, and should be a GUID"),
    ("tenant = \"contoso\"", "tenant = \"contso\"", 5, "no tenant is called `contso`"),
    ("tier = \"production\"", "tier = \"prod\"", 6, "`prod` is not a valid `tier`"),
    ("tier = \"production\"", "", 4, "environment `prod` has no `tier`"),
    ("https://Contoso.api.crm4", "http://contoso.crm4", 7, "`dataverse` is an http url: a token sent there could be read on the way"),
    ("https://Contoso.api.crm4", "contoso.crm4", 7, "`dataverse` is not a URL"),
    ("https://Contoso.api.crm4", "https://user:pw@contoso.crm4", 7, "`dataverse` holds a user name or password"),
    ("crm4.dynamics.com/", "crm4.dynamics.com:8443", 7, "`dataverse` holds a port"),
    ("crm4.dynamics.com/", "crm4.dynamics.com/?a=b", 7, "`dataverse` holds a query or fragment"),
    ("crm4.dynamics.com/", "crm4.dynamics.com/api/data", 7, "`dataverse` holds a path"),
    ("crm4.dynamics.com/", "crm4.dynamics.com.evil.example", 7, "this is not a Dataverse host of the cloud `public`"),
    ("Contoso.api.crm4.dynamics.com", "contoso.crm.microsoftdynamics.de", 7, "`contoso.crm.microsoftdynamics.de` looks like a Dataverse host of a region that this version does not know"),
    ("Contoso.api.crm4.dynamics.com", "contoso.crm4x.dynamics.com", 7, "`contoso.crm4x.dynamics.com` looks like a Dataverse host of a region that this version does not know"),
    ("Contoso.api.crm4.dynamics.com", "contoso.powerappsportals.powerapps.com", 7, "`contoso.powerappsportals.powerapps.com` is not the address that Dataverse is asked under"),
    ("KV-contoso.vault.azure.net", "kv.vault.microsoftazure.de", 11, "`kv.vault.microsoftazure.de` looks like a Key Vault host of a region that this version does not know"),
    ("KV-contoso.vault.azure.net", "kv.vault.azure.net.evil.example", 11, "this is not a Key Vault host of the cloud `public`"),
    ("KV-contoso.vault.azure.net", "kv.privatelink.vaultcore.azure.net", 11, "`kv.privatelink.vaultcore.azure.net` is not the address that Key Vault is asked under"),
    ("KV-contoso.vault.azure.net", "hsm.managedhsm.azure.net", 11, "`hsm.managedhsm.azure.net` is not the address that Key Vault is asked under"),
    ("Contoso.api.crm4.dynamics.com", "contoso.crm.dynamics.cn", 7, "this Dataverse host is of the cloud `china`, and environment `prod` is in the cloud `public`"),
    ("Contoso.api.crm4.dynamics.com", "contoso.operations.dynamics.com", 7, "`dataverse` names a Finance & Operations host, not one of Dataverse"),
    ("KV-contoso.vault.azure.net", "kv.vault.usgovcloudapi.net", 11, "this Key Vault host is of the cloud `us-government`, and environment `prod` is in the cloud `public`"),
    ("[vaults.crm-prod]\nenvironment = \"prod\"", "[vaults.crm-prod]\nenvironment = \"pord\"", 10, "no environment is called `pord`"),
    ("contact = \"crm@contoso.com\"", "contact = \"Crm <crm@contoso.com>\"", 8, "`contact` is not a mail address"),
    ("name = \"alpha\"", "name = \"zeta\"", 22, "two registrations are called `zeta`: on line 13 and on line 22"),
    ("name = \"alpha\"", "name = \"\"", 22, "`name` is empty"),
    ("name = \"alpha\"", "name = \"al pha\"", 22, "`name` holds characters a name cannot have"),
    ("name = \"alpha\"\nenvironment = \"prod\"", "name = \"alpha\"\nenviroment = \"prod\"", 23, "registration `alpha` knows no key `enviroment`"),
    ("\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"", "\"{5b7a2f0e-2d35-4a55-8a64-0d3a51c60001}\"", 15, "`client-id` is not a GUID"),
    ("\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"", "7", 15, "`client-id` is a whole number, and should be a GUID in quotes or { secret = \"vault/name\", field = \"NAME\" }"),
    ("crm-prod/zeta-secret", "crm-prd/zeta-secret", 16, "no vault is called `crm-prd`"),
    ("crm-prod/zeta-secret", "zeta-secret", 16, "`secret` does not read like vault/name"),
    ("crm-prod/zeta-secret", "crm-prod/zeta_secret", 16, "`secret` does not read like vault/name"),
    ("crm-prod/zeta-secret", "crm-prod/zeta/4387e9f3d6e14c459867679a90fd0f79", 16, "`secret` does not read like vault/name"),
    ("crm-prod/zeta-secret", "https://kv-contoso.vault.azure.net/secrets/zeta", 16, "`secret` is an entry's address, and should be vault/name"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", certificate = \"crm-prod/zeta\" }", 16, "`credential` names a secret and a certificate"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ certificate = \"crm-prd/zeta\" }", 16, "no vault is called `crm-prd`"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ certificate = \"crm-prod/zeta\", password = { env = \"P\" } }", 16, "the password names an environment variable, and must name a vault entry"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ certificate = \"crm-prod/zeta\", password = { env = \"P\", secret = \"crm-prod/p\" } }", 16, "the password names an environment variable, and must name a vault entry"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ certificate = \"crm-prod/zeta\", password = { certificate = \"crm-prod/p\" } }", 16, "the password names a certificate, and must name a vault entry"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ env = \"P\" }", 16, "the credential names an environment variable, and must name a vault entry"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ env = \"P\", field = \"a\" }", 16, "the credential names an environment variable, and must name a vault entry"),
    ("\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"", "{ env = \"ID\" }", 15, "the client id names an environment variable, and must name a vault entry"),
    ("\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"", "{ certificate = \"crm-prod/zeta\" }", 15, "the client id names a certificate, and must name a vault entry"),
    ("\"5B7A2F0E-2d35-4a55-8a64-0d3a51c60001\"", "{ secret = \"crm-prod/zeta\", field = \"a..b\" }", 15, "`field` has an empty part between, before or after its dots"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", field = \"a..b\" }", 16, "`field` has an empty part between, before or after its dots"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", field = \".a\" }", 16, "`field` has an empty part between, before or after its dots"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", field = \"a.\" }", 16, "`field` has an empty part between, before or after its dots"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", field = \".\" }", 16, "`field` has an empty part between, before or after its dots"),
    ("{ secret = \"crm-prod/zeta-secret\" }", "{ secret = \"crm-prod/zeta\", field = \"a. .b\" }", 16, "`field` has an empty part between, before or after its dots"),
    ("[\"lead\", \"contact\"]", "[\"Lead\", \"contact\"]", 19, "`Lead` is not a logical name: those are lower case"),
    ("[\"lead\", \"contact\"]", "[\"lead\", \"lead\"]", 19, "`read` names `lead` twice"),
    ("[\"lead\", \"contact\"]", "\"lead\"", 19, "`read` is a text, and should be a list in square brackets"),
    ("append-to =", "appendto =", 19, "`allow` knows no key `appendto`"),
    ("deny = { read = [\"account\"]", "deny = { read = [\"lead\"]", 20, "`lead` is both allowed and denied for read"),
    ("prove = \"never\"", "prove = \"on-changes\"", 26, "`on-changes` is not a valid `prove`"),
    ("[mail]", "[history]\nenabled = \"no\"\n[mail]", 28, "`enabled` is a text, and should be true or false, without quotes"),
    ("[mail]", "[history]\nkeep-days = 0\n[mail]", 28, "`keep-days` is not between 1 and 36500"),
    ("[mail]", "[history]\nkeep = 30\n[mail]", 28, "[history] knows no key `keep`"),
    ("[mail]", "[history]\npath = \"postgres://u:p@db/credaudit\"\n[mail]", 28, "`path` is an address, and should be a file"),
    ("[mail]", "[history]\npath = \"~/history.db\"\n[mail]", 28, "`path` holds something that only a shell replaces"),
    ("[mail]", "[history]\npath = \"state/\"\n[mail]", 28, "`path` is a folder, and should be a file"),
    ("[mail]", "[history]\npath = \"\"\n[mail]", 28, "`path` is empty"),
    ("[mail]", "[history]\nname = \"a b\"\n[mail]", 28, "`name` holds characters a name cannot have"),
    ("[tenants.contoso]", "[auditor]\nscope = \"tenants\"\n[tenants.contoso]", 3, "`tenants` is not a valid `scope`"),
    ("[tenants.contoso]", "[auditor]\nidentity = \"azure-cli\"\nclient-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"\n[tenants.contoso]", 4, "`client-id` has no effect on this identity"),
    ("from = \"credaudit@contoso.com\"", "from = \"a@b@c\"", 28, "`from` is not a mail address"),
    ("from = \"credaudit@contoso.com\"", "from = \"a@b\\r\\nBcc: x@y\"", 28, "`from` is not a mail address"),
    ("\"b@contoso.com\", \"a@contoso.com\"", "", 29, "`to` is empty"),
    ("host = \"smtp.contoso.com\"", "host = \"smtp.contoso.com:25\"", 30, "`host` is not a host name"),
    ("smtp = {", "smtp = { tls = \"none\",", 30, "mail without TLS would send the report and the password in the clear"),
    ("smtp = {", "smtp = { port = 0,", 30, "`port` is not between 1 and 65535"),
    ("{ env = \"SMTP_PASSWORD\" }", "{ env = \"hunter 2\" }", 30, "`env` names an environment variable, and this is \
      not such a name"),
    (", password = { env = \"SMTP_PASSWORD\" }", "", 30, "`user` is given without `password`"),
];

#[test]
fn each_mistake_is_told_on_its_line() {
    for (good, bad, line, message) in CASES {
        assert_eq!(
            GOOD.matches(good).count().min(1),
            1,
            "{good} is in the file"
        );
        let text = GOOD.replacen(good, bad, 1);
        assert_eq!(told(&text), [(*line, (*message).to_owned())], "{bad}");
    }
}

/// A region may be newer than this version: what is said leads on.
#[test]
fn a_region_that_this_version_does_not_know_is_a_way_on() {
    let text = GOOD.replacen("Contoso.api.crm4", "contoso.crm4x", 1);
    let problems = problems(&text);
    let help = problems[0].help.as_deref().unwrap_or_default();
    for part in [
        "address that the browser shows",
        "take a newer version",
        "comment out this address",
        "the rest of the estate is audited",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
}

#[test]
fn an_environment_needs_something_to_try() {
    let text = GOOD.replace(
        "dataverse = \"https://Contoso.api.crm4.dynamics.com/\"\n",
        "",
    );
    let messages: Vec<String> = told(&text)
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    assert_eq!(
        messages,
        [
            "environment `prod` has neither `dataverse` nor `finops`",
            "`dataverse` declares expectations, and environment `prod` has no `dataverse`",
        ]
    );
}

#[test]
fn finance_and_operations_is_read_as_strictly() {
    let text = format!(
        "{GOOD}[environments.erp]\ntenant = \"contoso\"\ntier = \"test\"\nfinops = \"https://a.crm4.dynamics.com\"\n\
         [[registrations]]\nname = \"erp\"\nenvironment = \"erp\"\n\
         client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"\ncredential = {{ secret = \"crm-prod/erp\" }}\n\
         [registrations.finops]\nallow = {{ read = [\"Customers V3\"] }}\n"
    );
    let messages: Vec<String> = told(&text)
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    assert_eq!(
        messages,
        [
            "`finops` names a Dataverse host, not one of Finance & Operations",
            "`read` names no collection",
        ]
    );
}

#[test]
fn a_finance_and_operations_url_is_put_right_or_refused_with_the_right_one() {
    let finops = |url: &str| {
        format!(
            "{GOOD}[environments.erp]\ntenant = \"contoso\"\ntier = \"test\"\nfinops = \"{url}\"\n"
        )
    };
    for url in [
        "https://contoso.operations.dynamics.com",
        "https://contoso.operations.dynamics.com/",
        "HTTPS://Contoso.Operations.Dynamics.com",
    ] {
        let estate = good(&finops(url));
        assert_eq!(
            estate.environments["erp"].finops.as_deref(),
            Some("contoso.operations.dynamics.com")
        );
    }
    for (url, why) in [
        (
            "https://contoso.operations.dynamics.com/data",
            "holds a path",
        ),
        ("https://Contoso.operations.dynamics.com//", "holds a path"),
        (
            "https://contoso.operations.dynamics.com?cmp=DAT",
            "holds a query",
        ),
        ("http://contoso.operations.dynamics.com", "is an http url"),
    ] {
        let problems = problems(&finops(url));
        assert_eq!(problems.len(), 1, "{url}");
        assert!(problems[0].message.contains(why), "{}", problems[0].message);
        assert_eq!(
            problems[0].help.as_deref(),
            Some("write https://contoso.operations.dynamics.com"),
            "{url}"
        );
    }
}

#[test]
fn finance_and_operations_is_taken_in_every_geography() {
    for (cloud, host) in [
        ("public", "contoso.operations.eu.dynamics.com"),
        ("public", "contoso.sandbox.operations.ch.dynamics.com"),
        ("public", "contoso.operations.gov.microsoftdynamics.us"),
        (
            "us-government",
            "contoso.operations.high.microsoftdynamics.us",
        ),
    ] {
        let text = format!(
            "version = 1\n[tenants.t]\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001\"\ncloud = \"{cloud}\"\n\
             [environments.erp]\ntenant = \"t\"\ntier = \"test\"\nfinops = \"https://{host}\"\n"
        );
        let estate = good(&text);
        assert_eq!(estate.environments["erp"].finops.as_deref(), Some(host));
    }
}

#[test]
fn a_finance_and_operations_host_outside_the_table_is_refused_with_what_to_do() {
    for (cloud, host, message) in [
        (
            "public",
            "contoso.operations.in.dynamics.com",
            "looks like a Finance & Operations host of a region",
        ),
        (
            "public",
            "contoso.sandbox.operations.nz.dynamics.com",
            "looks like a Finance & Operations host of a region",
        ),
        (
            "us-government",
            "contoso.operations.gov.dynamics.us",
            "looks like a Finance & Operations host of a region",
        ),
        (
            "us-government",
            "contoso.operations.gov.microsoftdynamics.us",
            "is of the cloud `public`",
        ),
        (
            "us-dod",
            "contoso.operations.appsplatform.us",
            "no Finance & Operations host is documented for the cloud `us-dod`",
        ),
        (
            "public",
            "usnconeboxax1aos.cloud.onebox.dynamics.com",
            "is not the address that Finance & Operations is asked under",
        ),
        (
            "public",
            "erp.contoso.com",
            "this is not a Finance & Operations host of the cloud `public`",
        ),
        (
            "public",
            "contoso.operations.dynamics.com.evil.example",
            "this is not a Finance & Operations host",
        ),
    ] {
        let text = format!(
            "version = 1\n[tenants.t]\nid = \"8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001\"\ncloud = \"{cloud}\"\n\
             [environments.erp]\ntenant = \"t\"\ntier = \"test\"\nfinops = \"https://{host}\"\n"
        );
        let problems = problems(&text);
        assert_eq!(problems.len(), 1, "{host}: {problems:#?}");
        assert!(
            problems[0].message.contains(message),
            "{}",
            problems[0].message
        );
        assert!(problems[0].help.is_some(), "{host}");
    }
}

#[test]
fn option_sets_are_named_by_words() {
    let text = format!(
        "{GOOD}[[registrations]]\nname = \"sync\"\nenvironment = \"prod\"\n\
         client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"\ncredential = {{ secret = \"crm-prod/sync\" }}\n\
         [registrations.dataverse]\nmetadata = \"yes\"\noption-sets = [\"budget status\", \"budgetstatus\"]\n"
    );
    let messages: Vec<String> = told(&text)
        .into_iter()
        .map(|(_, message)| message)
        .collect();
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("metadata"), "{messages:?}");
    assert_eq!(messages[1], "`option-sets` names no option set");
}
