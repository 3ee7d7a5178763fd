//! `credaudit explain`: one check, or the codes that stand in what was typed or pasted.

use super::CLEAN;
use super::shared::{Failure, Screen};
use super::show::is_registration;
use crate::checks::{ALL, Registered, find};
use crate::cli::Explain;
use crate::reference::codes;
use crate::reference::codes::Code;
use crate::report;
use crate::source::did_you_mean;

pub(super) fn run(command: &Explain, screen: &Screen) -> Result<u8, Failure> {
    let asked = command.id.join(" ");
    let asked = asked.trim();
    if asked.is_empty() {
        screen.print(list().as_bytes())?;
        return Ok(CLEAN);
    }
    let text = if let Some(check) = find(&asked.to_ascii_lowercase()) {
        about_check(check)
    } else {
        let found: Vec<String> = codes::look_up(asked).into_iter().map(about_code).collect();
        if found.is_empty() {
            return Err(Failure::Usage(match is_registration(asked) {
                true => format!("`{asked}` is a registration: see `credaudit show {asked}`"),
                false => unknown(asked),
            }));
        }
        found.join("\n")
    };
    let text = report::wrapped(&text, &screen.table_options());
    screen.print(text.as_bytes())?;
    Ok(CLEAN)
}

/// Says that something is unknown, what was perhaps meant, and where else to look.
fn unknown(asked: &str) -> String {
    // Whatever was pasted, an error stays short.
    let shown: String = asked.chars().take(80).collect();
    let said = format!("`{shown}` is neither a check nor a code that credaudit knows");
    let number = asked
        .get(..6)
        .filter(|start| start.eq_ignore_ascii_case("AADSTS"))
        .and_then(|_| asked.get(6..))
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let near = if number.is_some() || asked.to_ascii_lowercase().starts_with("0x") {
        // All numbers look alike: only one digit apart is a slip.
        codes::all().map(|code| code.code).find(|code| {
            strsim::damerau_levenshtein(&code.to_ascii_lowercase(), &asked.to_ascii_lowercase())
                == 1
        })
    } else {
        let known = ALL.iter().map(|check| check.meta.id);
        did_you_mean(asked, known.chain(codes::all().map(|code| code.code)))
    };
    match (near, number) {
        (Some(near), _) => format!("{said}; did you mean `{near}`?"),
        (None, Some(number)) => format!(
            "{said}; Microsoft's own words on it: https://login.microsoftonline.com/error?code={number}"
        ),
        (None, None) => format!(
            "{said}; `credaudit checks` lists the checks, `credaudit explain` lists the codes, and `credaudit show NAME` is about a registration"
        ),
    }
}

fn about_check(check: &Registered) -> String {
    let meta = check.meta;
    let mut text = format!(
        "{} ({}, {})\n{}.\n\nWhy it matters\n  {}\n\nWhat to do\n  {}\n{}\nWhat it looks at\n  {}\n",
        meta.id,
        meta.severity,
        meta.family,
        meta.title,
        meta.rationale,
        meta.remediation,
        commands(check),
        meta.evidence.join(", ")
    );
    if !meta.explains.is_empty() {
        text.push_str(&format!("\nAlso causes\n  {}\n", meta.explains.join(", ")));
    }
    let causes: Vec<&str> = ALL
        .iter()
        .filter(|other| other.meta.explains.contains(&meta.id))
        .map(|other| other.meta.id)
        .collect();
    if !causes.is_empty() {
        text.push_str(&format!("\nMay be caused by\n  {}\n", causes.join(", ")));
    }
    text.push_str(&format!(
        "\nRelated controls\n  {}\n",
        meta.controls.join("\n  ")
    ));
    text
}

/// The commands of a check, with a word in capitals where a finding has a name.
fn commands(check: &Registered) -> String {
    let fixes = (check.fixes)();
    let lines = fixes
        .iter()
        .filter_map(|fix| Some(format!("  - {}\n    {}\n", fix.say, fix.call.bash()?)));
    lines.collect()
}

fn about_code(code: &Code) -> String {
    format!(
        "{}\n{}.\n\nUsually\n  {}\n\nWhat to do\n  {}\n\nWho can do it\n  {}\n\nHow it is known\n  {}\n",
        code.code,
        sentence_case(code.cause),
        code.step,
        code.fix,
        code.who,
        code.source.words()
    )
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}

/// Every code with its cause, one line each.
fn list() -> String {
    let width = codes::all().map(|code| code.code.len()).max().unwrap_or(0);
    let mut text: String = codes::all()
        .map(|code| format!("{:width$}  {}\n", code.code, code.cause))
        .collect();
    text.push_str("\n`credaudit explain CODE` says what to do about one, `credaudit checks` lists the checks.\n");
    text
}

/// `policies/CODES.md`.
#[cfg(test)]
fn markdown() -> String {
    let mut text = String::from(
        "# The codes\n\nWhat services answer, as `credaudit explain CODE` shows it. Made from the table in the \
         code; a \
         test says when it is stale.\n\n| code | what it means | usually | what to do | who can do it | how it is \
         known |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for code in codes::all() {
        let cells = [
            code.cause,
            code.step,
            code.fix,
            code.who,
            code.source.words(),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        text.push_str(&format!("| `{}` | {} |\n", code.code, cells.join(" | ")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{markdown, unknown};

    #[test]
    fn the_document_of_codes_is_not_stale() {
        crate::app::shared::tests::assert_fresh("CODES.md", &markdown());
    }

    #[test]
    fn an_unknown_code_is_said_to_be_unknown() {
        assert!(unknown("AADSTS7000223").contains("did you mean `AADSTS7000222`?"));
        assert!(unknown("AADSTS165900").contains("error?code=165900"));
        assert!(unknown("forbidenbyrbac").contains("did you mean `ForbiddenByRbac`?"));
        assert!(unknown("credential-expird").contains("did you mean `credential-expired`?"));
        assert!(unknown("zzz").contains("lists the checks"));
        assert!(unknown(&"x".repeat(1_000_000)).len() < 300);
        assert!(unknown("\u{e9}\u{e9}\u{e9}\u{e9}").contains("neither a check"));
    }
}
