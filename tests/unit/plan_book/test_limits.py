from dataclasses import asdict, astuple

from tests.support.programme import PlanLimits

NARROW = PlanLimits(1, 3_000, 50, 7 * 86_400, 30 * 86_400, False)


def test_limits__they_were_set_at_deployment__tells_all_of_them(book, deploy_book):
    narrow = deploy_book(**asdict(NARROW))

    assert tuple(book.limits()) == astuple(PlanLimits())
    assert tuple(narrow.limits()) == astuple(NARROW)
