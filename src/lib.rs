//! credaudit proves that every integration credential of a Dynamics 365 estate still works and can do
//! only what it should.
//!
//! Data flows one way: estate and policy make a plan, `collect` makes a snapshot, `evaluate` judges it,
//! `report` renders the assessment, `deliver` sends it.

pub mod compare;
pub mod facts;
pub mod reference;
pub mod remind;
pub mod where_used;

pub mod app;
pub mod checks;
pub mod cli;
pub mod collect;
pub mod deliver;
pub mod estate;
pub mod evaluate;
pub mod evidence;
pub mod history;
pub mod model;
pub mod policy;
pub mod report;
pub mod sim;
pub mod source;
