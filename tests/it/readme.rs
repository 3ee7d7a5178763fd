//! The README is true: its commands run, its files are accepted, its table is the catalogue's.

use std::path::Path;

use crate::binary::{code, credaudit, path, stderr, stdout};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// The blocks of one language, with the indentation of lists taken off.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for line in readme().lines() {
        let bare = line.trim_start();
        match &mut open {
            None if bare == format!("```{language}") => {
                open = Some((line.len() - bare.len(), String::new()));
            }
            Some((_, text)) if bare == "```" => {
                blocks.push(std::mem::take(text));
                open = None;
            }
            Some((indent, text)) => {
                text.push_str(line.get(*indent..).unwrap_or_default());
                text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

#[test]
fn the_commands_run() {
    let dir = tempfile::tempdir().unwrap();
    let estate = blocks("toml").remove(0);
    std::fs::write(dir.path().join("estate.toml"), estate).unwrap();
    let mut ran = 0;
    for line in blocks("console").iter().flat_map(|block| block.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let arguments = match words.as_slice() {
            ["cargo", "test"] => continue, // this is it
            ["cargo", "run", "--release", "--", rest @ ..] => rest,
            // These talk to a real tenant; that they parse is seen by their asking for what is missing.
            ["credaudit", "audit", ..] => continue,
            ["credaudit", rest @ ..] => rest,
            other => panic!("the README shows a command that no test knows: {other:?}"),
        };
        let output = credaudit(arguments)
            .current_dir(dir.path())
            .output()
            .unwrap();
        // What judges the neglected tenant ends as an audit of it would.
        let wanted = match arguments.first() {
            Some(&"evaluate") => 10,
            _ => 0,
        };
        assert_eq!(code(&output), wanted, "{line}\n{}", stderr(&output));
        ran += 1;
    }
    assert!(ran >= 8, "{ran}");
}

#[test]
fn the_two_commands_of_the_start_are_there() {
    let start = &blocks("console")[0];
    assert_eq!(start, "cargo run --release -- demo\ncargo test\n");
}

#[test]
fn the_files_it_shows_are_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let blocks = blocks("toml");
    let [estate, life, policy, mail, routing] = blocks.as_slice() else {
        panic!("{} TOML blocks", blocks.len());
    };
    let (file, policy_file) = (
        dir.path().join("estate.toml"),
        dir.path().join("policy.toml"),
    );
    // The tables of mails are shown by themselves and belong into the estate, before its lists.
    let whole = estate.replacen("[tenants.", &format!("{mail}\n{routing}\n[tenants."), 1);
    std::fs::write(&policy_file, policy).unwrap();
    for estate in [whole, life.clone()] {
        std::fs::write(&file, estate).unwrap();
        let output = credaudit(&["check-config", "-c", path(&file), "-p", path(&policy_file)])
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
}

#[test]
fn the_table_of_checks_is_the_catalogue() {
    let output = credaudit(&["checks", "--format", "markdown"])
        .output()
        .unwrap();
    let text = stdout(&output);
    let tables = text[text.find("\n## ").unwrap()..].replace("\n## ", "\n### ");
    let (head, rest) = readme()
        .split_once("kept by a test -->\n")
        .map(|(head, rest)| (head.to_owned(), rest.to_owned()))
        .unwrap();
    let (shown, tail) = rest.split_once("<!-- /checks -->").unwrap();
    if std::env::var_os("CREDAUDIT_BLESS").is_some() {
        let whole = format!("{head}kept by a test -->\n{tables}\n<!-- /checks -->{tail}");
        std::fs::write(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"),
            whole,
        )
        .unwrap();
        return;
    }
    assert_eq!(
        shown.trim(),
        tables.trim(),
        "the README's table of checks is stale: run `CREDAUDIT_BLESS=1 cargo test`"
    );
}

#[test]
fn its_exit_codes_are_the_programs() {
    let text = readme();
    for code in [
        credaudit::inside::app::CLEAN,
        credaudit::inside::app::TOOL_FAILED,
        credaudit::inside::app::USAGE,
        credaudit::inside::app::FINDINGS,
        credaudit::inside::app::INCOMPLETE,
    ] {
        assert!(text.contains(&format!("| {code} |")), "{code}");
    }
}
