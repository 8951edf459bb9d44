from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts


def test_constructor__it_is_deployed__has_one_administrator(manager, platform, deployer):
    admin_role = manager.ADMIN_ROLE()

    assert tuple(manager.hasRole(admin_role, platform)) == (True, 0)
    assert tuple(manager.hasRole(admin_role, deployer)) == (False, 0)


def test_constructor__administrator_is_zero__reverts(manager, deployer, project):
    with reverts(manager.AccessManagerInvalidInitialAdmin, initialAdmin=ZERO_ADDRESS):
        deployer.deploy(project.PlatformManager, ZERO_ADDRESS)
