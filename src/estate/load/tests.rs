//! The estate reader, tried on good and bad files.

use std::sync::Arc;

use crate::source::{SourceFile, render};

use super::parse;

#[test]
fn explore() {
    let text = include_str!("../../../tests/fixtures/estate.example.toml");
    let file = Arc::new(SourceFile {
        name: "estate.toml".to_owned(),
        text: text.to_owned(),
    });
    println!(
        "{}",
        render(&parse(&file).expect_err("problems"), 80, false)
    );
    let text = "version = 1\n[tenants.c]\nid='contoso.com'\n[environments.prod]\ntenant = \"d\"\ntier = \"prod\"\ndataverse = \"http://u:p@x\"\n[[registrations]]\nnamee = \"x\"\n[registrations.dataverse]\nallow = { read = [\"Contact\", \"lead\", \"lead\"] }\n[[registrations]]\nname = \"x\"\n\tenviroment =\t\"prod\"\ncredential = { secret = \"aB3aB3aB3aB3aB3aB3aB3~8\" }\npassword = \"hunter2\"\n";
    let file = Arc::new(SourceFile {
        name: "/a/b/estate.toml".to_owned(),
        text: text.to_owned(),
    });
    println!(
        "{}",
        render(&parse(&file).expect_err("problems"), 80, false)
    );
}
