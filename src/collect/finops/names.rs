//! Names of collections: what a name that does not exist was probably meant to be.

/// Names that articles and samples use, and the public collection that holds the thing meant.
const MISNOMERS: &[(&str, &[&str])] = &[
    ("CustCustomers", &["CustomersV3"]),
    ("CustTables", &["CustomersV3"]),
    ("Customers", &["CustomersV3"]),
    ("InventItems", &["ReleasedProductsV2"]),
    ("InventTables", &["ReleasedProductsV2"]),
    (
        "LedgerJournalTables",
        &["LedgerJournalHeaders", "LedgerJournalLines"],
    ),
    ("LedgerJournalTrans", &["LedgerJournalLines"]),
    ("PurchaseOrderHeaders", &["PurchaseOrderHeadersV2"]),
    ("PurchTables", &["PurchaseOrderHeadersV2"]),
    ("ReleasedProducts", &["ReleasedProductsV2"]),
    ("SalesOrderHeaders", &["SalesOrderHeadersV2"]),
    ("SalesTables", &["SalesOrderHeadersV2"]),
    ("VendTables", &["VendorsV2"]),
    ("VendVendors", &["VendorsV2"]),
    ("Vendors", &["VendorsV2"]),
];

/// Suggestions at most.
const MOST: usize = 3;

/// How alike two names must be to be taken for one another.
const ALIKE: f64 = 0.75;

/// The names that were probably meant, the likeliest first. `listed` are the environment's own, where
/// they could be read: then nothing is suggested that is not among them.
pub(crate) fn nearest(collection: &str, listed: Option<&[String]>) -> Vec<String> {
    let known = MISNOMERS
        .iter()
        .filter(|(wrong, _)| wrong.eq_ignore_ascii_case(collection))
        .flat_map(|(_, right)| right.iter())
        .map(|name| (*name).to_owned());
    let Some(listed) = listed else {
        return known.collect();
    };
    let mut found: Vec<String> = listed
        .iter()
        .filter(|name| name.eq_ignore_ascii_case(collection))
        .cloned()
        .collect();
    found.extend(known.filter(|name| listed.contains(name)));
    if found.is_empty() {
        let wanted = collection.to_ascii_lowercase();
        let mut alike: Vec<(f64, &String)> = listed
            .iter()
            .map(|name| {
                let name_lower = name.to_ascii_lowercase();
                (
                    strsim::normalized_damerau_levenshtein(&wanted, &name_lower),
                    name,
                )
            })
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .collect();
        alike.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
        found.extend(alike.into_iter().map(|(_, name)| name.clone()));
    }
    found.truncate(MOST);
    found
}

/// What the entity behind a collection may be called: metadata is asked by that name where it takes no
/// filter, and its answer says whether the guess was right.
pub(crate) fn singulars(collection: &str) -> Vec<String> {
    let digits = collection.len()
        - collection
            .trim_end_matches(|last: char| last.is_ascii_digit())
            .len();
    let (stem, version) = match collection.split_at(collection.len() - digits) {
        (stem, number) if digits > 0 && stem.ends_with('V') => {
            (&stem[..stem.len() - 1], format!("V{number}"))
        }
        _ => (collection, String::new()),
    };
    let mut names = Vec::new();
    if let Some(stem) = stem.strip_suffix("ies") {
        names.push(format!("{stem}y{version}"));
    }
    if let Some(stem) = stem.strip_suffix('s') {
        names.push(format!("{stem}{version}"));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn names_of_articles_lead_to_the_public_ones() {
        assert_eq!(nearest("VendVendors", None), ["VendorsV2"]);
        assert_eq!(nearest("InventItems", None), ["ReleasedProductsV2"]);
        assert_eq!(
            nearest("LedgerJournalTables", None),
            ["LedgerJournalHeaders", "LedgerJournalLines"]
        );
        assert_eq!(nearest("NothingLikeIt", None), [] as [&str; 0]);
    }

    #[test]
    fn what_the_environment_does_not_list_is_not_suggested() {
        let list = listed(&["CustomersV3", "CustomerGroups", "VendorsV3"]);
        assert_eq!(nearest("customersv3", Some(&list)), ["CustomersV3"]);
        assert_eq!(nearest("VendVendors", Some(&list)), [] as [&str; 0]);
        assert_eq!(nearest("VendorV3", Some(&list)), ["VendorsV3"]);
        assert_eq!(nearest("Customers", Some(&list)), ["CustomersV3"]);
    }

    #[test]
    fn an_entity_is_called_in_the_singular() {
        assert_eq!(singulars("CustomersV3"), ["CustomerV3"]);
        assert_eq!(singulars("LegalEntities"), ["LegalEntity", "LegalEntitie"]);
        assert_eq!(singulars("SysAADClients"), ["SysAADClient"]);
        assert_eq!(singulars("Staff"), [] as [&str; 0]);
    }
}
