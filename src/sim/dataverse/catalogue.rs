//! The tables every environment has, with the names that go with each.

use crate::sim::scenario::Environment;

/// A table as the Web API names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Table {
    pub name: String,
    pub set: String,
    pub id_field: String,
    pub name_field: String,
    /// What its privileges are called: `Activity` for a phone call.
    privilege: String,
    /// Object type code.
    pub type_code: u32,
}

/// Logical name, set, primary id, primary name, privilege noun, object type code.
type Standard = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u32,
);

const STANDARD: &[Standard] = &[
    ("account", "accounts", "accountid", "name", "Account", 1),
    ("contact", "contacts", "contactid", "fullname", "Contact", 2),
    (
        "opportunity",
        "opportunities",
        "opportunityid",
        "name",
        "Opportunity",
        3,
    ),
    ("lead", "leads", "leadid", "fullname", "Lead", 4),
    (
        "annotation",
        "annotations",
        "annotationid",
        "subject",
        "Note",
        5,
    ),
    (
        "systemuser",
        "systemusers",
        "systemuserid",
        "fullname",
        "User",
        8,
    ),
    ("team", "teams", "teamid", "name", "Team", 9),
    (
        "businessunit",
        "businessunits",
        "businessunitid",
        "name",
        "BusinessUnit",
        10,
    ),
    (
        "incident",
        "incidents",
        "incidentid",
        "title",
        "Incident",
        112,
    ),
    (
        "competitor",
        "competitors",
        "competitorid",
        "name",
        "Competitor",
        123,
    ),
    (
        "pricelevel",
        "pricelevels",
        "pricelevelid",
        "name",
        "PriceLevel",
        1022,
    ),
    (
        "organization",
        "organizations",
        "organizationid",
        "name",
        "Organization",
        1019,
    ),
    ("product", "products", "productid", "name", "Product", 1024),
    ("role", "roles", "roleid", "name", "Role", 1036),
    ("quote", "quotes", "quoteid", "name", "Quote", 1084),
    (
        "salesorder",
        "salesorders",
        "salesorderid",
        "name",
        "Order",
        1088,
    ),
    ("invoice", "invoices", "invoiceid", "name", "Invoice", 1090),
    ("queue", "queues", "queueid", "name", "Queue", 2020),
    (
        "activitypointer",
        "activitypointers",
        "activityid",
        "subject",
        "Activity",
        4200,
    ),
    (
        "appointment",
        "appointments",
        "activityid",
        "subject",
        "Activity",
        4201,
    ),
    ("email", "emails", "activityid", "subject", "Activity", 4202),
    (
        "phonecall",
        "phonecalls",
        "activityid",
        "subject",
        "Activity",
        4210,
    ),
    ("task", "tasks", "activityid", "subject", "Activity", 4212),
    ("list", "lists", "listid", "listname", "List", 4300),
    (
        "campaign",
        "campaigns",
        "campaignid",
        "name",
        "Campaign",
        4400,
    ),
    (
        "transactioncurrency",
        "transactioncurrencies",
        "transactioncurrencyid",
        "currencyname",
        "TransactionCurrency",
        9105,
    ),
    (
        "knowledgearticle",
        "knowledgearticles",
        "knowledgearticleid",
        "title",
        "KnowledgeArticle",
        9953,
    ),
    // Metadata, as far as rights go; its set is EntityDefinitions.
    ("entity", "entities", "entityid", "name", "Entity", 9800),
    // Global choices; their set is GlobalOptionSetDefinitions.
    (
        "optionset",
        "optionsets",
        "optionsetid",
        "name",
        "OptionSet",
        9809,
    ),
];

impl Table {
    fn standard(row: &Standard) -> Self {
        Self {
            name: row.0.to_owned(),
            set: row.1.to_owned(),
            id_field: row.2.to_owned(),
            name_field: row.3.to_owned(),
            privilege: row.4.to_owned(),
            type_code: row.5,
        }
    }

    /// `prvReadContact`; `operation` is `Read`, `Create` ..
    pub fn privilege(&self, operation: &str) -> String {
        format!("prv{operation}{}", self.privilege)
    }

    /// The name shown to people.
    pub fn label(&self) -> String {
        let mut letters = self.name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }
}

/// All tables of an environment, by logical name.
pub(super) fn all(environment: &Environment) -> Vec<Table> {
    let custom = environment
        .tables
        .iter()
        .zip(10_500..)
        .map(|(table, type_code)| Table {
            name: table.name.clone(),
            set: table.set.clone(),
            id_field: format!("{}id", table.name),
            name_field: "cnt_name".to_owned(),
            privilege: table.name.clone(),
            type_code,
        });
    let mut tables: Vec<Table> = STANDARD.iter().map(Table::standard).chain(custom).collect();
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    tables
}

pub(super) fn by_set(environment: &Environment, set: &str) -> Option<Table> {
    all(environment)
        .into_iter()
        .find(|table| table.set == set && !["entity", "optionset"].contains(&&*table.name))
}

pub(super) fn by_name(environment: &Environment, name: &str) -> Option<Table> {
    all(environment)
        .into_iter()
        .find(|table| table.name == name)
}

/// Whether a scenario may name this table.
pub(in crate::sim) fn knows(environment: &Environment, name: &str) -> bool {
    by_name(environment, name).is_some()
}
