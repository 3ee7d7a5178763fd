"""Signs in to the simulator with certificates, as real programs do: takes them from its vault with
Microsoft's clients, and presents them with azure-identity and msal.

Reads the environment variables that `credaudit sim` prints; arguments are the vault's url, the client id
that the certificates are registered for, and another one. Prints one line for each thing done; any
exception ends it.
"""

import base64
import sys
import tempfile
import time

import msal
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import CertificateCredential, EnvironmentCredential
from azure.keyvault.certificates import CertificateClient, CertificatePolicyAction
from azure.keyvault.secrets import SecretClient
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509 import load_der_x509_certificate
from msal.oauth2cli.assertion import JwtAssertionCreator
import os

TENANT = os.environ["AZURE_TENANT_ID"]
AUTHORITY = f"https://login.microsoftonline.com/{TENANT}"
ENDPOINT = f"{AUTHORITY}/oauth2/v2.0/token"
SCOPE = "https://contoso.crm4.dynamics.com/.default"
URL, CLIENT, OTHER = sys.argv[1:]


def file_of(content):
    handle = tempfile.NamedTemporaryFile(delete=False)
    with handle:
        handle.write(content)
    return handle.name


def parts(pfx):
    key, certificate, more = pkcs12.load_key_and_certificates(pfx, None)
    return key, certificate, more


