def test_name_and_symbol__wallet_asks__is_always_same(items):
    assert (items.name(), items.symbol()) == ("Weilian Items", "WLI")
