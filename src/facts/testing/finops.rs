//! The Finance & Operations side of the tidy estate, and ways to spoil it.

use super::tidy::*;
use crate::estate::{Expectations, FinopsExpectations};
use crate::evidence::*;
use crate::model::{Listing, Observed, Presence, Service};

pub(crate) fn expected_in_finops() -> FinopsExpectations {
    FinopsExpectations {
        user: Some("RaiaIntegration".to_owned()),
        allow: Expectations {
            read: vec!["CustomersV3".to_owned()],
            ..Expectations::default()
        },
        deny: Expectations {
            read: vec!["LedgerJournalHeaders".to_owned()],
            ..Expectations::default()
        },
    }
}

/// The same token for another resource.
pub(crate) fn token_for_finops(dataverse: &TokenProof, host: &str) -> TokenProof {
    let mut proof = dataverse.clone();
    proof.service = Service::FinOps;
    proof.resource = format!("https://{host}.operations.dynamics.com");
    if let Observed::Known(TokenAnswer::Issued {
        claims: Observed::Known(claims),
        ..
    }) = &mut proof.answer
    {
        claims.audience = known(proof.resource.clone());
    }
    proof
}

pub(crate) fn proven_in_finops() -> FinopsProof {
    FinopsProof {
        service_document: None,
        client: known(FinopsClient::Accepted {
            seen: seen("a read of CustomersV3", 200, None),
        }),
        reads: vec![
            CollectionRead {
                collection: "CustomersV3".to_owned(),
                expected: Expected::Allowed,
                answer: known(CollectionAnswer::Read {
                    seen: seen("a read of CustomersV3", 200, None),
                }),
            },
            CollectionRead {
                collection: "LedgerJournalHeaders".to_owned(),
                expected: Expected::Denied,
                answer: known(refused_collection()),
            },
        ],
        mapping: known(Presence::Present(ClientMapping {
            user_id: "RaiaIntegration".to_owned(),
        })),
        user: known(Presence::Present(FinopsUser {
            user_id: "RaiaIntegration".to_owned(),
            enabled: known(true),
        })),
        roles: Listing::complete(vec![FinopsRole {
            id: "RAIASYNC".to_owned(),
            name: Some("Raia sync".to_owned()),
        }]),
    }
}

pub(crate) fn unknown_in_finops() -> FinopsProof {
    FinopsProof {
        service_document: None,
        client: gap(),
        reads: Vec::new(),
        mapping: gap(),
        user: gap(),
        roles: Listing::cut_short(Vec::new(), a_gap()),
    }
}

pub(crate) fn unknown_in_dataverse() -> DataverseProof {
    DataverseProof {
        whoami: gap(),
        reads: Vec::new(),
        user: gap(),
        roles: Listing::cut_short(Vec::new(), a_gap()),
        witness: Witness::Auditor,
        metadata: Vec::new(),
        privileges: gap(),
        write_probes: super::privileges::unclear_probe(),
    }
}

pub(crate) fn metadata_read() -> Vec<MetadataRead> {
    MetadataTarget::OF_A_SYNC
        .into_iter()
        .map(|target| MetadataRead {
            target,
            answer: known(MetadataAnswer::Read {
                seen: seen("a read of metadata", 200, None),
            }),
        })
        .collect()
}

pub(crate) fn refused_collection() -> CollectionAnswer {
    CollectionAnswer::Refused {
        seen: seen("a read of a collection", 403, None),
    }
}

pub(crate) fn finops(snapshot: &mut Snapshot) -> &mut FinopsProof {
    raia(snapshot).finops.as_mut().unwrap()
}

pub(crate) fn expected_of_finops(snapshot: &mut Snapshot) -> &mut FinopsExpectations {
    snapshot.estate.registrations[0].finops.as_mut().unwrap()
}

pub(crate) fn collection<'a>(
    snapshot: &'a mut Snapshot,
    name: &str,
) -> &'a mut Observed<CollectionAnswer> {
    let reads = &mut finops(snapshot).reads;
    &mut reads
        .iter_mut()
        .find(|read| read.collection == name)
        .unwrap()
        .answer
}

pub(crate) fn finops_user(snapshot: &mut Snapshot) -> &mut FinopsUser {
    match &mut finops(snapshot).user {
        Observed::Known(Presence::Present(user)) => user,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn finops_claims(snapshot: &mut Snapshot) -> &mut TokenClaims {
    match &mut raia(snapshot).tokens[1].answer {
        Observed::Known(TokenAnswer::Issued {
            claims: Observed::Known(claims),
            ..
        }) => claims,
        other => panic!("{other:?}"),
    }
}

/// The environment answers 401 to everything.
pub(crate) fn reject_client(snapshot: &mut Snapshot) {
    let proof = finops(snapshot);
    proof.client = known(FinopsClient::Rejected {
        seen: seen("a read of CustomersV3", 401, None),
    });
    for read in &mut proof.reads {
        read.answer = Observed::not_reached("the client was refused");
    }
}

pub(crate) fn map_to(snapshot: &mut Snapshot, user_id: &str) {
    finops(snapshot).mapping = known(Presence::Present(ClientMapping {
        user_id: user_id.to_owned(),
    }));
}

pub(crate) fn refuse_finops_token(snapshot: &mut Snapshot, code: &str) {
    raia(snapshot).tokens[1].answer = known(TokenAnswer::Refused {
        seen: seen("the token endpoint", 400, Some(code)),
        error: None,
    });
}

/// The estate expects nothing there.
pub(crate) fn without_finops(snapshot: &mut Snapshot) {
    snapshot.estate.registrations[0].finops = None;
}
