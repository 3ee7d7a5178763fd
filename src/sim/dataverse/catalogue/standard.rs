//! The tables that come with every environment, as the table reference describes them.

use super::Ownership::{self, Business, Organization, User};

/// What can be done with the rows of a table that users own.
pub(super) const ALL: &[&str] = &[
    "Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo",
];

/// With rows that belong to nobody in particular: there is nothing to assign or share.
pub(super) const SHARED_BY_ALL: &[&str] =
    &["Create", "Read", "Write", "Delete", "Append", "AppendTo"];

/// With metadata.
const ROWS: &[&str] = &["Create", "Read", "Write", "Delete"];

/// One table: logical name, set, primary id, primary name, privilege noun, object type code, who owns its
/// rows, and what privileges it has.
pub(super) type Standard = ([&'static str; 5], u32, Ownership, &'static [&'static str]);

pub(super) const STANDARD: &[Standard] = &[
    (
        ["account", "accounts", "accountid", "name", "Account"],
        1,
        User,
        ALL,
    ),
    (
        ["contact", "contacts", "contactid", "fullname", "Contact"],
        2,
        User,
        ALL,
    ),
    (
        [
            "opportunity",
            "opportunities",
            "opportunityid",
            "name",
            "Opportunity",
        ],
        3,
        User,
        ALL,
    ),
    (
        ["lead", "leads", "leadid", "fullname", "Lead"],
        4,
        User,
        ALL,
    ),
    (
        [
            "annotation",
            "annotations",
            "annotationid",
            "subject",
            "Note",
        ],
        5,
        User,
        ALL,
    ),
    (
        [
            "systemuser",
            "systemusers",
            "systemuserid",
            "fullname",
            "User",
        ],
        8,
        Business,
        &["Create", "Read", "Write", "Append", "AppendTo"],
    ),
    (
        ["team", "teams", "teamid", "name", "Team"],
        9,
        Business,
        SHARED_BY_ALL,
    ),
    (
        [
            "businessunit",
            "businessunits",
            "businessunitid",
            "name",
            "BusinessUnit",
        ],
        10,
        Business,
        SHARED_BY_ALL,
    ),
    (
        ["incident", "incidents", "incidentid", "title", "Incident"],
        112,
        User,
        ALL,
    ),
    (
        [
            "competitor",
            "competitors",
            "competitorid",
            "name",
            "Competitor",
        ],
        123,
        Organization,
        SHARED_BY_ALL,
    ),
    (
        [
            "pricelevel",
            "pricelevels",
            "pricelevelid",
            "name",
            "PriceLevel",
        ],
        1022,
        Organization,
        SHARED_BY_ALL,
    ),
    (
        [
            "organization",
            "organizations",
            "organizationid",
            "name",
            "Organization",
        ],
        1019,
        Organization,
        &["Read", "Write"],
    ),
    (
        ["product", "products", "productid", "name", "Product"],
        1024,
        Organization,
        SHARED_BY_ALL,
    ),
    (
        ["role", "roles", "roleid", "name", "Role"],
        1036,
        Business,
        &["Create", "Read", "Write", "Delete", "Assign"],
    ),
    (
        ["quote", "quotes", "quoteid", "name", "Quote"],
        1084,
        User,
        ALL,
    ),
    (
        ["salesorder", "salesorders", "salesorderid", "name", "Order"],
        1088,
        User,
        ALL,
    ),
    (
        ["invoice", "invoices", "invoiceid", "name", "Invoice"],
        1090,
        User,
        ALL,
    ),
    (
        ["queue", "queues", "queueid", "name", "Queue"],
        2020,
        User,
        ALL,
    ),
    (
        [
            "activitypointer",
            "activitypointers",
            "activityid",
            "subject",
            "Activity",
        ],
        4200,
        User,
        ALL,
    ),
    (
        [
            "appointment",
            "appointments",
            "activityid",
            "subject",
            "Activity",
        ],
        4201,
        User,
        ALL,
    ),
    (
        ["email", "emails", "activityid", "subject", "Activity"],
        4202,
        User,
        ALL,
    ),
    (
        [
            "phonecall",
            "phonecalls",
            "activityid",
            "subject",
            "Activity",
        ],
        4210,
        User,
        ALL,
    ),
    (
        ["task", "tasks", "activityid", "subject", "Activity"],
        4212,
        User,
        ALL,
    ),
    (
        ["list", "lists", "listid", "listname", "List"],
        4300,
        User,
        ALL,
    ),
    (
        ["campaign", "campaigns", "campaignid", "name", "Campaign"],
        4400,
        User,
        ALL,
    ),
    (
        [
            "transactioncurrency",
            "transactioncurrencies",
            "transactioncurrencyid",
            "currencyname",
            "TransactionCurrency",
        ],
        9105,
        Organization,
        SHARED_BY_ALL,
    ),
    (
        [
            "knowledgearticle",
            "knowledgearticles",
            "knowledgearticleid",
            "title",
            "KnowledgeArticle",
        ],
        9953,
        User,
        ALL,
    ),
    // Metadata, as far as rights go; its set is EntityDefinitions.
    (
        ["entity", "entities", "entityid", "name", "Entity"],
        9800,
        Organization,
        ROWS,
    ),
    // Global choices; their set is GlobalOptionSetDefinitions.
    (
        [
            "optionset",
            "optionsets",
            "optionsetid",
            "name",
            "OptionSet",
        ],
        9809,
        Organization,
        ROWS,
    ),
    // Joins two tables: it has no privileges of its own.
    (
        [
            "systemuserroles",
            "systemuserrolescollection",
            "systemuserroleid",
            "systemuserroleid",
            "Role",
        ],
        15,
        Ownership::Nobody,
        &[],
    ),
];
