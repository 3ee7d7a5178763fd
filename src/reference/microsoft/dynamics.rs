//! Microsoft's own services as Power Platform environments know them, by client id.
//!
//! Source: Power Platform documentation "Commonly used Microsoft first-party services and portal apps",
//! edition of 12 December 2024, read November 2026. Left out are the sample application, which everybody may
//! use, the services' own test and development instances, and programs of persons' desktops that have
//! nothing to do with Dynamics.

pub(crate) const APPS: &[(&str, &str)] = &[
    (
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
    ),
    ("00000007-0000-0000-c000-000000000000", "Dataverse"),
    ("00000009-0000-0000-c000-000000000000", "Power BI"),
    (
        "00000015-0000-0000-c000-000000000000",
        "Microsoft Dynamics ERP",
    ),
    (
        "00b41c95-dab0-4487-9791-b9d2c32c80f2",
        "Office 365 Management",
    ),
    (
        "03509b1f-54e9-4557-a555-19a090903b84",
        "CRM Power BI Integration GCC High",
    ),
    (
        "041e4c2d-ba3e-46a1-9347-5bc4054c8af4",
        "Power Automate Desktop GCC",
    ),
    (
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "Microsoft Azure CLI",
    ),
    (
        "04d97d71-f71f-450b-8b44-f638d5d1b5d6",
        "PhysOps.Clients.Worker",
    ),
    ("04f0c124-f2bc-4f59-8241-bf6df9866bbd", "Visual Studio"),
    (
        "065d9450-1e87-434e-ac2f-69af271549ed",
        "PowerPlatformAdminCenter",
    ),
    (
        "08e18876-6177-487e-b8b5-cf950c1e598c",
        "SharePointOnlineWebClientExtensibility",
    ),
    (
        "091c98b0-a1c9-4b02-b62c-7753395ccabe",
        "Dynamics RCS Workload",
    ),
    (
        "0bfc4568-a4ba-4c58-bd3e-5d3e76bd7fff",
        "Dynamics365AICustomerInsights",
    ),
    ("0cb2a3b9-c0b0-4f92-95e2-8955085f78c2", "PowerApps"),
    (
        "0eda3b13-ddc9-4c25-b7dd-2f6ea073d6b7",
        "Microsoft Flow CDS Integration Service",
    ),
    (
        "0ef09fa7-413d-4a9f-a7a5-32f8f62b7598",
        "Field Service Mobile",
    ),
    (
        "110797d6-4a5e-4e58-a06d-f1bf3f3a8069",
        "Field Service Mobile",
    ),
    ("133c4dc0-9d5f-4826-9f7b-6bb3d3867e6a", "PADWAMigrator"),
    (
        "1884bdbf-452a-4a11-9c76-afdbdb1b3768",
        "Relevance Search Service",
    ),
    (
        "1950a258-227b-4e31-a9cf-717495945fc2",
        "Microsoft Azure PowerShell",
    ),
    ("19679030-48d8-445f-b27c-311bb3be8a2c", "eSeal"),
    ("19a92965-3c11-4ed7-a1bd-9b66785dd4c6", "PADWAMigratorGCC"),
    (
        "1b730954-1685-4b74-9bfd-dac224a7b894",
        "Azure Active Directory PowerShell",
    ),
    ("1fec8e78-bce4-4aaf-ab1b-5451cc387264", "Microsoft Teams"),
    (
        "22618bd1-b6aa-45f0-8ebd-718d158d888d",
        "TrustedPublishersProxyService-DoD",
    ),
    (
        "226e4631-c980-4b11-9c96-5e26bb14dafc",
        "Prod M365FLWPClient Prod",
    ),
    (
        "265378aa-7259-4b82-af51-0c97c6cbc0ca",
        "ApolloNonProdFirstParty",
    ),
    ("27922004-5251-4030-b22d-91ecd9a37ea4", "Outlook Mobile"),
    (
        "27f13ec4-0f4e-4840-b547-1a0181666256",
        "PowerApps CDS Service",
    ),
    (
        "282c9137-f94e-4287-8223-9b60f2974e5c",
        "PowerApps Web Player Service - apps.gov.powerapp.us",
    ),
    (
        "291bcb22-15e5-4341-8f91-feb152d655ee",
        "Dynamics 365 Connected Store",
    ),
    (
        "299fa2bd-f53a-45b1-b501-1056398454bc",
        "Dynamics 365 CCA Prod - CDS to Azure data lake",
    ),
    (
        "2ad88395-b77d-4561-9441-d0e40824f9bc",
        "Dynamics 365 Development Tools",
    ),
    (
        "2b61b865-d0bd-4c60-9efa-6fa934eefaac",
        "TrustedPublishersProxyService",
    ),
    (
        "2bc50526-cdc3-4e36-a970-c284c34cbd6e",
        "Microsoft Business Office Add-in",
    ),
    ("2c1229aa-16c5-4ff5-b46b-4f7fe2a2a9c8", "ODBC Client Driver"),
    (
        "2c37df23-0c28-4fbf-9b2a-d5fd6277bf92",
        "OmnichannelEngagementHubAdminApp",
    ),
    (
        "2db8cb1d-fb6c-450b-ab09-49b6ae35186b",
        "Microsoft Dynamics CRM Learning Path",
    ),
    (
        "2e49aa60-1bd3-43b6-8ab6-03ada3d9f08b",
        "Dynamics Data Integration",
    ),
    (
        "2f29638c-34d4-4cf2-a16a-7caf612cee15",
        "Microsoft Dynamics CRM for Microsoft Office Outlook",
    ),
    (
        "2f3b013e-5dc4-4b2a-831f-47ba08353237",
        "Microsoft Dynamics 365 Project Service Automation Add-in for Microsoft Project",
    ),
    (
        "2f6713e6-1e21-4a83-91b4-5bf9a2378f81",
        "RSOProvisioningCustomerDashboard",
    ),
    ("2f7b4d11-d621-4079-9798-27f548d681f1", "Power Cards"),
    (
        "2fd908ad-0664-4344-b9be-cd3e8b574c38",
        "Microsoft.Data.SqlClient",
    ),
    ("32166110-0424-4622-8b0d-4e50f4da7a74", "MR.Mty.App"),
    (
        "325e8307-defd-47df-aeff-15152ea6e5bf",
        "Prod M365FLWPService Prod",
    ),
    (
        "34cc6120-8c17-428c-b5aa-bede141fb74a",
        "Power BI Data Refresh",
    ),
    (
        "363a906a-1ceb-41ea-9f20-884c694f2fc2",
        "ApiHub-Connectors-DoD",
    ),
    (
        "36ee54ac-414c-41ef-afde-2ddfd25d5408",
        "ApiHub-Connectors-GCCHigh",
    ),
    (
        "3852314e-aab9-42c3-a859-5b5b88a90000",
        "ConnectedFieldServiceDeployment",
    ),
    (
        "386ce8c0-7421-48c9-a1df-2a532400339f",
        "Power Automate Desktop For Windows",
    ),
    ("38a893b6-d74c-4786-8fe7-bc3b4318e881", "ProcessSimpleGCC"),
    (
        "38c77d00-5fcb-4cce-9d93-af4738258e3c",
        "MicrosoftUnifiedCustomerIntelligence",
    ),
    (
        "3957683c-3a48-4a6c-8706-a6e2d6883b02",
        "DYN365_CS_MESSAGING",
    ),
    (
        "3a225c96-d62a-44ce-b3ec-bd4e8e9befef",
        "Dynamics 365 Human Resources LinkedIn Adapter App",
    ),
    ("3e050dd7-7815-46a0-8263-b73168a42c10", "Teams Approvals"),
    (
        "3e62f81e-590b-425b-9531-cad6683656cf",
        "PowerApps - apps.powerapps.com",
    ),
    (
        "44a02aaa-7145-4925-9dcd-79e6e1b94eff",
        "MicrosoftDynamics365OfficeAppsIntegration",
    ),
    (
        "44a34657-125d-4be1-b08d-87a07b336d24",
        "PowerApps - play.apps.appsplatform.us",
    ),
    (
        "44f229e1-5c76-4d68-8b7c-83cbfd54ab7a",
        "Dynamics 365 Sales Service",
    ),
    (
        "46e9667d-34e6-43d8-a494-6759b3ae6a5e",
        "Biz Apps Demo Hub Prod",
    ),
    (
        "470d0752-cb06-49b2-ac83-5023fc23adae",
        "MicrosoftFlowGCCHigh",
    ),
    (
        "4787c7ff-7cea-43db-8d0d-919f15c6354b",
        "D365SalesProductivityProvisioning",
    ),
    ("48af08dc-f6d2-435f-b2a7-069abd99c086", "Connectors"),
    (
        "4906f920-9f94-4f14-98aa-8456dd5f78a8",
        "Dynamics CRM Unified Service Desk",
    ),
    ("4d079b4c-cab7-4b7c-a115-8fd51b6f8239", "SQL DotNet Client"),
    ("4e291c71-d680-4d0e-9640-0a3358e31177", "Power Apps"),
    ("50351660-e7b1-4621-8bc8-8503296a5535", "MicrosoftFlowGCC"),
    (
        "546068c3-99b1-4890-8e93-c8aeadcfe56a",
        "Common Data Service Managed Data Lake Service",
    ),
    ("57fcbcfa-7cee-4eb1-8b25-12d2030b4ee0", "Microsoft Flow"),
    (
        "585738fa-4b8c-4f90-b926-7eab8c498c69",
        "PowerAppsCustomerManagementPlaneBackend",
    ),
    (
        "58acb57d-f51b-4993-8f4a-4e41ad77e481",
        "high.create.powerapps.us",
    ),
    ("59d7fccf-1f97-4a79-bb78-e722112f9862", "Dynamics 365 Sales"),
    (
        "5a24b264-c8f3-474d-92f6-a998cca942c1",
        "Dynamics 365 for Marketing",
    ),
    (
        "5c17a0cf-5493-4b86-b23d-dabc1cc46f5a",
        "Minit Desktop for Windows",
    ),
    (
        "5d21c8e8-6d68-4b62-a3a5-bc1900513fad",
        "make.high.powerapps.us",
    ),
    (
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
        "Microsoft Teams Web Client",
    ),
    (
        "5e72ef24-048b-4aae-8fd6-8653ce2d6760",
        "PowerPlatform-commondataserviceforapps-Connector",
    ),
    (
        "60216f25-dbae-452b-83ae-6224158ce95e",
        "Microsoft Dynamics CRM App for Outlook",
    ),
    (
        "60d240cc-7621-469e-80f1-584c53e9cafa",
        "DYN365AISERVICEINSIGHTS",
    ),
    (
        "61ccfc51-60d1-470a-9dca-f78fcf640d23",
        "MicrosoftServiceCopilot-Prod",
    ),
    (
        "6204c1d1-4712-4c46-a7d9-3ed63d992682",
        "Microsoft Flow Portal",
    ),
    (
        "637fcc9f-4a9b-4aaa-8713-a2a3cfda1505",
        "Dynamics CRM Online Administration",
    ),
    (
        "655db33f-4580-4e63-bad1-4618764badb9",
        "MicrosoftDynamics365MRGuidesCoreClient",
    ),
    ("66375f6b-983f-4c2c-9701-d680650f588f", "Microsoft Planner"),
    (
        "66a88757-258c-4c72-893c-3e8bed4d6899",
        "QueryFormulationService",
    ),
    ("6b91db1b-f05b-405a-a0b2-e3f60b28d645", "M365AdminServices"),
    ("6e7d203a-179d-4ae0-87da-a77dd8aa3135", "CrmSalesInsightsRA"),
    (
        "6eb29b24-9d89-4f26-bf2f-9a84ed2499b8",
        "Common Data Service Global Discovery Service",
    ),
    (
        "6ec6a75c-d04e-4613-92da-069f88c74a13",
        "Dynamics 365 Customer Insights Prod - CDS to Azure data lake",
    ),
    (
        "6f459c5d-d670-409b-83a6-68b040f4cb78",
        "Customer Experience Platform FRE PROD",
    ),
    (
        "71234da4-b92f-429d-b8ec-6e62652e50d7",
        "Microsoft Customer Engagement Portal",
    ),
    (
        "719640cd-0337-4b0c-8e6a-431271371fab",
        "make.test.powerapps.com",
    ),
    (
        "7255edad-9269-44d0-b153-92ceffbf86fa",
        "InsightsAppsPlatform",
    ),
    (
        "73a510c3-9946-46dd-b5ae-a8f0ae68fd04",
        "Azure API Management Portal extension",
    ),
    (
        "75eb2b80-011a-4693-9a47-7971c853603c",
        "make.powerpages.microsoft.com",
    ),
    (
        "7a575ec8-8d12-42eb-9edc-b93f3aa92c48",
        "MicrosoftCrmDataSync@microsoft.com",
    ),
    ("7ab7862c-4c57-491e-8a45-d52a7e023983", "App Service"),
    ("7abdc2e3-67d5-4ccf-8138-e133192788e3", "MicrosoftFlowDoD"),
    (
        "7c4f9118-450a-4e75-b96b-df2d0cac4c0d",
        "d365-dani-exceladdinprod",
    ),
    (
        "7df0a125-d3be-4c96-aa54-591f83ff541c",
        "Microsoft Flow Service",
    ),
    (
        "7f15f9d9-cad0-44f1-bbba-d36650e07765",
        "Azure Synapse Link for Dataverse",
    ),
    ("7f67af8a-fedc-4b08-8b4e-37c4d127b6cf", "Power BI Desktop"),
    ("7f98cb04-cd1e-40df-9140-3bf7e2cea4db", "JDBC Client Driver"),
    (
        "810dcf14-1858-4bf2-8134-4c369fa3235b",
        "AzureADIdentityGovernanceEntitlementManagement",
    ),
    ("8463278f-7a65-4b3d-903c-5e66a2ad1164", "Mix Tools API"),
    ("8578e004-a5c6-46e7-913e-12f58912df43", "Power Platform API"),
    ("871c010f-5e61-4fb1-83ac-98610a7e9110", "MicrosoftPowerBI"),
    ("872cd9fa-d31f-45e0-9eab-6e460a02d1f1", "Visual Studio"),
];
