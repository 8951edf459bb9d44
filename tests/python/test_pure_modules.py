import subprocess
import sys

import pytest

PURE = (
    "address",
    "batch_build",
    "batch_folder",
    "batchfile",
    "batchspec",
    "commission",
    "csvfile",
    "epcis",
    "event_routing",
    "gs1",
    "hashing",
    "jsonfile",
    "keys",
    "labels",
    "linkfile",
    "merkle",
    "money",
    "planfile",
    "pool",
    "provenance",
    "sealed",
    "seasonfile",
    "serials",
    "verification.documents",
    "verification.layout",
    "yamlfile",
)


@pytest.mark.parametrize("name", PURE)
def test_import__pure_module__brings_neither_web3_nor_ape(name):
    code = f"import sys, weilian.{name}; sys.exit(bool({{'web3', 'ape'}} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0
