//! What is wrong with a stored value, and what to do about it, in words.

use crate::checks::prelude::*;
use crate::estate::CredentialRef;

/// What is wrong, after "the value …". Emptiness is another check's.
pub(crate) fn words_for(
    case: &Case<'_>,
    reference: &CredentialRef,
    content: &EntryContent,
    problem: EntryProblem,
) -> Option<String> {
    let field = reference.field.as_deref().unwrap_or("the declared field");
    Some(match problem {
        // Emptiness is another check's; what cannot be read here is a gap.
        EntryProblem::Empty | EntryProblem::FormNotRead => return None,
        EntryProblem::SurroundingWhitespace => {
            "has white space before or after it (often a trailing newline)".to_owned()
        }
        EntryProblem::SecretIdInsteadOfValue => {
            "is a GUID: the secret's id was stored, not its value".to_owned()
        }
        EntryProblem::TooLong => {
            "is longer than 256 characters, and Entra secrets have at most 64".to_owned()
        }
        EntryProblem::NoJson => not_structured(content, field),
        EntryProblem::FieldMissing => format!(
            "is {} without a text field `{field}`{}",
            form(content).map_or("JSON", WrapperForm::as_str),
            listed(content)
        ),
        EntryProblem::CertificateInsteadOfSecret => {
            "is a certificate, and the estate names a secret".to_owned()
        }
        EntryProblem::NoCertificate => "is not a certificate: neither PKCS#12 nor PEM".to_owned(),
        EntryProblem::PasswordProtected => match &reference.password {
            Some(entry) => {
                format!("is a certificate with a password, which is not the one in {entry}")
            }
            None => "is a certificate with a password, and the estate does not say where that is stored".to_owned(),
        },
        EntryProblem::PrivateKeyMissing => "is a certificate without its private key".to_owned(),
        EntryProblem::KeyNotRsa => {
            "is a certificate whose key is not RSA, and Entra accepts only RSA".to_owned()
        }
        EntryProblem::SeveralKeys => {
            "holds several private keys, and it is not clear which one to use".to_owned()
        }
        EntryProblem::Wrapped => wrapped(case, reference, content),
        EntryProblem::OtherClientId => {
            "names a client id next to the credential that is not the registration's".to_owned()
        }
        EntryProblem::OtherEnvironment => format!(
            "names the address of an environment next to the credential that is not {}",
            case.registration.environment
        ),
        EntryProblem::OtherTenant => {
            "names a tenant next to the credential that is not the registration's".to_owned()
        }
        EntryProblem::EscapedLineBreaks => {
            "is PEM whose line breaks are written out as \\n: some programs read that, others do not"
                .to_owned()
        }
    })
}

/// What is wrong in a title, after the entry's name: `holds a private key only`.
pub(crate) fn brief(
    reference: &CredentialRef,
    content: &EntryContent,
    problem: EntryProblem,
) -> Option<String> {
    let text = match problem {
        EntryProblem::Empty | EntryProblem::FormNotRead => return None,
        EntryProblem::SurroundingWhitespace => "has white space around its value",
        EntryProblem::SecretIdInsteadOfValue => "holds the secret's id, not its value",
        EntryProblem::TooLong => "is too long to be a client secret",
        EntryProblem::NoJson | EntryProblem::FieldMissing => {
            let field = reference.field.as_deref().unwrap_or("declared");
            return Some(format!("has no field `{field}`"));
        }
        EntryProblem::CertificateInsteadOfSecret => "holds a certificate, not a secret",
        EntryProblem::NoCertificate => "does not hold a certificate",
        EntryProblem::PasswordProtected => "holds a certificate with an unknown password",
        EntryProblem::PrivateKeyMissing => "holds a certificate without its private key",
        EntryProblem::KeyNotRsa => "holds a certificate whose key is not RSA",
        EntryProblem::SeveralKeys => "holds several private keys",
        EntryProblem::Wrapped => {
            let forms = content.wrapper.as_ref().map(|wrapper| &wrapper.forms);
            return Some(match forms.and_then(|forms| forms.first()) {
                Some(form) => format!("holds {}", form.as_str()),
                None => "does not hold a bare credential".to_owned(),
            });
        }
        EntryProblem::OtherClientId => "names another client id",
        EntryProblem::OtherEnvironment => "names another environment",
        EntryProblem::OtherTenant => "names another tenant",
        EntryProblem::EscapedLineBreaks => "has line breaks written as \\n",
    };
    Some(text.to_owned())
}

/// The form that a credential could be taken out of by a field, or is recognised by.
fn form(content: &EntryContent) -> Option<WrapperForm> {
    content.wrapper.as_ref()?.forms.last().copied()
}

/// `: it has clientId, clientSecret and 2 more`.
fn listed(content: &EntryContent) -> String {
    let Some(wrapper) = &content.wrapper else {
        return String::new();
    };
    let mut names = wrapper.fields.clone();
    if wrapper.other_fields > 0 {
        names.push(format!("{} more", wrapper.other_fields));
    }
    if names.is_empty() {
        return String::new();
    }
    format!(": it has {}", names.join(", "))
}

fn not_structured(content: &EntryContent, field: &str) -> String {
    let what = form(content).map_or_else(String::new, |form| format!("is {}, ", form.as_str()));
    format!(
        "{what}holds neither JSON nor a connection string nor variables, so there is no field `{field}` in it"
    )
}

