"""The public did:ethr resolver, unmodified, reads our registry from an Anvil node."""

import json
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("resolve_did.mjs")
YEAR = 365 * 86_400
VERIFICATION_KEY = b"veriKey".ljust(32, b"\0")
SERVICE = b"did/svc/TraceabilityStore".ljust(32, b"\0")
ENDPOINT = "https://tea.example/epcis"

pytestmark = pytest.mark.anvil


@pytest.fixture
def resolve(identities, networks):
    provider = networks.active_provider
    url, chain = provider.http_uri, provider.chain_id

    def run(did):
        command = ["node", SCRIPT, did, url, identities.address, chain]
        reply = subprocess.run([*map(str, command)], capture_output=True, text=True, check=True)
        return json.loads(reply.stdout)

    return run


@pytest.fixture
def did(networks, brand):
    return f"did:ethr:{hex(networks.active_provider.chain_id)}:{brand.address}"


def controllers(result):
    methods = result["didDocument"]["verificationMethod"]
    return [method["blockchainAccountId"].split(":")[-1] for method in methods]


def test_resolve__untouched_identity__controls_itself(resolve, did, brand):
    result = resolve(did)

    assert result["didResolutionMetadata"] == {"contentType": "application/did+ld+json"}
    assert controllers(result) == [brand.address]


def test_resolve__owner_delegate_and_service__are_in_the_document(
    resolve, did, identities, brand, manufacturer, attacker
):
    identities.addDelegate(brand, VERIFICATION_KEY, manufacturer, YEAR, sender=brand)
    identities.setAttribute(brand, SERVICE, ENDPOINT.encode(), YEAR, sender=brand)
    identities.changeOwner(brand, attacker, sender=brand)

    result = resolve(did)

    assert set(controllers(result)) == {attacker.address, manufacturer.address}
    [service] = result["didDocument"]["service"]
    assert (service["type"], service["serviceEndpoint"]) == ("TraceabilityStore", ENDPOINT)


def test_resolve__revoked__is_gone_at_once(resolve, did, identities, brand, manufacturer):
    identities.addDelegate(brand, VERIFICATION_KEY, manufacturer, YEAR, sender=brand)
    identities.setAttribute(brand, SERVICE, ENDPOINT.encode(), YEAR, sender=brand)
    identities.revokeDelegate(brand, VERIFICATION_KEY, manufacturer, sender=brand)
    identities.revokeAttribute(brand, SERVICE, ENDPOINT.encode(), sender=brand)

    result = resolve(did)

    assert controllers(result) == [brand.address]
    assert "service" not in result["didDocument"]


def test_resolve__deactivated__says_so(resolve, did, identities, brand):
    identities.changeOwner(brand, "0x" + "0" * 40, sender=brand)

    result = resolve(did)

    assert result["didDocumentMetadata"]["deactivated"] is True
    assert result["didDocument"]["verificationMethod"] == []
