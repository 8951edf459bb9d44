def test_is_approved_for_all__nothing_was_said__is_false(items, shopper, distributor):
    assert not items.isApprovedForAll(shopper, distributor)


def test_is_approved_for_all__owner_approved__is_true_for_that_operator_only(
    items, shopper, distributor, attacker
):
    items.setApprovalForAll(distributor, True, sender=shopper)

    assert items.isApprovedForAll(shopper, distributor)
    assert not items.isApprovedForAll(shopper, attacker)
    assert not items.isApprovedForAll(distributor, shopper)


def test_is_approved_for_all__single_item_was_approved__is_false(
    items, item_id, shopper, distributor
):
    items.approve(distributor, int.from_bytes(item_id), sender=shopper)

    assert not items.isApprovedForAll(shopper, distributor)