/// A value that is not a bare credential: each form, from the outside in, and what is inside where that is
/// known.
fn wrapped(case: &Case<'_>, reference: &CredentialRef, content: &EntryContent) -> String {
    let Some(wrapper) = &content.wrapper else {
        return "is not a bare credential".to_owned();
    };
    let forms: Vec<&str> = wrapper.forms.iter().map(|form| form.as_str()).collect();
    let inside = match (&wrapper.inside, &reference.field) {
        (Some(_), Some(field)) => format!("in its field `{field}` "),
        _ => String::new(),
    };
    let mut words = format!("{inside}is {}", forms.join(", and in it "));
    if wrapper.forms.iter().any(|form| form.has_fields()) {
        words.push_str(&format!(
            ", and the estate names no field of it{}",
            listed(content)
        ));
    } else if wrapper.comes_off() {
        words.push_str(&alike(case, reference.kind, wrapper));
    }
    words
}

/// Which credential is left without the wrapper, by its hint or thumbprint.
fn alike(case: &Case<'_>, kind: CredentialForm, wrapper: &Wrapper) -> String {
    let held = case.of_stored_kind().unwrap_or_default();
    let mut fitting = held
        .iter()
        .filter(|one| one.matches_stored.known() == Some(&true));
    let (Some(one), None) = (fitting.next(), fitting.next()) else {
        return String::new();
    };
    let without = match wrapper.forms.as_slice() {
        [WrapperForm::Base64] => "decoded",
        [_] => "without them",
        _ => "without all that",
    };
    let state = match one.end.known() {
        Some(end) if is_past(*end, case.context.as_of) => "expired",
        _ => "valid",
    };
    match kind {
        CredentialForm::Secret => format!(
            ": {without} its first three characters match the {state} secret with key {}",
            one.key_id
        ),
        CredentialForm::Certificate => format!(
            ": {without} it is the {state} certificate with key {}",
            one.key_id
        ),
    }
}

/// What to do about it, where the check's own advice does not say.
pub(crate) fn advice(
    reference: &CredentialRef,
    content: &EntryContent,
    problem: EntryProblem,
) -> Option<String> {
    Some(match problem {
        EntryProblem::Wrapped => return unwrapped(reference, content),
        EntryProblem::PasswordProtected => match &reference.password {
            Some(entry) => format!(
                "store the password that it was exported with in {entry}, or name the right entry in the estate"
            ),
            None => "name the entry that holds its password: password = { secret = \"vault/name\" } next to \
                     `certificate`; or store it without a password (`openssl pkcs12 -in old.pfx -nodes -out new.pem` removes it): the vault protects it".to_owned(),
        },
        problem => plain_advice(problem)?.to_owned(),
    })
}

const fn plain_advice(problem: EntryProblem) -> Option<&'static str> {
    Some(match problem {
        EntryProblem::Empty
        | EntryProblem::SurroundingWhitespace
        | EntryProblem::TooLong
        | EntryProblem::Wrapped
        | EntryProblem::PasswordProtected
        | EntryProblem::FormNotRead => return None,
        EntryProblem::SecretIdInsteadOfValue => {
            "store the secret's value, which Entra shows only once. If nobody has it, add a new secret to client id CLIENT-ID; the steps of the finding give the command"
        }
        EntryProblem::NoJson | EntryProblem::FieldMissing => {
            "correct `field` in the estate, or store a value that has this field"
        }
        EntryProblem::CertificateInsteadOfSecret => {
            "write `certificate` in place of `secret` in the estate, or store the client secret here"
        }
        EntryProblem::NoCertificate => {
            "store the certificate with its key as PKCS#12 or PEM, or write `secret` in place of `certificate` in the estate"
        }
        EntryProblem::PrivateKeyMissing => {
            "import the certificate together with its private key, as PKCS#12 or PEM"
        }
        EntryProblem::KeyNotRsa => {
            "create a certificate with an RSA key of 2048 bits or more, add its public part to the registration, and store it"
        }
        EntryProblem::SeveralKeys => {
            "store only the key and certificate that are on the registration"
        }
        EntryProblem::OtherClientId => {
            "correct the client id in the entry or in the estate: whoever reads both from the entry signs in as another application"
        }
        EntryProblem::OtherEnvironment => {
            "correct the address in the entry or the registration's `environment` in the estate: whoever reads it from the entry works in another environment"
        }
        EntryProblem::OtherTenant => {
            "correct the tenant in the entry or in the estate: whoever reads it from the entry asks another tenant for tokens"
        }
        EntryProblem::EscapedLineBreaks => {
            "store the PEM file as it is, unless the integration turns \\n into line breaks itself"
        }
    })
}

/// What to do about a wrapper.
fn unwrapped(reference: &CredentialRef, content: &EntryContent) -> Option<String> {
    let wrapper = content.wrapper.as_ref()?;
    let opens = matches!(
        wrapper.forms.as_slice(),
        [WrapperForm::Json | WrapperForm::ConnectionString | WrapperForm::Variables]
    );
    Some(if opens && wrapper.inside.is_none() {
        let name = wrapper
            .fields
            .iter()
            .find(|name| name.to_ascii_lowercase().contains("secret"))
            .map_or("NAME", String::as_str);
        format!(
            "name the field that holds the credential in the estate: credential = {{ {} = \"{}\", field = \"{name}\" }}",
            reference.kind.as_str(),
            reference.entry
        )
    } else if wrapper.comes_off() {
        "store the same value again without anything around it; no new credential is needed"
            .to_owned()
    } else {
        "store the credential itself, or correct whatever writes this entry".to_owned()
    })
}
