"""Asks the simulator what real programs ask, with the libraries real programs use.

Reads nothing but the environment variables that `credaudit sim` prints, and vault urls as arguments.
Prints one line for each thing done; any exception ends it.
"""

import os
import sys

import msal
import requests
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential, EnvironmentCredential
from azure.keyvault.certificates import CertificateClient
from azure.keyvault.secrets import SecretClient
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

TENANT = os.environ["AZURE_TENANT_ID"]
CLIENT = os.environ["AZURE_CLIENT_ID"]
SECRET = os.environ["AZURE_CLIENT_SECRET"]
GRAPH = "https://graph.microsoft.com"


def read_vault(url, credential):
    secrets = SecretClient(vault_url=url, credential=credential)
    names = [item.name for page in secrets.list_properties_of_secrets(max_page_size=2).by_page() for item in page]
    assert names and len(names) == len(set(names)), names
    read = 0
    for name in names:
        try:
            secret = secrets.get_secret(name)
        except HttpResponseError as error:
            # A disabled secret is listed, but not read.
            assert error.status_code == 403 and "SecretDisabled" in str(error.error.innererror), error
            continue
        assert secret.value is not None and secret.properties.version, name
        versions = list(secrets.list_properties_of_secret_versions(name))
        assert secret.properties.version in [version.version for version in versions], name
        again = secrets.get_secret(name, secret.properties.version)
        assert again.value == secret.value, name
        read += 1
    try:
        secrets.get_secret("no-such-secret")
        raise AssertionError("a secret that does not exist was read")
    except ResourceNotFoundError as error:
        assert error.error.code == "SecretNotFound", error
    certificates = CertificateClient(vault_url=url, credential=credential)
    listed = list(certificates.list_properties_of_certificates())
    for item in listed:
        assert certificates.get_certificate(item.name).cer, item.name
    print(f"vault {url}: {len(names)} secrets listed, {read} read, {len(listed)} certificates")


def tokens_by_msal():
    app = msal.ConfidentialClientApplication(
        CLIENT, client_credential=SECRET, authority=f"https://login.microsoftonline.com/{TENANT}"
    )
    answer = app.acquire_token_for_client(scopes=[f"{GRAPH}/.default"])
    assert answer.get("token_type") == "Bearer", answer
    cached = app.acquire_token_for_client(scopes=[f"{GRAPH}/.default"])
    assert cached["access_token"] == answer["access_token"]
    wrong = msal.ConfidentialClientApplication(
        CLIENT, client_credential="not-the-secret", authority=f"https://login.microsoftonline.com/{TENANT}"
    ).acquire_token_for_client(scopes=[f"{GRAPH}/.default"])
    assert wrong["error"] == "invalid_client" and wrong["error_codes"] == [7000215], wrong
    print("msal: token issued and cached; a wrong secret refused")
    return answer["access_token"]


def wrong_secret_by_identity():
    credential = ClientSecretCredential(TENANT, CLIENT, "not-the-secret")
    try:
        credential.get_token("https://vault.azure.net/.default")
        raise AssertionError("a wrong secret was accepted")
    except ClientAuthenticationError as error:
        assert "AADSTS7000215" in error.message, error.message
    print("azure-identity: a wrong secret refused")


def applications(token):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    url = f"{GRAPH}/v1.0/applications?$select=id,appId,passwordCredentials&$top=5"
    seen, pages = [], 0
    while url:
        page = session.get(url, timeout=10)
        page.raise_for_status()
        body = page.json()
        seen += [row["appId"] for row in body["value"]]
        url = body.get("@odata.nextLink")
        pages += 1
    assert CLIENT in seen and len(seen) == len(set(seen)) and pages > 1, (pages, seen)
    batch = {"requests": [{"id": app, "method": "GET", "url": f"/applications(appId='{app}')/owners"} for app in seen[:20]]}
    answers = session.post(f"{GRAPH}/v1.0/$batch", json=batch, timeout=10).json()["responses"]
    assert {part["status"] for part in answers} == {200}, answers
    print(f"requests: {len(seen)} applications in {pages} pages")


