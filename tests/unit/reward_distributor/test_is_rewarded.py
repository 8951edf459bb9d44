def test_is_rewarded__nothing_happened__is_false(rewards, item_id):
    assert not rewards.isRewarded(item_id)
