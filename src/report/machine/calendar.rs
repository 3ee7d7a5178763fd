//! The ends of credentials as a calendar (iCalendar, RFC 5545), with alarms at the policy's bands.
//!
//! Which event is the same one in the next file? A UID made of the credential's key id would name a thing
//! that never moves: Entra gives a renewed credential a new id, so an importing calendar would keep the
//! old event with its alarms and put a new one beside it. A UID therefore names a **place**, not a key:
//!
//! - the credential in use of a registration: its environment and name in the estate, which stay the same
//!   when client id, key and vault cannot be read today. Renewal moves this event to the new end;
//! - each other credential of a registration: the same and its number by end. A successor that is not
//!   stored yet is the second; once it is stored, the first event moves to its end and the second to that
//!   of the old one. So no end is in the calendar twice.
//!
//! A credential has one event. What has none, since its end is not known or not set, is told in the description
//! of the calendar (`X-WR-CALDESC`).
//!
//! What a file cannot do is take an event back: that of a removed credential stays until its place is
//! used again. A calendar that subscribes to the file (instead of importing it) drops it by itself.
//!
//! `DTSTAMP` is the time of the run and `SEQUENCE` counts its minutes, so a later file wins over an earlier
//! one, whichever is imported last.

mod events;

use crate::model::plural::count;
use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property};

use crate::model::Assessment;

use crate::report::printable::clean;
use events::{Ending, endings, without};

/// iCalendar text; lines end with CR LF and are folded at 75 octets.
pub(crate) fn calendar(assessment: &Assessment) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//credaudit//credaudit//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("X-WR-CALNAME", "Credentials of integrations"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    if let Some(without) = without(assessment) {
        calendar.append_property(Property::new("X-WR-CALDESC", without));
    }
    for ending in endings(assessment) {
        calendar.push(event(assessment, &ending));
    }
    mended(&calendar.to_string())
}

fn event(assessment: &Assessment, ending: &Ending<'_>) -> Event {
    let run = &assessment.run;
    let mut event = Event::with_uid(&ending.uid);
    event
        .timestamp(run.collected)
        .sequence(u32::try_from(run.collected.timestamp().div_euclid(60)).unwrap_or_default())
        .starts(ending.end)
        .ends(ending.end)
        .summary(&ending.summary)
        .description(&ending.description)
        .add_property("TRANSP", "TRANSPARENT")
        .add_property("CATEGORIES", if ending.in_use { "in use" } else { "other" });
    for days in alarms(&assessment.bands) {
        let (left, trigger) = match days {
            0 => ("now".to_owned(), "PT0S".to_owned()),
            days => (
                format!("in {}", count(days as usize, "day")),
                format!("-P{days}D"),
            ),
        };
        let text = format!("{}: {left}", ending.summary);
        let mut alarm = Alarm::display(&text, chrono::Duration::zero());
        // The library would write a day as its seconds.
        alarm.add_property("TRIGGER", trigger);
        alarm.uid(&format!("{days}-{}", ending.uid));
        event.alarm(alarm);
    }
    event
}

/// The policy's bands, and always the day before and the end itself.
fn alarms(bands: &[u32]) -> Vec<u32> {
    let mut days: Vec<u32> = bands.iter().copied().chain([1, 0]).collect();
    days.sort_unstable_by(|left, right| right.cmp(left));
    days.dedup();
    days
}

/// Two things that the library does otherwise: an alarm has no stamp (RFC 5545, 3.6.6; and the library's
/// is the present time, where the same assessment has to give the same bytes), and a folded line has at
/// most 75 octets with the space it begins with.
fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut in_alarm = false;
    for line in text.replace("\r\n ", "").split_terminator("\r\n") {
        match line {
            "BEGIN:VALARM" => in_alarm = true,
            "END:VALARM" => in_alarm = false,
            line if in_alarm && line.starts_with("DTSTAMP:") => continue,
            _ => {}
        }
        fold(line, &mut mended);
    }
    mended
}