def around_applications(token):
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"

    def rows(path, **query):
        url, seen = f"{GRAPH}/{path}", []
        while url:
            answer = session.get(url, params=query, timeout=10)
            answer.raise_for_status()
            seen += answer.json()["value"]
            # The link carries the query on.
            url, query = answer.json().get("@odata.nextLink"), {}
        return seen

    secrets = rows("beta/reports/appCredentialSignInActivities", **{"$top": "20"})
    mine = [row for row in secrets if row["appId"] == CLIENT]
    assert mine and mine[0]["signInActivity"]["lastSignInDateTime"], secrets
    principals = rows("beta/reports/servicePrincipalSignInActivities", **{"$filter": f"appId eq '{CLIENT}'"})
    assert len(principals) == 1, principals
    for _ in range(10):
        answer = session.get(f"{GRAPH}/beta/reports/servicePrincipalSignInActivities", timeout=10)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0, answer.text
    policy = session.get(f"{GRAPH}/v1.0/policies/defaultAppManagementPolicy", timeout=10).json()
    # One tenant enforces it, the neglected one does not.
    assert isinstance(policy["isEnabled"], bool) and policy["applicationRestrictions"]["passwordCredentials"], policy
    grants = rows("v1.0/oauth2PermissionGrants")
    assert grants and all(grant["scope"] and grant["resourceId"] for grant in grants), grants
    held = rows(f"v1.0/servicePrincipals(appId='{CLIENT}')/appRoleAssignments", **{"$top": "2"})
    assert len(held) > 2, held
    print(f"requests: {len(secrets)} used credentials, {len(grants)} delegated grants, {len(held)} rights held")


def somebody():
    """A person: whose token it is, and what Global Discovery and Azure Resource Graph show for it."""
    app = msal.PublicClientApplication(
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46", authority=f"https://login.microsoftonline.com/{TENANT}"
    )
    name = os.environ["SIM_USER_NAME"]
    answer = app.acquire_token_by_username_password(name, os.environ["SIM_USER_PASSWORD"], [f"{GRAPH}/.default"])
    assert answer["id_token_claims"]["upn"] == name, answer
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    me = requests.get(f"{GRAPH}/v1.0/me", headers=headers, timeout=30).json()
    assert me["userPrincipalName"] == name, me
    # For another service by the refresh token, without the password.
    disco = "https://globaldisco.crm.dynamics.com"
    token = app.acquire_token_silent([f"{disco}/.default"], app.get_accounts(username=name)[0])["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    listed = requests.get(f"{disco}/api/discovery/v2.0/Instances", headers=headers, timeout=30).json()["value"]
    assert listed and all(one["ApiUrl"].startswith("https://") for one in listed), listed
    wrong = app.acquire_token_by_username_password(name, "wrong", [f"{GRAPH}/.default"])
    assert wrong["error_codes"] == [50126], wrong
    print(f"person: {len(listed)} organisations")


def vaults_by_resource_graph():
    client = ResourceGraphClient(ClientSecretCredential(TENANT, CLIENT, SECRET))
    query = "resources | where type =~ 'microsoft.keyvault/vaults' | project id, name | order by id asc"
    names, token = [], None
    while True:
        options = QueryRequestOptions(top=2, skip_token=token, result_format="objectArray")
        page = client.resources(QueryRequest(query=query, options=options))
        names += [row["name"] for row in page.data]
        token = page.skip_token
        if not token:
            break
    assert page.result_truncated == "false" and page.total_records == len(names) == len(set(names)), names
    try:
        client.resources(QueryRequest(query="resources | nonsense"))
        raise AssertionError("nonsense was understood")
    except HttpResponseError as error:
        assert error.status_code == 400 and "ParserFailure" in str(error), error
    print(f"resource graph: {len(names)} vaults")


def nothing_else():
    try:
        requests.get("https://example.com/", timeout=10)
        raise AssertionError("the proxy led to another host")
    except requests.exceptions.ProxyError:
        print("proxy: another host refused")


def main():
    credential = EnvironmentCredential()
    for url in sys.argv[1:]:
        read_vault(url, credential)
    token = tokens_by_msal()
    wrong_secret_by_identity()
    applications(token)
    around_applications(token)
    somebody()
    vaults_by_resource_graph()
    nothing_else()
    print("all done")


if __name__ == "__main__":
    main()
