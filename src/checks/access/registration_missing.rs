//! Does the app registration exist?

use crate::checks::prelude::*;

pub(crate) struct RegistrationMissing;

impl Check for RegistrationMissing {
    const META: CheckMeta = CheckMeta {
        id: "registration-missing",
        title: "The app registration does not exist",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "Without the registration nothing can sign in: it was deleted, or the client id belongs to another tenant.",
        remediation: "Compare client id CLIENT-ID with the overview page of the app registration (Entra admin centre > App registrations). A registration deleted in the last 30 days can be restored there under Deleted applications.",
        controls: controls::IDENTITY,
        evidence: &["Graph application", "Entra token"],
        explains: &["token-refused"],
    };

    const STOPS: Stops = Stops::Everything;

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            // A registration of another tenant signs in here by its service principal alone.
            if case.token_issued() == Some(true) {
                return Ok(Outcome::Pass);
            }
            // The directory decides; the token endpoint speaks where the directory is silent.
            match &case.evidence.application {
                Observed::Known(Presence::Present(_)) => Ok(Outcome::Pass),
                // It is what signs in, and the directory has it: no app registration belongs to it here.
                Observed::Known(Presence::Absent)
                    if case.home_is_read().is_none()
                        && case
                            .principal_kind()
                            .is_some_and(PrincipalKind::has_no_application_here) =>
                {
                    Ok(Outcome::Pass)
                }
                Observed::Known(Presence::Absent)
                    if case.registration.home_tenant.is_some() && case.home_is_read().is_none() =>
                {
                    Err(case.without_application())
                }
                Observed::Known(Presence::Absent) => {
                    let seen = format!(
                        "Microsoft Graph finds no application with client id {} in tenant {}",
                        case.client_id()?,
                        case.home_is_read().unwrap_or(&case.environment.tenant)
                    );
                    Ok(match elsewhere(case) {
                        Some(words) => advised(format!("{seen}; {}", words.seen), words.fix)
                            .fixes(words.commands),
                        None => failed(seen),
                    }
                    .what(missing(case)))
                }
                Observed::Unknown(gap) => match case.refused_as(Class::RegistrationMissing) {
                    Some((seen, code)) => Ok(match elsewhere(case) {
                        Some(words) => {
                            advised(format!("{seen}: {}; {}", code.cause, words.seen), words.fix)
                                .fixes(words.commands)
                        }
                        None => advised(format!("{seen}: {}", code.cause), code.fix),
                    }
                    .what(missing(case))),
                    None => Err(gap.into()),
                },
            }
        })
    }
}

fn missing(case: &Case<'_>) -> String {
    let tenant = case.home_is_read().unwrap_or(&case.environment.tenant);
    format!("has no app registration in tenant {tenant}")
}

/// What the estate's other tenants have to do with it.
struct Elsewhere {
    seen: String,
    fix: String,
    commands: Vec<Fix>,
}

/// Whether the registration was perhaps meant for another tenant of the estate: surely so where the
/// same client id is known there, possibly so where there is another tenant at all.
fn elsewhere(case: &Case<'_>) -> Option<Elsewhere> {
    let (here, environment) = (&case.environment.tenant, &case.registration.environment);
    let client_id = case.client_id().ok()?;
    let known_in = case.context.cases_of_client(client_id).find_map(|other| {
        let there = &other.environment.tenant;
        let known = matches!(
            other.evidence.application,
            Observed::Known(Presence::Present(_))
        );
        (there != here && known).then_some(there)
    });
    if let Some(there) = known_in {
        return Some(Elsewhere {
            seen: format!("tenant {there} has an application with this client id"),
            fix: format!(
                "Point `{}` at an environment of tenant {there}, or, if it should work in {here} too, create \
                 its service principal in {here}, for application {client_id}.",
                case.name()
            ),
            commands: vec![fixes::create_principal()],
        });
    }
    let others: Vec<&str> = case
        .snapshot()
        .estate
        .tenants
        .keys()
        .filter(|name| *name != here)
        .map(String::as_str)
        .collect();
    (!others.is_empty()).then(|| Elsewhere {
        seen: format!(
            "environment {environment} belongs to tenant {here}, and the estate has other tenants ({})",
            others.join(", ")
        ),
        fix: format!(
            "Compare client id {client_id} with the overview page of the app registration (Entra admin centre > App \
             registrations). If `{}` belongs to tenant {}, point it at an environment of that tenant; one deleted in \
             the last 30 days can be restored under Deleted applications.",
            case.name(),
            others.join(" or ")
        ),
        commands: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn graph_and_entra_each_can_tell() {
        assert_pass::<RegistrationMissing>(|_| {});
        assert_fail::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = gap();
            refuse_token(snapshot, "AADSTS700016");
        });
        assert_fail::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = known(Presence::Absent);
            lose_tokens(snapshot);
        });
        assert_unknown::<RegistrationMissing>(|snapshot| {
            raia(snapshot).application = gap();
            lose_tokens(snapshot);
        });
    }

    #[test]
    fn what_has_none_here_misses_none() {
        for (kind, passes) in [
            (PrincipalKind::ManagedIdentity, true),
            (PrincipalKind::Legacy, true),
            (PrincipalKind::Foreign, true),
            (PrincipalKind::Own, false),
        ] {
            let outcome = judge_raia::<RegistrationMissing>(|snapshot| {
                raia(snapshot).application = known(Presence::Absent);
                principal(snapshot).kind = known(kind);
                lose_tokens(snapshot);
            });
            assert_eq!(matches!(outcome, Outcome::Pass), passes, "{outcome:?}");
        }
    }
}