/// Never within a character.
fn fold(line: &str, folded: &mut String) {
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > 75 {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(letter);
        octets += letter.len_utf8();
    }
    folded.push_str("\r\n");
}

/// One line of foreign text.
fn line(text: &str) -> String {
    clean(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// The lines with their folds taken back.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "")
            .lines()
            .map(str::to_owned)
            .collect()
    }

    fn uids(text: &str) -> Vec<String> {
        let mut inside = false;
        let mut uids = Vec::new();
        for line in unfolded(text) {
            match line.as_str() {
                "BEGIN:VALARM" => inside = true,
                "END:VALARM" => inside = false,
                line if !inside && line.starts_with("UID:") => uids.push(line.to_owned()),
                _ => {}
            }
        }
        uids
    }

    #[test]
    fn lines_are_folded_and_ended_as_the_format_wants() {
        let text = calendar(&fixture::rich());
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{line}");
            assert!(!line.contains(['\n', '\r']), "{line:?}");
        }
    }

    #[test]
    fn every_known_end_has_an_event_with_alarms_at_the_bands() {
        let text = calendar(&fixture::rich());
        // Three registrations with a known end in use; the fourth credential has no end.
        assert_eq!(uids(&text).len(), 2, "{text}");
        for trigger in ["-P60D", "-P30D", "-P14D", "-P7D", "-P1D"] {
            let trigger = format!("TRIGGER:{trigger}");
            assert!(text.contains(&trigger), "{trigger} in {text}");
        }
        assert_eq!(text.matches("BEGIN:VALARM").count(), 2 * 6);
        assert_eq!(text.matches("DTSTAMP:").count(), 2);
    }

    #[test]
    fn renewal_moves_the_event_and_a_later_run_wins() {
        let mut assessment = fixture::rich();
        let before = calendar(&assessment);
        let end = "2028-05-01T00:00:00Z".parse().expect("a literal date");
        for view in &mut assessment.registrations {
            for credential in &mut view.credentials {
                credential.key_id = format!("renewed-{}", credential.key_id);
                credential.ends = crate::model::assessment::CredentialEnd::On {
                    end,
                    days_left: 500,
                };
            }
            if matches!(
                view.ends,
                crate::model::assessment::CredentialEnd::On { .. }
            ) {
                view.ends = view.credentials[0].ends.clone();
            }
        }
        assessment.run.collected += chrono::Duration::days(1);
        let after = calendar(&assessment);
        assert_eq!(uids(&before)[0], uids(&after)[0]);
        assert!(after.contains("DTSTART:20280501T000000Z"), "{after}");
        let sequence = |text: &str| -> u32 {
            let line = unfolded(text)
                .into_iter()
                .find(|line| line.starts_with("SEQUENCE:"));
            line.and_then(|line| line["SEQUENCE:".len()..].parse().ok())
                .expect("a number")
        };
        assert_eq!(sequence(&after), sequence(&before) + 24 * 60);
    }

    #[test]
    fn a_name_adds_no_line() {
        let text = calendar(&fixture::rich());
        assert!(
            !unfolded(&text)
                .iter()
                .any(|line| line.starts_with("X-Injected"))
        );
    }

    #[test]
    fn an_end_that_is_not_known_is_said_and_has_no_event() {
        let text = unfolded(&calendar(&fixture::rich()));
        let about = text
            .iter()
            .find(|line| line.starts_with("X-WR-CALDESC:"))
            .expect("a description");
        assert!(about.contains("Expiry unknown for 5b7a2f0e"), "{about}");
        assert!(about.contains("could not be read"), "{about}");
        assert!(about.contains("Not set to expire: "), "{about}");
        assert!(!about.contains("\\\\\\;"), "escaped once: {about}");
        assert!(
            !text
                .iter()
                .any(|line| line.starts_with("SUMMARY") && line.contains("日本語"))
        );
    }
}
