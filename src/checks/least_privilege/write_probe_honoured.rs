//! Did a write probe change something?

use crate::checks::prelude::*;

pub(crate) struct WriteProbeHonoured;

impl Check for WriteProbeHonoured {
    const META: CheckMeta = CheckMeta {
        id: "write-probe-honoured",
        title: "A write probe of the audit changed data",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "With --probe-writes the audit sends PATCH with If-Match: * and DELETE to random ids after it has checked that they do not exist: a server answers 403 or 404 and changes nothing. A 2xx means that the audit itself changed or created something. That is an incident caused by the audit, whatever the privileges are, so it is a finding in its own right, and no further probe is sent.",
        remediation: "Find out what the call changed (see the table's audit history in ENVIRONMENT-URL, by application user CLIENT-ID and the time of the call) and undo it. Do not use --probe-writes there again until the cause is known, and please report it to the maintainers of credaudit.",
        controls: controls::LEAST_PRIVILEGE,
        evidence: &["Dataverse probes of writing"],
        explains: &["evidence-disagrees"],
    };

    type Params = NoParams;

    fn judge(_: &NoParams, context: &Context<'_>) -> Vec<Verdict> {
        context.each(|case| {
            let probes = &case.dataverse()?.write_probes;
            if probes.is_empty() {
                return Err(not_applicable(
                    "no write was probed: this requires --probe-writes, and is never done in production",
                ));
            }
            let answers = probes.iter().map(|probe| {
                match probe.answer.get() {
                    Err(gap) => (None, Err(Stop::from(gap))),
                    Ok(WriteAnswer::Honoured { seen }) => (Some((probe, seen.to_string())), Ok(false)),
                    Ok(WriteAnswer::Refused { .. } | WriteAnswer::NotFound { .. }) => (None, Ok(true)),
                }
            });
            worst(answers, |honoured| {
                let (probes, calls): (Vec<&WriteProbe>, Vec<String>) =
                    honoured.into_iter().flatten().unzip();
                let tables: BTreeSet<&str> = probes.iter().map(|one| one.table.as_str()).collect();
                let tables: Vec<&str> = tables.into_iter().collect();
                failed(format!(
                    "{}: the server accepted a write to an id that did not exist before",
                    listed(&calls)
                ))
                .what(format!(": a write probe changed data in {}", listed(&tables)))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::*;

    #[test]
    fn only_a_2xx_is_an_incident() {
        assert_not_applicable::<WriteProbeHonoured>(|_| {});
        for (status, code) in [(404, None), (403, Some("0x80040220"))] {
            assert_pass::<WriteProbeHonoured>(|snapshot| {
                probe(snapshot, Operation::Write, "account", status, code);
            });
        }
        assert_fail::<WriteProbeHonoured>(|snapshot| {
            probe(
                snapshot,
                Operation::Write,
                "account",
                403,
                Some("0x80040220"),
            );
            probe(snapshot, Operation::Delete, "account", 204, None);
            dataverse(snapshot).write_probes[0].answer = gap();
        });
        assert_unknown::<WriteProbeHonoured>(|snapshot| {
            probe(snapshot, Operation::Write, "account", 404, None);
            dataverse(snapshot).write_probes[0].answer = gap();
        });
    }
}
