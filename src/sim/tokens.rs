//! Access tokens: signed with a key that is made once in a process, and checked at every service.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Deserialize;
use serde_json::{Value, json};

use super::SimError;

/// The key of this process: an RSA key takes long to make, and several simulators share it.
static SHARED: Mutex<Option<Arc<SigningKey>>> = Mutex::new(None);

/// An RSA key of one process. It signs nothing that any real service accepts.
pub(super) struct SigningKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
    modulus: String,
    exponent: String,
    id: String,
    /// Tokens whose signature was found good: each is sent many times, and nothing but its end changes.
    known: Mutex<HashMap<String, Caller>>,
}

/// More than one audit has; a simulator that runs for days begins anew.
const KNOWN: usize = 1000;

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Who a valid token was issued to, and for what.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Caller {
    pub aud: String,
    pub iss: String,
    pub appid: String,
    /// Missing where the tenant has no service principal for the app.
    #[serde(default)]
    pub oid: String,
    pub tid: String,
    exp: i64,
    #[serde(default)]
    pub roles: Vec<String>,
    /// What the client may do in a person's name: in a person's token only.
    pub scp: Option<String>,
    /// Whose name that is.
    pub upn: Option<String>,
}

impl SigningKey {
    /// The key that every simulator of this process signs with, made by the first.
    pub(super) fn shared() -> Result<Arc<Self>, SimError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*shared {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(Self::generate()?);
        *shared = Some(Arc::clone(&key));
        Ok(key)
    }

    pub(super) fn generate() -> Result<Self, SimError> {
        let pair =
            rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?;
        let (modulus, exponent) = rsa_numbers(pair.public_key_raw()).ok_or(SimError::SigningKey)?;
        let pem = pair.serialize_pem();
        Ok(Self {
            encoding: EncodingKey::from_rsa_pem(pem.as_bytes())
                .map_err(|_| SimError::SigningKey)?,
            decoding: DecodingKey::from_rsa_raw_components(modulus, exponent),
            id: URL_SAFE_NO_PAD.encode(&modulus[modulus.len() - 20..]),
            modulus: URL_SAFE_NO_PAD.encode(modulus),
            exponent: URL_SAFE_NO_PAD.encode(exponent),
            known: Mutex::default(),
        })
    }

    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.id.clone());
        header.x5t = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding).ok()
    }

    /// A token that no client can look into; the services take it all the same.
    pub(super) fn sign_opaque(&self, claims: &Value) -> Option<String> {
        Some(self.sign(claims)?.replace('.', "~"))
    }

    /// The caller, when the signature is ours and the token has not expired.
    pub(super) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Caller, TokenFault> {
        let caller = self.signed_for(token)?;
        if caller.exp <= now.timestamp() {
            return Err(TokenFault::Expired);
        }
        Ok(caller)
    }

    /// The caller that one of our signatures names, however old the token is.
    fn signed_for(&self, token: &str) -> Result<Caller, TokenFault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(caller) = known.get(token) {
            return Ok(caller.clone());
        }
        let caller = self.decoded(token)?;
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(token.to_owned(), caller.clone());
        Ok(caller)
    }

    fn decoded(&self, token: &str) -> Result<Caller, TokenFault> {
        let mut validation = Validation::new(Algorithm::RS256);
        // Audience and expiry are judged here and at the service, by the simulator's clock.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let token = token.replace('~', ".");
        let data = jsonwebtoken::decode::<Caller>(&token, &self.decoding, &validation);
        Ok(data.map_err(|_| TokenFault::Invalid)?.claims)
    }

    /// The document at `jwks_uri`.
    pub(super) fn jwks(&self, issuer: &str) -> Value {
        json!({ "keys": [{
            "kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id,
            "n": self.modulus, "e": self.exponent, "issuer": issuer,
        }] })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenFault {
    Invalid,
    Expired,
}

impl Caller {
    /// Whether the token is for `resource`; a slash at the end makes no difference.
    pub(super) fn is_for(&self, resource: &str) -> bool {
        self.aud
            .trim_end_matches('/')
            .eq_ignore_ascii_case(resource)
    }
}

/// Modulus and exponent of a DER `RSAPublicKey`: a sequence of two integers.
fn rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (body, _) = element(der, 0x30)?;
    let (modulus, rest) = element(body, 0x02)?;
    let (exponent, _) = element(rest, 0x02)?;
    Some((modulus.strip_prefix(&[0]).unwrap_or(modulus), exponent))
}

/// Splits one DER element with this tag off `der`.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = der.split_first()?;
    let (&length, rest) = rest.split_first()?;
    if first != tag {
        return None;
    }
    let (length, rest) = if length < 0x80 {
        (usize::from(length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        let length = digits
            .iter()
            .fold(0, |sum, digit| sum * 256 + usize::from(*digit));
        (length, rest)
    };
    rest.split_at_checked(length)
}
