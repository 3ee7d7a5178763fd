//! The second half of Microsoft's own services as Power Platform environments know them (see `dynamics.rs`).

pub(crate) const APPS: &[(&str, &str)] = &[
    (
        "87684a6d-f115-436c-a231-6a4d08eb01a6",
        "Dynamics 365 CCA Data analytics Prod - CDS to Azure data lake",
    ),
    (
        "886d9650-b672-4531-b16f-4617b5492d2f",
        "AppDeploymentOrchestration",
    ),
    (
        "88c57617-94ff-4043-a396-8a85a8d38922",
        "Business Central to Common Data Service",
    ),
    (
        "8b62382d-110e-4db8-83a6-c7e8ee84296a",
        "AI Builder Prod - CDS to Azure data lake",
    ),
    (
        "8c04f0eb-27fc-44cc-9e48-914b9202890a",
        "ApolloProdFirstParty",
    ),
    ("8c1a9936-578e-4d13-9bd9-9afe53ef7de8", "Finance Copilot"),
    (
        "8c8fbf21-0ef3-4f60-81cf-0df811ff5d16",
        "Power Query Online GCC-L5",
    ),
    (
        "8d25f88c-09fe-41eb-9ee1-0545adf985df",
        "Dynamics 365 Field Service",
    ),
    (
        "929cb005-cba1-40c4-a962-ef441029cb6c",
        "make.gov.powerpages.microsoft.us",
    ),
    (
        "9315aedd-209b-43b3-b149-2abff6a95d59",
        "PowerVirtualAgentsUSGovGCC",
    ),
    ("9362bc14-3e81-4ef9-8b77-f1c40afe68e0", "apps.powerapps.com"),
    (
        "939fe80f-2eef-464f-b0cf-705d254a2cf2",
        "Power Query Online GCC-L2",
    ),
    (
        "945d3a88-db20-40bd-a9e3-8f2383a17c88",
        "make.powerpages.microsoft.com",
    ),
    ("96ff4394-9197-43aa-b393-6a41652e21f8", "ccibotsprod"),
    (
        "978b42f5-e03a-4695-b8df-454959d032c8",
        "BAP CDS Application",
    ),
    (
        "97d27433-255e-498c-a280-0cbc9aee407e",
        "GlobalDiscoService2",
    ),
    (
        "9856e8dd-37b6-4749-a54b-8f6503ea93b7",
        "PrcessSimpleGCCHigh",
    ),
    ("996def3d-b36c-4153-8607-a6fd3c01b89f", "Project Madeira"),
    (
        "9c60a40b-b5c5-4d01-8588-776209c80db3",
        "Search Federation Connector - Dataverse",
    ),
    (
        "9cee029c-6210-4654-90bb-17e6e9d36617",
        "Power Platform CLI - pac",
    ),
    (
        "9e3b502c-b4a1-441d-98fd-28e482bf7e88",
        "Dynamics 365 Customer Insights - Consent",
    ),
    (
        "9e6d7425-da52-4c9d-a3bf-48ce4670f9ef",
        "Prod M365FLWPService FirstRelease",
    ),
    ("9ea1ad79-fdb6-4f9a-8bc3-2b70f96e34c7", "Bing"),
    ("9f4bb91b-347a-47ab-aba4-06db0dcb89e3", "Unify Portal Prod"),
    (
        "a0fe4328-8965-437b-a350-cf71409d002f",
        "Cloud for Nonprofit Installer",
    ),
    ("a306baf0-5ad8-4f6f-babf-6a286b0142ba", "Azure Data Factory"),
    ("a4b559be-784e-49ec-9b63-7208442255e1", "PowerApps Fairfax"),
    ("a522f059-bb65-47c0-8934-7db6e5286414", "CCIBot"),
    ("a59cef1e-2e32-4703-8dab-810d9807efeb", "ccibots"),
    (
        "a672d62c-fc7b-4e81-a576-e60dc46e951d",
        "Microsoft Power Query for Excel",
    ),
    ("a69788c6-1d43-44ed-9ca3-b83e194da255", "Azure Data Studio"),
    ("a6d2002e-7db6-4da0-94e8-73765fdbc7fb", "ProcessSimpleDoD"),
    (
        "a7d42dcf-5f3b-41b0-8ad5-e7c5808c617a",
        "PowerPlatformEnvironmentManagement",
    ),
    (
        "a81833f1-fd18-490b-8598-60cd7b6b0382",
        "PowerApps - apps.gov.powerapps.us",
    ),
    (
        "a8adde6c-aeb4-4fd6-9d8f-c2dfdecac60a",
        "Dynamics 365 collaboration with Microsoft Teams",
    ),
    ("a8f7a65c-f5ba-4859-b2d6-df772c264e9d", "make.powerapps.com"),
    (
        "a94f9c62-97fe-4d19-b06d-472bed8d2bcf",
        "Azure SQL Database and Data Warehouse",
    ),
    ("ab9468a9-c559-47ec-86f6-2f1b48612c09", "DataSyncService"),
    (
        "adc59501-b8c1-453a-a88b-9f4b244c1631",
        "PowerApps Web Player Service - play.apps.appsplatform.us",
    ),
    (
        "ae7deb89-ca76-4073-bf3e-b72165ac58e9",
        "Power Automate Desktop DoD",
    ),
    ("aeb01831-b358-4750-92ce-722e4f3ea7e8", "BizQA for CDS"),
    ("aebc6443-996d-45c2-90f0-388ff96faa56", "Visual Studio Code"),
    (
        "b145fb8f-d278-464f-8de1-894b596ecbde",
        "PowerApps - apps.high.powerapps.us",
    ),
    (
        "b15cc146-2b25-46c7-90c1-daa6c3e8386b",
        "CRM Groups Integration",
    ),
    ("b20d0d3a-dc90-485b-ad11-6031e769e221", "CrmSalesInsights"),
    (
        "b52893c8-bc2e-47fc-918b-77022b299bbc",
        "Power BI Data Refresh",
    ),
    ("b861dbcc-a7ef-4219-a005-0e4de4ea7dcf", "CrmExporter"),
    ("b9f7f9ce-78c7-4651-8663-c2ba51a2556a", "SIAutoCapture"),
    (
        "bb0fc165-b959-4e50-a8fc-309c1193e396",
        "CRM Power BI Integration GCC",
    ),
    ("bdb3d4c5-dc11-426e-8f04-2621dbcce738", "Flow-RP"),
    (
        "bee5ee7b-22c7-4e94-9b8b-031319e230a3",
        "Viva Goals Integrations",
    ),
    ("c0d2a505-13b8-4ae0-aa9e-cddd5eab0b12", "Microsoft Power BI"),
    ("c44b4083-3bb0-49c1-b47d-974e53cbdf3c", "Azure Portal"),
    (
        "c495cfdc-814f-46a1-89f0-657921c9fbe0",
        "Azure AD Identity Governance - Dynamics 365 Management",
    ),
    ("c6d1e3ad-0185-40e0-a11b-0542b185d12c", "PowerAppsGov"),
    (
        "c84a0f23-a0f8-4e8e-918b-57db620d110a",
        "Power Platform Admin Center Client Test",
    ),
    (
        "c92229fa-e4e7-47fc-81a8-01386459c021",
        "Common Data Service User Management",
    ),
    ("c9b24c1a-09c1-4726-a288-709c86a12a9b", "Omnichannel"),
    (
        "cb47b44e-c0a3-47a5-85ce-3dc039c85e80",
        "PADWAMigratorGCCHigh",
    ),
    (
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
        "Microsoft Teams Services",
    ),
    ("cd34d57a-a3ef-48b1-b84b-9686f0f7c099", "Aria"),
    (
        "ce9f9f18-dd0c-473e-b9b2-47812435e20d",
        "Microsoft Dynamics CRM for tablets and phones",
    ),
    (
        "cf710c6e-dfcc-4fa8-a093-d47294e44c66",
        "Azure Analysis Services Client",
    ),
    (
        "cf8f0657-7610-4b05-8723-a4322ae045c6",
        "Microsoft Dynamics Document Routing Agent",
    ),
    (
        "d024ca46-2708-4d20-903e-b18b7e1d95dc",
        "Dynamics365Assistant",
    ),
    (
        "d0af0b2c-272b-4820-80ce-af3cc751950f",
        "sophia.api.microsoft.com",
    ),
    ("d326c1ce-6cc6-4de2-bebc-4591e5e13ef0", "SharePoint"),
    ("d3590ed6-52b3-4102-aeff-aad2292ab01c", "Microsoft Office"),
    (
        "d4a55fa7-2c20-434d-8942-689200452979",
        "DynamicsCRMCortanaCacheService@microsoft.com",
    ),
    (
        "d6037e40-282c-493d-8f63-f255e36c6ef4",
        "Microsoft Dynamics 365 Supply Chain Visibility",
    ),
    (
        "d6b5a0bd-bf3f-4a8c-b370-619fb3d0e1cc",
        "Dynamics Retail Modern POS",
    ),
    (
        "d7813711-9094-4ad3-a062-cac3ec74ebe8",
        "Microsoft.Azure.Services.AppAuthentication",
    ),
    (
        "d7e0a6a1-dde5-4f6e-81ce-781fa7483834",
        "mil.create.powerapps.us",
    ),
    (
        "d8fa9ca8-15de-4a33-b719-9c944b9b2e3e",
        "Sophia Platform Service API",
    ),
    (
        "d93420f9-abc8-46b7-b7fc-30ec1f007ee2",
        "Azure API Hub - GCC-Med",
    ),
    (
        "d9ce8cfa-8bd8-4ff1-b39b-5e5dd5742935",
        "OmnichannelCRMClient",
    ),
    (
        "dac3dc4c-8be0-4972-8c97-e0a8500927f3",
        "PowerAppsDataPlaneBackend",
    ),
    (
        "dad3c6de-ed58-42ef-989f-9c0303aaeedc",
        "PowerAutomate-ProcessMining",
    ),
    (
        "db966cd2-032b-4f21-b7c2-eadd3d68c2f2",
        "CDSUserManagementNonProd",
    ),
    (
        "dc426ec9-396a-46fd-8445-564554907e34",
        "PowerApps Web Player Service - high.apps.powerapps.us",
    ),
    (
        "dd63a01a-ae84-4d07-bf60-69dadeaa8c89",
        "Project Finder Mobile",
    ),
    (
        "de490f5e-b798-48d8-ae3b-c220d7494cef",
        "BAGSolutionsInstaller",
    ),
    (
        "e548fb5c-c385-41a6-a31d-6dbc2f0ca8a3",
        "Microsoft Dynamics Jobs Service",
    ),
    (
        "e582717c-581c-4a51-a8d7-5cd28f59497a",
        "Prod M365FLWPClient FirstRelease",
    ),
    (
        "e64aa8bc-8eb4-40e2-898b-cf261a25954f",
        "CRM Power BI Integration",
    ),
    (
        "e8ab36af-d4be-4833-a38b-4d6cf1cfd525",
        "MicrosoftSocialEngagement@microsoft.com",
    ),
    (
        "e8c38929-689f-4155-96f7-ab45b0f67cec",
        "TrustedPublishersProxyService-GccModerate",
    ),
    ("e97edbaf-39b2-4546-ba61-0a24e1bef890", "EHRTeleHealth"),
    ("ea0616ba-638b-4df5-95b9-636659ae5121", "Power BI Gateway"),
    ("ea62c1c6-550b-4238-8ea7-c55a85d86be8", "Teams Work Report"),
    (
        "ebf6b2b7-c635-4217-b6b7-21de4ac65764",
        "WPSTrialSignUpService_Prod",
    ),
    (
        "ec245c98-4a90-40c2-955a-88b727d97151",
        "AzureADIdentityGovernanceUserManagement",
    ),
    ("edfdd43b-26b5-498b-b89f-515ddf78dcc2", "CCaaSCRMClient"),
    (
        "ee90a17f-1cb7-4909-be27-dfc2dcc4dc15",
        "Power Automate Desktop",
    ),
    (
        "ef947699-9b52-4b31-9a37-ef325c6ffc47",
        "Power Query Online GCC-L4",
    ),
    ("f034940d-60b7-4587-afc9-ac1786ad7419", "RelevanceSearch"),
    (
        "f0b72488-7082-488a-a7e8-eada97bd842d",
        "Power BI Report Builder",
    ),
    (
        "f1a1e36a-d61f-4283-9f48-0867636e332c",
        "Power Automate Desktop GCC High",
    ),
    (
        "f3b07414-6bf4-46e6-b63f-56941f3f4128",
        "Microsoft Power Query",
    ),
    (
        "f40b99cd-675e-4ce8-ae86-47b77d2a9c4d",
        "Microsoft Mashup Engine",
    ),
    (
        "f448d7e5-e313-4f90-a3eb-5dbb3277e4b3",
        "Media Recording for Dynamics 365 Sales",
    ),
    ("f53895d3-095d-408f-8e93-8f94b391404e", "Portfolios"),
    ("fa69122a-0a5e-41f1-beed-ca317370fb56", "JobsServicePreProd"),
    (
        "fac5b0fe-9b16-4ae3-b20b-324ec3f033d3",
        "make.mil.powerapps.us",
    ),
    (
        "fbc61429-7762-4b4a-8f9d-c728a1a5e792",
        "Flow Xrm System User",
    ),
    (
        "fc4979e5-0aa5-429f-b13a-5d1365be5566",
        "Microsoft Power BI Government Community Cloud",
    ),
    ("fca5a20d-55aa-4395-9c2f-c6147f3c9ffa", "MSRemoteAssist"),
    (
        "fcf50ee5-8107-45e4-9a37-838727a360f5",
        "Omnichannel for CS Admin App Prod",
    ),
    (
        "fdd7719f-d61e-4592-b501-793734eb8a0e",
        "SharePointMigrationTool",
    ),
    (
        "feb2c8aa-4f70-4881-abec-521141627b04",
        "make.gov.powerapps.us",
    ),
    (
        "ffa7d2fe-fc04-4599-9f6d-7ca06dd0c4fd",
        "Product Insights - CDS to Azure data lake - app",
    ),
];
