//! `credaudit man`: pages made from the command line's own description.

use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use super::CLEAN;
use super::shared::{Failure, Screen};
use super::sim::make;
use crate::cli::{Cli, ManPages};
use crate::deliver;

/// One page to standard output, or a page for every command into a directory.
pub(super) fn run(command: &ManPages, screen: &Screen) -> Result<u8, Failure> {
    let mut root = Cli::command();
    root.build();
    let Some(dir) = &command.dir else {
        screen.print(&page(root)?)?;
        return Ok(CLEAN);
    };
    make(dir)?;
    for sub in root.get_subcommands() {
        write(dir, &format!("credaudit-{}", sub.get_name()), sub.clone())?;
    }
    write(dir, "credaudit", root)?;
    screen.note(&format!("wrote the pages into {}", dir.display()));
    Ok(CLEAN)
}

fn write(dir: &Path, name: &str, command: clap::Command) -> Result<(), Failure> {
    let bytes = page(command.name(name.to_owned()))?;
    Ok(deliver::write(&dir.join(format!("{name}.1")), &bytes)?)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    Man::new(command)
        .render(&mut bytes)
        .map_err(|error| Failure::Tool(format!("could not make the page: {error}")))?;
    Ok(bytes)
}
