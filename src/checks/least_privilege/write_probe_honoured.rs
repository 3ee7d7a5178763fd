//! Did a probe of writing change something?

use crate::checks::prelude::*;

pub(crate) struct WriteProbeHonoured;

impl Check for WriteProbeHonoured {
    const META: CheckMeta = CheckMeta {
        id: "write-probe-honoured",
        title: "The audit's own probe of writing was honoured",
        severity: Severity::Critical,
        family: super::FAMILY,
        rationale: "With --probe-writes the audit sends PATCH with If-Match: * and DELETE to random ids that it first sees not to exist: a server answers 403 or 404 and changes nothing. A 2xx means that something was changed or made by the audit itself. That is an incident of the audit, whatever the privileges are, so it is a finding of its own: no further probe is sent.",
        remediation: "Find out what the call changed (the table's audit history, by the application user and the time of the call), undo it, and do not use --probe-writes there again until it is understood; please report it to the makers of this tool.",
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
                    "no write was probed: that takes --probe-writes, and is never done in production",
                ));
            }
            let answers = probes.iter().map(|probe| {
                match probe.answer.get() {
                    Err(gap) => (String::new(), Err(Stop::from(gap))),
                    Ok(WriteAnswer::Honoured { seen }) => (seen.to_string(), Ok(false)),
                    Ok(WriteAnswer::Refused { .. } | WriteAnswer::NotFound { .. }) => {
                        (String::new(), Ok(true))
                    }
                }
            });
            worst(answers, |honoured| {
                failed(format!(
                    "{}: the server honoured a write to an id that was seen not to exist",
                    listed(&honoured)
                ))
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
