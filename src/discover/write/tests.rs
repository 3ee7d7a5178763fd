//! The file that a draft makes: read by the estate's own reader, whatever names it was made of.

use std::sync::Arc;

use super::*;
use crate::discover::draft::Unlisted;
use crate::estate::{Auditor, Identity, Scope, Unstored, load};
use crate::model::{Gap, GapKind};
use crate::source::{Problem, SourceFile};

/// A draft with one of everything.
pub(crate) fn draft() -> Draft {
    Draft {
        tenant: "8f0c4a52-7c1e-4d2b-9a57-3f2f6f6f0001".to_owned(),
        cloud: Cloud::Public,
        auditor: Auditor {
            identity: Identity::AzureCli,
            client_id: None,
            scope: Scope::Estate,
        },
        signed_in: "the auditor (object id 1)".to_owned(),
        environments: vec![DraftEnvironment {
            key: "contoso".to_owned(),
            title: Some("Contoso".to_owned()),
            dataverse: Some("contoso.crm4.dynamics.com".to_owned()),
            finops: Some("contoso.operations.dynamics.com".to_owned()),
            finops_guess: Some("it has the name of this Dataverse".to_owned()),
            organization_id: Some("c670c21c-3b41-43f4-a262-20ddaa647779".to_owned()),
            kind: Some("Sandbox".to_owned()),
        }],
        vaults: vec![DraftVault {
            key: "kv-contoso".to_owned(),
            host: "kv-contoso.vault.azure.net".to_owned(),
            environment: Told::Guessed("contoso".to_owned(), "why".to_owned()),
        }],
        registrations: vec![registration("raia", stored())],
        unplaced: Vec::new(),
        unlisted: Vec::new(),
        listed: Vec::new(),
    }
}

pub(crate) fn stored() -> Told<DraftCredential> {
    let credential = DraftCredential::Stored {
        form: CredentialForm::Secret,
        vault: "kv-contoso".to_owned(),
        entry: "raia-secret".to_owned(),
        field: None,
    };
    Told::Guessed(credential, "the entry is named for it".to_owned())
}

pub(crate) fn registration(name: &str, credential: Told<DraftCredential>) -> DraftRegistration {
    DraftRegistration {
        name: name.to_owned(),
        title: Some("Raia Sync".to_owned()),
        client_id: "5b7a2f0e-2d35-4a55-8a64-0d3a51c60001".to_owned(),
        environment: "contoso".to_owned(),
        home_tenant: None,
        notes: Vec::new(),
        owner: Some(Told::Certain("ana@contoso.com".to_owned())),
        credential,
        permissions: vec!["Dynamics ERP/Connector.FullAccess".to_owned()],
        dataverse: Some(DraftDataverse {
            business_unit: Some("contoso".to_owned()),
            roles: Some(vec!["Raia \"Sync\"".to_owned()]),
            read_only: false,
            allow: vec![(Operation::Read, vec!["contact".to_owned()])],
            deny: vec![(Operation::Read, vec!["account".to_owned()])],
        }),
        finops: Some(DraftFinops {
            user: Some("Raia".to_owned()),
        }),
    }
}

pub(crate) fn problems(text: &str) -> Vec<Problem> {
    let file = Arc::new(SourceFile {
        name: "estate.toml".to_owned(),
        text: text.to_owned(),
    });
    load::parse(&file).err().unwrap_or_default()
}

#[test]
fn a_draft_is_a_file_in_which_only_the_tier_is_left() {
    let text = file(&draft());
    insta::assert_snapshot!(text);
    let open = problems(&text);
    assert!(open.iter().all(|problem| problem.undecided), "{open:#?}");
    assert_eq!(open.len(), 1);
    let decided = text.replace("tier = \"?\"", "tier = \"test\"");
    assert_eq!(problems(&decided), []);
}

#[test]
fn questions_and_what_could_not_be_listed_stand_in_the_file() {
    let mut draft = draft();
    let seen = "each of these may hold its credential: kv-contoso/a, kv-contoso/b";
    draft.registrations = vec![
        registration("raia", Told::Open(vec![seen.to_owned()])),
        registration(
            "msi",
            Told::Certain(DraftCredential::Unstored(Unstored::None)),
        ),
    ];
    draft.vaults[0].environment = Told::Open(vec!["nothing says so".to_owned()]);
    draft.unlisted = vec![Unlisted {
        what: "the key vaults".to_owned(),
        gap: Gap::new(GapKind::Denied, "it answered 403").with_remedy("assign Reader"),
    }];
    draft.unplaced = vec![Unplaced {
        client_id: "5b7a2f0e-2d35-4a55-8a64-0d3a51c60009".to_owned(),
        title: None,
        permissions: vec!["Dynamics CRM/user_impersonation".to_owned()],
    }];
    let text = file(&draft);
    for words in [
        "# unclear: each of these may hold its credential: kv-contoso/a, kv-contoso/b\ncredential = \"?\"  # decide: ",
        "# unclear: nothing says so\nenvironment = \"?\"  # decide: ",
        "# - the key vaults: it answered 403\n#   to do: assign Reader\n",
        "# - without a name (5b7a2f0e-2d35-4a55-8a64-0d3a51c60009): Dynamics CRM/user_impersonation\n",
        "credential = \"none\"\n",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let open = problems(&text);
    assert!(open.iter().all(|problem| problem.undecided), "{open:#?}");
    assert_eq!(open.len(), 3);
}

#[test]
fn names_of_strangers_write_nothing_but_names() {
    let hostile = "x\"\n[auditor]\nidentity = \"managed-identity\"\u{202e}\u{1b}[2J # '''";
    let mut draft = draft();
    draft.signed_in = hostile.to_owned();
    draft.environments[0].title = Some(hostile.to_owned());
    draft.environments[0].kind = Some(hostile.to_owned());
    let mut odd = registration("raia", Told::Open(vec![hostile.to_owned()]));
    odd.title = Some(hostile.to_owned());
    odd.notes = vec![hostile.to_owned()];
    odd.permissions = Vec::new();
    odd.owner = Some(Told::Guessed("a@b.c".to_owned(), hostile.to_owned()));
    if let Some(dataverse) = &mut odd.dataverse {
        dataverse.roles = Some(vec!["plain \u{e4} 'quoted' \\ \"".to_owned()]);
    }
    draft.registrations = vec![odd];
    draft.unlisted = vec![Unlisted {
        what: hostile.to_owned(),
        gap: Gap::new(GapKind::Denied, hostile).with_remedy(hostile),
    }];
    draft.unplaced = vec![Unplaced {
        client_id: "5b7a2f0e-2d35-4a55-8a64-0d3a51c60009".to_owned(),
        title: Some(hostile.to_owned()),
        permissions: vec![hostile.to_owned()],
    }];
    let text = file(&draft);
    let open = problems(&text);
    assert!(
        open.iter().all(|problem| problem.undecided),
        "{open:#?}\n{text}"
    );
    assert_eq!(text.matches("\n[auditor]").count(), 1);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
}