def pem_of(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def by_identity(what, **arguments):
    credential = CertificateCredential(TENANT, CLIENT, **arguments)
    assert credential.get_token(SCOPE).token, what
    print(f"azure-identity: signed in with {what}")


def refused_by_identity(what, code, client=CLIENT, **arguments):
    try:
        CertificateCredential(TENANT, client, **arguments).get_token(SCOPE)
    except ClientAuthenticationError as error:
        assert f"AADSTS{code}" in error.message, (what, error.message)
        print(f"azure-identity: {what} refused with {code}")
        return
    raise AssertionError(f"{what} was accepted")


def by_msal(credential, client=CLIENT, authority=AUTHORITY):
    app = msal.ConfidentialClientApplication(client, client_credential=credential, authority=authority)
    return app.acquire_token_for_client(scopes=[SCOPE])


def refused_by_msal(what, code, credential, client=CLIENT):
    answer = by_msal(credential, client)
    assert answer.get("error_codes") == [code], (what, answer)
    print(f"msal: {what} refused with {code}")


def own_assertions(key, certificate):
    """What a client that builds its own assertions can do wrong."""
    sha256 = certificate.fingerprint(hashes.SHA256()).hex()
    sha1 = certificate.fingerprint(hashes.SHA1()).hex()
    now = time.time()
    good = {"audience": ENDPOINT, "issuer": CLIENT, "subject": CLIENT}
    for algorithm, thumbprint in [("PS256", {"sha256_thumbprint": sha256}), ("RS256", {"sha1_thumbprint": sha1})]:
        signer = JwtAssertionCreator(pem_of(key), algorithm, **thumbprint)
        answer = by_msal({"client_assertion": signer.create_normal_assertion(**good).decode()})
        assert answer.get("access_token"), answer
        for what, code, change in [
            ("a wrong audience", 700023, {"audience": "https://login.microsoftonline.com/common/oauth2/v2.0/token"}),
            ("an expired assertion", 700024, {"expires_at": now - 3600, "issued_at": now - 7200, "not_before": now - 7200}),
            ("an assertion of tomorrow", 700024, {"not_before": now + 86400, "expires_at": now + 90000}),
            ("another issuer", 700021, {"issuer": OTHER, "subject": OTHER}),
            ("another subject", 50048, {"subject": OTHER}),
        ]:
            assertion = signer.create_normal_assertion(**(good | change)).decode()
            refused_by_msal(f"{algorithm}: {what}", code, {"client_assertion": assertion})
        bare = JwtAssertionCreator(pem_of(key), algorithm)
        assertion = bare.create_normal_assertion(**good).decode()
        refused_by_msal(f"{algorithm}: no thumbprint", 50027, {"client_assertion": assertion})


def main():
    auditor = EnvironmentCredential()
    secrets = SecretClient(vault_url=URL, credential=auditor)
    certificates = CertificateClient(vault_url=URL, credential=auditor)

    # The certificate and its secret are one, and the policy says how it is kept.
    shown = certificates.get_certificate("erp-certificate")
    policy = certificates.get_certificate_policy("erp-certificate")
    assert policy.exportable and policy.key_size == 2048 and policy.issuer_name == "Self", policy
    assert [action.action for action in policy.lifetime_actions] == [CertificatePolicyAction.auto_renew]
    versions = list(certificates.list_properties_of_certificate_versions("erp-certificate"))
    assert len(versions) == 2 and len({version.x509_thumbprint for version in versions}) == 2, versions
    secret = secrets.get_secret("erp-certificate")
    assert secret.properties.content_type == "application/x-pkcs12" and secret.properties.managed
    assert secret.properties.key_id and secret.properties.version == shown.properties.version
    pfx = base64.b64decode(secret.value)
    key, certificate, _ = parts(pfx)
    listed = load_der_x509_certificate(bytes(shown.cer))
    assert certificate == listed
    assert shown.properties.x509_thumbprint == listed.fingerprint(hashes.SHA1())
    pem = secrets.get_secret("erp-text").value.encode()
    print("vault: the certificate read as PKCS#12 and as PEM")

    by_identity("a PKCS#12 file", certificate_path=file_of(pfx))
    by_identity("PKCS#12 bytes", certificate_data=pfx)
    by_identity("a PEM file", certificate_path=file_of(pem))
    by_identity("PEM bytes", certificate_data=pem)
    by_identity("bytes and the chain sent along", certificate_data=pfx, send_certificate_chain=True)
    by_identity("a plain secret", certificate_data=base64.b64decode(secrets.get_secret("file").value))
    chained = base64.b64decode(secrets.get_secret("file-chain").value)
    assert len(parts(chained)[2]) == 2
    by_identity("a file with its chain", certificate_data=chained)

    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
    public = certificate.public_bytes(Encoding.PEM).decode()
    for what, credential in [
        ("a PKCS#12 file", {"private_key_pfx_path": file_of(pfx)}),
        ("a key and its certificate", {"private_key": pem_of(key), "public_certificate": public}),
        ("a key and a thumbprint", {"private_key": pem_of(key), "thumbprint": thumbprint}),
    ]:
        answer = by_msal(credential)
        assert answer.get("token_type") == "Bearer", (what, answer)
        print(f"msal: signed in with {what}")
    domain = by_msal({"private_key_pfx_path": file_of(pfx)}, authority="https://login.microsoftonline.com/contoso.onmicrosoft.com")
    assert domain.get("access_token"), domain

    # Refusals: another application's certificate, a key that is not the certificate's, and an old one.
    stranger = base64.b64decode(secrets.get_secret("stranger").value)
    refused_by_identity("an unregistered certificate", 700027, certificate_data=stranger)
    refused_by_identity("the certificate at another client", 700027, client=OTHER, certificate_data=pfx)
    refused_by_msal("an unregistered certificate", 700027, {"private_key_pfx_path": file_of(stranger)})
    wrong_key = pem_of(parts(stranger)[0])
    refused_by_msal("a wrong key", 700027, {"private_key": wrong_key, "thumbprint": thumbprint})
    refused_by_msal("a wrong key (PS256)", 700027, {"private_key": wrong_key, "public_certificate": public})
    lapsed = base64.b64decode(secrets.get_secret("lapsed").value)
    refused_by_identity("a certificate past its end", 700027, certificate_data=lapsed)
    own_assertions(key, certificate)

    # A key that may not leave the vault is not in the secret, and a password is not guessed.
    locked = base64.b64decode(secrets.get_secret("erp-locked").value)
    assert parts(locked)[0] is None
    for name, content in [("erp-locked", locked), ("file-password", base64.b64decode(secrets.get_secret("file-password").value))]:
        try:
            CertificateCredential(TENANT, CLIENT, certificate_data=content)
            raise AssertionError(f"{name} was read")
        except ValueError:
            print(f"azure-identity: {name} gives no key")

    # Deleted secrets, and many versions.
    assert [item.name for item in secrets.list_deleted_secrets()] == ["old-sync"]
    deleted = secrets.get_deleted_secret("old-sync")
    assert deleted.deleted_date < deleted.scheduled_purge_date and deleted.recovery_id.endswith("/deletedsecrets/old-sync")
    try:
        secrets.get_secret("old-sync")
        raise AssertionError("a deleted secret was read")
    except HttpResponseError as error:
        assert error.status_code == 404 and error.error.code == "SecretNotFound", error
    versions = list(secrets.list_properties_of_secret_versions("erp-bridge-secret"))
    assert len({version.version for version in versions}) == 300, len(versions)
    print("vault: deleted secrets and 300 versions read")
    print("all done")


if __name__ == "__main__":
    main()
