def test_constructor__it_is_deployed__knows_batches_and_identities(custody, provenance, identities):
    assert (custody.PROVENANCE(), custody.IDENTITIES()) == (provenance, identities)
