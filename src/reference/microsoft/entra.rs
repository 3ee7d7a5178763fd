//! Microsoft's own applications as sign-in reports show them, by client id.
//!
//! Source: Microsoft support article "Verify first-party Microsoft applications in sign-in reports",
//! edition of 8 March 2024, read November 2026; the services that can be an application user somewhere,
//! without those that Power Platform's own list names.

pub(crate) const APPS: &[(&str, &str)] = &[
    (
        "00000002-0000-0000-c000-000000000000",
        "Windows Azure Active Directory",
    ),
    ("00000003-0000-0000-c000-000000000000", "Microsoft Graph"),
    (
        "00000003-0000-0ff1-ce00-000000000000",
        "Office 365 SharePoint Online",
    ),
    (
        "00000004-0000-0ff1-ce00-000000000000",
        "Skype for Business Online",
    ),
    (
        "00000005-0000-0ff1-ce00-000000000000",
        "Viva Engage (formerly Yammer)",
    ),
    (
        "00000006-0000-0ff1-ce00-000000000000",
        "Microsoft Office 365 Portal",
    ),
    (
        "00000007-0000-0ff1-ce00-000000000000",
        "Microsoft Exchange Online Protection",
    ),
    (
        "0000000c-0000-0000-c000-000000000000",
        "Microsoft App Access Panel",
    ),
    (
        "0000001a-0000-0000-c000-000000000000",
        "MicrosoftAzureActiveAuthn",
    ),
    ("022907d3-0f1b-48f7-badc-1ba6abab6d66", "Azure SQL Database"),
    (
        "0f698dd4-f011-4d23-a33e-b36416dcb1e6",
        "OfficeClientService",
    ),
    (
        "13937bba-652e-4c46-b222-3003f4d1ff97",
        "Substrate Context Service",
    ),
    (
        "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "Microsoft Authentication Broker",
    ),
    (
        "3090ab82-f1c1-4cdf-af2c-5d7a6f3e2cc7",
        "Microsoft Defender for Cloud Apps",
    ),
    (
        "38049638-cc2c-4cde-abe4-4479d721ed44",
        "Microsoft Approval Management",
    ),
    (
        "47629505-c2b6-4a80-adb1-9b3a3d233b7b",
        "Microsoft Exchange Web Services",
    ),
    ("4765445b-32c6-49b0-83e6-1d93765276ca", "OfficeHome"),
    ("5d661950-3475-41cd-a2c3-d671a3162bc1", "Microsoft Outlook"),
    (
        "65d91a3d-ab74-42e6-8a2f-0add61688c74",
        "Microsoft Approval Management",
    ),
    (
        "67e3df25-268a-4324-a550-0de1c7f97287",
        "Microsoft Office Web Apps Service",
    ),
    (
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
    ),
    (
        "97cb1f73-50df-47d1-8fb0-0271f2728514",
        "Transcript Ingestion",
    ),
    (
        "98db8bd6-0cc0-4e67-9de5-f187f1cd1b41",
        "Microsoft Substrate Management",
    ),
    (
        "a3475900-ccec-4a69-98f5-a65cd5dc5306",
        "Partner Customer Delegated Admin Offline Processor",
    ),
    ("a57aca87-cbc0-4f3c-8b9e-dc095fdc8978", "IAM Supportability"),
    ("bb2a2e3a-c5e7-4f0a-88e0-8e01fd3fc1f4", "CPIM Service"),
    ("c9a559d2-7aab-4f13-a6ed-e7e9c52aec87", "Microsoft Forms"),
    ("e9f49c6b-5ce5-44c8-925d-015017e9f7ad", "Azure Data Lake"),
    (
        "ee272b19-4411-433f-8f28-5c13cb6fd407",
        "Microsoft 365 Support Service",
    ),
    ("fdf9885b-dd37-42bf-82e5-c3129ef5a302", "Microsoft Support"),
    ("fe93bfe1-7947-460a-a5e0-7a5906b51360", "Viva Insights"),
];
