//! The public collections of every environment, with the names that go with each.

use crate::sim::scenario::Finops;

/// A public collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Collection {
    /// `CustomersV3`: the name under `/data`, case and all.
    pub set: String,
    /// `CustomerV3`: the public entity's name.
    pub entity: String,
    /// The entity's name inside the product.
    pub inner: String,
    pub keys: Vec<String>,
    pub fields: Vec<String>,
}

/// Set, entity, inner name, keys, other fields.
type Standard = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const STANDARD: &[Standard] = &[
    (
        "CustomersV3",
        "CustomerV3",
        "CustCustomerV3Entity",
        &["dataAreaId", "CustomerAccount"],
        &["OrganizationName", "CustomerGroupId", "PrimaryContactEmail"],
    ),
    (
        "LedgerJournalHeaders",
        "LedgerJournalHeader",
        "LedgerJournalHeaderEntity",
        &["dataAreaId", "JournalBatchNumber"],
        &["JournalName", "Description"],
    ),
    (
        "LedgerJournalLines",
        "LedgerJournalLine",
        "LedgerJournalLineEntity",
        &["dataAreaId", "JournalBatchNumber", "LineNumber"],
        &["AccountDisplayValue", "Text"],
    ),
    (
        "PurchaseOrderHeadersV2",
        "PurchaseOrderHeaderV2",
        "PurchPurchaseOrderHeaderV2Entity",
        &["dataAreaId", "PurchaseOrderNumber"],
        &["PurchaseOrderName", "OrderVendorAccountNumber"],
    ),
    (
        "ReleasedProductsV2",
        "ReleasedProductV2",
        "EcoResReleasedProductV2Entity",
        &["dataAreaId", "ItemNumber"],
        &["ProductNumber", "SearchName"],
    ),
    (
        "SalesOrderHeadersV2",
        "SalesOrderHeaderV2",
        "SalesOrderHeaderV2Entity",
        &["dataAreaId", "SalesOrderNumber"],
        &["SalesOrderName", "OrderingCustomerAccountNumber"],
    ),
    (
        "SecurityUserRoles",
        "SecurityUserRole",
        "SecurityUserRoleEntity",
        &["UserId", "SecurityRoleIdentifier"],
        &[
            "SecurityRoleName",
            "AssignmentStatus",
            "AssignmentMode",
            "UserLicenseType",
        ],
    ),
    (
        "SysAADClients",
        "SysAADClient",
        "SysAADClientEntity",
        &["AADClientId"],
        &["Name", "UserId"],
    ),
    (
        "SystemUsers",
        "SystemUser",
        "SystemUserEntity",
        &["UserID"],
        &["UserName", "Alias", "Company", "Enabled", "AccountType"],
    ),
    (
        "VendorsV2",
        "VendorV2",
        "VendVendorV2Entity",
        &["dataAreaId", "VendorAccountNumber"],
        &["VendorOrganizationName", "VendorGroupId"],
    ),
];

/// An entity that exists and is not public: no collection under `/data`.
pub(super) const NOT_PUBLIC: &str = "CustDirectDebitMandateEntity";

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

/// All public collections of an environment, by name.
pub(super) fn all(finops: &Finops) -> Vec<Collection> {
    let standard = STANDARD
        .iter()
        .map(|&(set, entity, inner, keys, fields)| Collection {
            set: set.to_owned(),
            entity: entity.to_owned(),
            inner: inner.to_owned(),
            keys: owned(keys),
            fields: owned(fields),
        });
    let custom = finops.collections.iter().map(|custom| Collection {
        set: custom.name.clone(),
        entity: custom.entity.clone(),
        inner: format!("{}Entity", custom.entity),
        keys: vec!["dataAreaId".to_owned(), custom.key.clone()],
        fields: owned(&["Description"]),
    });
    let mut all: Vec<Collection> = standard.chain(custom).collect();
    all.sort_by(|left, right| left.set.cmp(&right.set));
    all
}

/// By the exact name.
pub(super) fn by_set(finops: &Finops, set: &str) -> Option<Collection> {
    all(finops)
        .into_iter()
        .find(|collection| collection.set == set)
}

/// Whether a scenario may name this collection.
pub(in crate::sim) fn knows(finops: &Finops, set: &str) -> bool {
    by_set(finops, set).is_some()
}
