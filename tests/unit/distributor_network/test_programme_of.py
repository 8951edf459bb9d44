from tests.support.programme import hand_over, join, join_line


def programme_of(network, brand):
    return tuple(network.programmeOf(brand))


def test_programme_of__nobody_joined__has_no_members(network, brand):
    assert programme_of(network, brand) == (0, 0)


def test_programme_of__distributors_joined__tells_how_many_and_how_deep(
    network, brand, upline, sponsor, distributor, payer, shopper
):
    told = []
    steps = [(upline, None, 0), (sponsor, upline, 2), (distributor, sponsor, 3)]
    for newcomer, above, number in [*steps, (payer, None, 0), (shopper, payer, 5)]:
        join(network, brand, newcomer, above, number)
        told.append(programme_of(network, brand))

    assert told == [(1, 1), (2, 2), (3, 3), (4, 3), (5, 3)]


def test_programme_of__distributors_joined_another_brand__counts_none(
    network, brand, manufacturer, sponsor, distributor
):
    join_line(network, brand, sponsor, distributor)

    assert programme_of(network, manufacturer) == (0, 0)


def test_programme_of__distributor_is_suspended_or_changes_account__still_counts_it(
    network, brand, sponsor, distributor, upline
):
    join_line(network, brand, sponsor, distributor)

    network.setSuspended(brand, 2, True, bytes(32), sender=brand)
    hand_over(network, brand, 3, distributor, upline)

    assert programme_of(network, brand) == (2, 2)
