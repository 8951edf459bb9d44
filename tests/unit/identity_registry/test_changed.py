"""The linked list of ERC-1056: each event names the block of the one before it."""

NAME = b"did/svc/Weilian".ljust(32, b"\0")


def walk(identities, identity):
    """Follow the links as a resolver does; return the names of events, newest block first."""
    names = []
    block = identities.changed(identity)
    while block:
        events = [
            event
            for kind in ("DIDOwnerChanged", "DIDDelegateChanged", "DIDAttributeChanged")
            for event in getattr(identities, kind).range(block, block + 1)
            if event.identity == identity
        ]
        names.append(sorted(event.event_name for event in events))
        block = min(event.previousChange for event in events)
    return names


def test_changed__nothing_happened__is_zero(identities, issuer):
    assert identities.changed(issuer) == 0


def test_changed__event_happens__is_that_block(identities, matter, issuer, manufacturer):
    tx = identities.addDelegate(issuer, matter, manufacturer, 1, sender=issuer)

    assert identities.changed(issuer) == tx.block_number


def test_changed__several_changes_lie_in_different_blocks__leads_back_through_all_of_them(
    identities, matter, issuer, brand, manufacturer, chain
):
    identities.addDelegate(issuer, matter, manufacturer, 1, sender=issuer)
    chain.mine(3)
    identities.setAttribute(issuer, NAME, b"", 1, sender=issuer)
    identities.changeOwner(issuer, brand, sender=issuer)

    blocks = walk(identities, issuer)

    assert blocks == [["DIDOwnerChanged"], ["DIDAttributeChanged"], ["DIDDelegateChanged"]]


def test_changed__several_changes_lie_in_one_block__leads_back_through_all_of_them_once(
    identities, matter, issuer, manufacturer, manager, platform
):
    identities.changeOwner(issuer, manager, sender=issuer)
    changes = [
        identities.addDelegate.encode_input(issuer, matter, manufacturer, 1),
        identities.setAttribute.encode_input(issuer, NAME, b"", 1),
        identities.revokeDelegate.encode_input(issuer, matter, manufacturer),
    ]

    # The manager is a contract that can call many times in one transaction.
    calls = [manager.execute.encode_input(identities, change) for change in changes]
    manager.multicall(calls, sender=platform)

    together = ["DIDAttributeChanged", "DIDDelegateChanged", "DIDDelegateChanged"]
    assert walk(identities, issuer) == [together, ["DIDOwnerChanged"]]


def test_changed__another_identity_changes__stays(identities, issuer, brand, payer):
    identities.changeOwner(brand, payer, sender=brand)

    assert identities.changed(issuer) == 0
