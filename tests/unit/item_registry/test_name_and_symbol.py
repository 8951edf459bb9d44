def test_name_and_symbol__wallet_asks__are_fixed(items):
    assert (items.name(), items.symbol()) == ("Weilian Items", "WLI")
