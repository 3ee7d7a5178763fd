//! credaudit proves that every integration credential of a Dynamics 365 estate still works and can do
//! only what it should.
//!
//! Data flows one way: estate and policy make a plan, `collect` makes a snapshot, `evaluate` judges it,
//! `report` renders the assessment, `deliver` sends it.
//!
//! This library is no API: it exists so that the binary and the tests share one build. What is stable is
//! the command line, its exit codes and the files (see the change log).

#![cfg_attr(
    test,
    expect(
        clippy::too_many_lines,
        reason = "a test is one story, read from its top to its end"
    )
)]

mod app;
mod checks;
mod cli;
mod collect;
mod compare;
mod deliver;
mod discover;
mod estate;
mod evaluate;
mod evidence;
mod facts;
mod history;
mod model;
mod policy;
mod reference;
mod remind;
mod report;
mod sim;
mod source;
mod where_used;

/// What the binary, `tests/it` and `benches` take from the rooms; nothing else may count on it.
#[doc(hidden)]
pub mod inside {
    pub use crate::checks::ALL as CHECKS;
    pub use crate::cli::Cli;
    pub use crate::collect::{
        AuditorVariables, Options, REPORT_SPAN, Silent, Trust, collect, mail_token,
    };
    pub use crate::deliver::{
        Attachment, DeliverError, GraphMailbox, MailServer, Outgoing, OwnServer, Sent, SignIn, Tls,
        eml, send, send_by_graph,
    };
    pub use crate::estate::{Estate, Production, load::parse as parse_estate};
    pub use crate::evaluate::{assess, audience, plan};
    pub use crate::evidence::{
        CollectionAnswer, FinopsClient, ForeignAnswer, Snapshot, WriteAnswer,
    };
    pub use crate::history::Store;
    pub use crate::model::assessment::{
        CellState, CredentialEnd, Finding, GapItem, GrantItem, PrivilegeCell, RegistrationView,
        RotationState, RungState, StoredMatch,
    };
    pub use crate::model::{
        Assessment, Family, GapKind, IsolationProbe, Observed, Operation, Service, Severity, Tier,
    };
    pub use crate::policy::{BUILT_IN as POLICIES, baseline, load::parse as parse_policy};
    pub use crate::reference::cloud::Cloud;
    pub use crate::sim::{
        BUSINESS_CANARY, LoggedRequest, SECRET_CANARY, Scenario, Sim, SimOptions, overlay,
    };
    pub use crate::source::SourceFile;

    /// Running a command, and what it ends with.
    pub mod app {
        pub use crate::app::{CLEAN, FINDINGS, INCOMPLETE, TOOL_FAILED, USAGE, run};
    }

    /// The formats of a report.
    pub mod report {
        pub use crate::report::{Format, TableOptions, html, mail, render, table};
    }
}
