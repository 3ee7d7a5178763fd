//! An estate that is there, and what is new beside it: everything written by hand stays, byte for byte.

use super::*;
use crate::discover::draft::{Draft, DraftCredential, DraftEnvironment, Told, Unlisted};
use crate::discover::write::tests::{draft, problems, registration, stored};
use crate::estate::Unstored;
use crate::model::{Gap, GapKind};

/// The estate of the draft as a person left it: decided, commented, renamed, in an order of their own.
const KEPT: &str = r#"# our estate
version = 1 # for good

[tenants.contoso]   # the company
id = "8F0C4A52-7c1e-4d2b-9a57-3f2f6f6f0001"

[vaults.secrets]
url = "https://KV-contoso.vault.azure.net/"
# we asked the platform team
environment = "prod"

[environments.prod]
tenant   = "contoso"
tier     = "production" # since 2019
dataverse = "https://contoso.api.crm4.dynamics.com"
finops = "https://contoso.operations.dynamics.com"

[[registrations]]
name = "contact-sync" # was raia
environment = "prod"
client-id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
credential = { secret = "secrets/raia-secret" }

# the end
"#;

fn more() -> Draft {
    let mut draft = draft();
    draft.environments.push(DraftEnvironment {
        key: "contoso-test".to_owned(),
        dataverse: Some("contoso-test.crm4.dynamics.com".to_owned()),
        ..DraftEnvironment::default()
    });
    let mut new = registration("contact-sync", stored());
    new.client_id = "5b7a2f0e-2d35-4a55-8a64-0d3a51c60002".to_owned();
    new.environment = "contoso-test".to_owned();
    new.finops = None;
    draft.registrations.push(new);
    draft
}

fn updated(text: &str, draft: &Draft) -> Updated {
    update(text, draft).expect("it can be added to")
}

#[test]
fn what_is_known_already_changes_nothing() {
    let same = updated(KEPT, &draft());
    assert_eq!(same.text, KEPT);
    assert_eq!(same.gone, [""; 0]);
    let crlf = KEPT.replace('\n', "\r\n");
    assert_eq!(updated(&crlf, &draft()).text, crlf);
    // What init wrote itself, too.
    let own = write::file(&draft());
    assert_eq!(updated(&own, &draft()).text, own);
}

#[test]
fn what_is_new_is_added_in_the_estate_s_own_names_and_all_else_stays() {
    let added = updated(KEPT, &more());
    insta::assert_snapshot!(crate::discover::diff::unified(
        "estate.toml",
        KEPT,
        &added.text
    ));
    let mut rest = added.text.as_str();
    for line in KEPT.lines() {
        let at = rest
            .find(line)
            .unwrap_or_else(|| panic!("{line} is gone from\n{}", added.text));
        rest = &rest[at + line.len()..];
    }
    let open = problems(&added.text);
    assert!(open.iter().all(|problem| problem.undecided), "{open:#?}");
    assert_eq!(open.len(), 1);
    // And once more it is known.
    assert_eq!(updated(&added.text, &more()).text, added.text);
}

#[test]
fn a_question_mark_is_answered_where_the_answer_is_known_now_and_a_person_s_answer_stays() {
    let asked = write::file(&{
        let mut draft = draft();
        let seen = "no entry of the vaults that were listed could be matched to its credential: neither name, tag \
                    nor end of an entry says so; --match-values compares the values, too";
        draft.registrations[0].credential = Told::Open(vec![seen.to_owned()]);
        draft.vaults[0].environment = Told::Open(vec!["nothing says so".to_owned()]);
        draft
    });
    let asked = asked.replace("credential = \"?\"", "# ask Ana\ncredential = \"?\"");
    let answered = updated(&asked, &draft()).text;
    assert!(
        answered.contains(
            "# ask Ana\ncredential = { secret = \"kv-contoso/raia-secret\" }  # guessed: "
        ),
        "{answered}"
    );
    assert!(
        answered.contains("\nenvironment = \"contoso\"  # guessed: why\n"),
        "{answered}"
    );
    assert!(!answered.contains("# question"), "{answered}");
    let tier = problems(&answered);
    assert_eq!(tier.len(), 1, "{tier:#?}");
    let mut other = draft();
    other.registrations[0].credential = Told::Certain(DraftCredential::Unstored(Unstored::None));
    assert_eq!(updated(KEPT, &other).text, KEPT);
}

#[test]
fn a_client_id_in_the_vault_is_known_by_its_credential_or_name() {
    let hidden = KEPT.replace(
        "client-id = \"5b7a2f0e-2d35-4a55-8a64-0d3a51c60001\"",
        "client-id = { secret = \"secrets/raia-id\" }",
    );
    assert_eq!(updated(&hidden, &draft()).text, hidden);
    let named = hidden
        .replace("raia-secret", "other")
        .replace("contact-sync", "RAIA");
    assert_eq!(updated(&named, &draft()).text, named);
}

#[test]
fn what_is_no_longer_there_is_said_and_never_removed_and_not_from_half_a_list() {
    let mut less = draft();
    less.registrations.clear();
    less.vaults.clear();
    let told = updated(KEPT, &less);
    assert_eq!(told.text, KEPT);
    assert_eq!(
        told.gone,
        [
            "vault secrets: kv-contoso.vault.azure.net was not listed",
            "registration contact-sync: no environment knows client id 5b7a2f0e-2d35-4a55-8a64-0d3a51c60001"
        ]
    );
    less.unlisted.push(Unlisted {
        what: "the key vaults".to_owned(),
        gap: Gap::new(GapKind::Denied, "no"),
    });
    assert_eq!(updated(KEPT, &less).gone, [""; 0]);
}

#[test]
fn what_cannot_be_added_to_is_refused_with_the_reason() {
    let refused = |text: &str| {
        update(text, &more())
            .expect_err("it is refused")
            .to_string()
    };
    assert!(refused("a = \n").contains("line 1"));
    assert!(refused("version = 1\n").contains("no tenant 8f0c4a52"));
    let inline = format!(
        "environments = {{}}\n{}",
        KEPT.replace("[environments.prod]\ntenant   = \"contoso\"\ntier     = \"production\" # since 2019\ndataverse = \"https://contoso.api.crm4.dynamics.com\"\nfinops = \"https://contoso.operations.dynamics.com\"\n", "")
    );
    assert!(
        refused(&inline).contains("environments"),
        "{}",
        refused(&inline)
    );
    let list = KEPT.split("[[registrations]]").next().unwrap_or_default();
    let list = format!("registrations = []\n{list}");
    assert!(refused(&list).contains("registrations"));
}
