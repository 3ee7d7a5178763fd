//! Microsoft's own services that environments are told to let in, by client id.
//!
//! Source: Power Platform admin guide "Control which apps are allowed in your environment", the list of
//! commonly used apps to allow, edition of 23 September 2024, read November 2026; without those that the
//! other lists name.

pub(crate) const APPS: &[(&str, &str)] = &[
    (
        "07ce06e6-4ae9-4466-bca4-2984fa04d057",
        "Microsoft Dynamics File Storage",
    ),
    (
        "3570e63c-5acf-4f3f-9f15-a49faa5120d3",
        "PowerAppsCustomerManagementPlaneBackend",
    ),
    (
        "4ade18ba-d41e-45d6-a563-97c67fc0be15",
        "Microsoft Dynamics NRD Service",
    ),
    ("5bdbebb2-509f-458e-b56e-d0b934dfdafa", "DynamicsInstaller"),
    (
        "61d02d70-ab6c-4569-be48-787ea2cda65d",
        "Dynamics 365 Analytics",
    ),
    ("730d33da-0894-409f-a907-c577151719c5", "Flow-RP"),
    ("84e37c07-7362-4d9f-b4b1-09be02be0195", "DAMS PROD CL"),
    (
        "8d605dfc-1a04-4da6-9be2-8426724af3f3",
        "Power Platform Authorization Service PROD",
    ),
    (
        "99ff962b-6252-4b98-8478-0c65a3ea1925",
        "InsightsAppsPlatform",
    ),
    (
        "b5faaec4-04c9-45e6-990a-093ed6d02c94",
        "Dynamic 365 Sales Insights Connector for Power Automate",
    ),
    (
        "b6fb6bd6-f0fb-4a60-beb1-4e50afd0eaa9",
        "PowerAppsDataPlaneBackend",
    ),
    (
        "be5f0473-6b57-40f8-b0a9-b3054b41b99e",
        "IBuilder_StructuredML_Prod_CDS",
    ),
    (
        "c6a9976b-9beb-43b8-9aea-52a55ba8e39b",
        "Flow-CDSNativeConnectorGermany",
    ),
    (
        "ef32e2a3-262a-44e5-a270-4dfb7b6d0bb2",
        "AiBuilder PAIO-CDS Prod",
    ),
];
