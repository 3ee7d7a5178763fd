//! What the Azure SDK's errors say of a call to a vault, read by their parts and never by their text.

use azure_core::error::ErrorKind;

use crate::collect::http::{gap_in, vault_code};
use crate::model::{Gap, GapKind};
use crate::reference::codes;
use crate::reference::codes::Class;

/// What an error of the SDK says, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VaultError {
    /// The vault answered: status, Key Vault's own code, length of the body.
    Answered {
        status: u16,
        code: Option<String>,
        length: usize,
    },
    /// Nothing that could be read was answered.
    Gap(Gap),
}

impl VaultError {
    /// Whether the vault says that it has no such secret.
    pub(crate) fn is_absent(&self) -> bool {
        self.class() == Some((404, Class::NotFound))
    }

    pub(super) fn class(&self) -> Option<(u16, Class)> {
        match self {
            Self::Answered {
                status,
                code: Some(code),
                ..
            } => codes::find(code).map(|known| (*status, known.class)),
            _ => None,
        }
    }

    pub(super) fn of(gap: &Gap) -> Self {
        Self::Gap(gap.clone())
    }

    /// A 200 whose body is not what it should be.
    pub(super) fn odd(call: &str, what: &str) -> Self {
        Self::Gap(Gap::new(
            GapKind::Malformed,
            format!("{call} answered 200 with {what}"),
        ))
    }
}

/// Reads an SDK error by its parts. Its text may quote the answer and is never used.
pub(super) fn read_error(error: &azure_core::Error, call: &str) -> VaultError {
    if let Some(gap) = gap_in(error) {
        return VaultError::Gap(gap);
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(current) = cause {
        if let Some(ErrorKind::HttpResponse {
            status,
            raw_response,
            ..
        }) = current
            .downcast_ref::<azure_core::Error>()
            .map(azure_core::Error::kind)
        {
            let body: &[u8] = raw_response.as_ref().map_or(&[], |raw| raw.body().as_ref());
            let code = serde_json::from_slice(body)
                .ok()
                .and_then(|body| vault_code(&body));
            return VaultError::Answered {
                status: u16::from(*status),
                code,
                length: body.len(),
            };
        }
        cause = current.source();
    }
    VaultError::Gap(Gap::new(
        GapKind::Malformed,
        format!("{call} was answered with something that is not a Key Vault answer"),
    ))
}
