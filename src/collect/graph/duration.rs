//! ISO 8601 durations, as Graph writes how long a credential may live.

/// In days, a part of a day counted as one: a limit is never told shorter than it is. A month is 30 days
/// and a year 365. `None` where the text is no duration.
pub(super) fn days(text: &str) -> Option<u32> {
    const DAY: u64 = 86_400;
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let date = seconds(
        date,
        &[
            ('Y', 365 * DAY),
            ('M', 30 * DAY),
            ('W', 7 * DAY),
            ('D', DAY),
        ],
    )?;
    let time = seconds(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    u32::try_from(date.checked_add(time)?.div_ceil(DAY)).ok()
}

/// Whole numbers with their units, each unit once and in order. The last may have a fraction of a
/// second, which counts as one.
fn seconds(mut text: &str, units: &[(char, u64)]) -> Option<u64> {
    let mut total = 0_u64;
    let mut left = units.iter();
    while !text.is_empty() {
        let at = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, rest) = text.split_at(at);
        let letter = rest.chars().next()?;
        let (_, worth) = left.find(|(unit, _)| *unit == letter)?;
        let number: u64 = match number.split_once('.') {
            Some((whole, part)) if letter == 'S' && digits(whole) && digits(part) => {
                whole.parse::<u64>().ok()?.checked_add(1)?
            }
            Some(_) => return None,
            None => number.parse().ok()?,
        };
        total = total.checked_add(number.checked_mul(*worth)?)?;
        text = rest.get(1..)?;
    }
    Some(total)
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::days;

    #[test]
    fn a_duration_is_told_in_days_and_never_shorter_than_it_is() {
        for (text, expected) in [
            ("P180D", 180),
            ("P6M", 180),
            ("P1Y", 365),
            ("P1Y2M3D", 428),
            ("P2W", 14),
            ("P4DT12H30M5S", 5),
            ("PT24H", 1),
            ("PT1S", 1),
            ("P0D", 0),
            ("P89DT23H59M59.9999999S", 90),
        ] {
            assert_eq!(days(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_has_no_days() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1DT",
            "PD",
            "P-1D",
            "P1.5D",
            "P1D2Y",
            "P1D1D",
            "p1d",
            "P1H",
            "PT1D",
            "180",
            "P1D ",
            "P9999999999999999999Y",
            "P99999999999D",
            "PT1.S",
            "P1Ü",
        ] {
            assert_eq!(days(text), None, "{text}");
        }
    }
}
