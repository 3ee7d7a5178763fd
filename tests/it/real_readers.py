"""Reads the machine formats of one assessment with other people's libraries. Argument: the folder."""

import csv
import json
import pathlib
import subprocess
import sys

import icalendar
import junitparser
from sarif import loader

folder = pathlib.Path(sys.argv[1])
report = json.loads((folder / "report.json").read_text("utf-8"))
coverage = report["coverage"]
consequences = sum(len(finding["consequences"]) for finding in report["findings"])


def same(what, seen, wanted):
    assert seen == wanted, f"{what}: {seen!r} instead of {wanted!r}"
    print(what, seen)


# iCalendar: every event has its own name, a moment, and an alarm at each of the policy's days.
calendar = icalendar.Calendar.from_ical((folder / "credentials.ics").read_bytes())
events = list(calendar.walk("VEVENT"))
names = [str(event["UID"]) for event in events]
same("event names", len(set(names)), len(names))
alarms = len({*report["bands"], 1, 0})
# In use is what was proven to be in the vault, and nothing else.
known = [
    view
    for view in report["registrations"]
    if view["credential_end"]["kind"] == "on"
    and any(one["stored"] == "proven" and one["end"] == view["credential_end"] for one in view["credentials"])
]
in_use = [event for event in events if "in use" in str(event["CATEGORIES"].to_ical())]
same("events of credentials in use", len(in_use), len(known))
for event in events:
    same_day = event["DTSTART"].dt
    assert same_day.tzinfo is not None, event
    triggers = [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    assert len(triggers) == alarms and all(before.total_seconds() <= 0 for before in triggers), triggers
    assert set(event.keys()) == {
        "CATEGORIES", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "SEQUENCE", "SUMMARY", "TRANSP", "UID",
    }, event.keys()
assert not calendar.errors and not any(event.errors for event in events)

# JUnit.
suites = junitparser.JUnitXml.fromfile(str(folder / "junit.xml"))
same("failures", suites.failures, len(report["findings"]) + consequences)
same("errors", suites.errors, len(report["unknowns"]) + coverage["behind_a_fail"])
cases = [case for suite in suites for case in suite]
same("cases", len(cases), coverage["asked"] - coverage["not_applicable"])
passed = [case for case in cases if case.is_passed]
same("passed", len(passed), coverage["passed"])

# SARIF, as sarif-tools counts it and as its command prints it.
counted = loader.load_sarif_file(str(folder / "report.sarif")).get_report()
words = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
findings = report["findings"] + [waived["finding"] for waived in report["waived"]]
summary = subprocess.run(
    [sys.executable, "-m", "sarif", "summary", str(folder / "report.sarif")],
    capture_output=True, text=True, check=True,
).stdout
for level in ("error", "warning", "note"):
    wanted = sum(1 for finding in findings if words[finding["severity"]] == level)
    if level == "note":
        wanted += sum(len(finding["consequences"]) for finding in findings)
    same(f"SARIF {level}", counted.get_issue_count_for_severity(level), wanted)
    assert f"{level}: {wanted}" in summary, summary
open_questions = len(report["unknowns"]) + coverage["behind_a_fail"]
same("SARIF none", counted.get_issue_count_for_severity("none"), open_questions)

# CSV.
for name, least in (("credentials.csv", len(report["registrations"])), ("findings.csv", len(findings))):
    with open(folder / name, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    assert len(rows) >= least, name
    for row in rows:
        assert None not in row and None not in row.values(), row
        for column, cell in row.items():
            assert column == "days_left" or not cell.startswith(("=", "+", "-", "@")), row
same("rows of findings", sum(1 for row in rows if row["outcome"] == "failed"), len(report["findings"]))

# Prometheus: promtool ends with 3 and says why where a name or a unit is not as it should be.
with open(folder / "credaudit.prom", encoding="utf-8") as file:
    checked = subprocess.run(["promtool", "check", "metrics"], stdin=file, capture_output=True, text=True)
same("promtool", (checked.returncode, checked.stdout + checked.stderr), (0, ""))

print("all done")
