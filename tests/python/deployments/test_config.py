import pytest

from tests.python.examples import ROOT
from weilian.config import ConfigError, load_config

LOCAL = ROOT / "config" / "local.yaml"


@pytest.fixture
def changed(tmp_path):
    def write(old, new):
        text = LOCAL.read_text("utf-8")
        assert old in text
        path = tmp_path / "changed.yaml"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return path

    return write


def test_load_config__local__has_the_limits_of_development():
    config = load_config(LOCAL)

    assert config.limits.to_tuple() == (3, 3_000, 100, 600)
    assert config.reward.cap_units == 10**27
    assert config.confirmations == 0


def test_load_config__sepolia__waits_longer():
    config = load_config(ROOT / "config" / "sepolia.yaml")

    assert config.limits.min_refund_window == 7 * 86_400
    assert config.confirmations == 2


def test_load_config__address__gets_its_checksum(changed):
    path = changed("platform: deployer", 'platform: "0x90f79bf6eb2c4f870365e785982e1f101e93b906"')

    assert load_config(path).platform == "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("maxDepth: 3", "maxDepth: 6", r"limits.maxDepth: .*equal to 5 \(got 6\)"),
        ("maxDepth: 3", "maxDepth: '3'", r"limits.maxDepth: .*integer \(got '3'\)"),
        ("maxDepth: 3", "maxDepths: 3", r"limits.maxDepths: Extra inputs"),
        ("maxDepth: 3", "max_depth: 3", r"limits.max_depth: Extra inputs"),
        ("  maxDepth: 3", "", r"limits.maxDepth: Field required"),
        ("platform: deployer", "platform: '0x12'", r"platform: '0x12' is not an address"),
        ("platform: deployer", f"platform: '0x{'0' * 40}'", r"platform: .*not the zero address"),
        ("platform: deployer", "platform: 0x12", r"platform: must stand in quotes \(got 18\)"),
        ('cap: "1000000000"', "cap: 1.5", r"reward.cap: must stand in quotes"),
        ('cap: "1000000000"', 'cap: "-1"', r"reward.cap: .*negative"),
        ('cap: "1000000000"', 'cap: "0"', r"reward.cap: must be above zero"),
        ("profile: international", "profile: CN", r"profile: .*'CN-strict'.*got 'CN'"),
        ("profile: international", "profile: CN-strict", r"maxDepth is 3, .*CN-strict allows 1"),
        ("profile: international", "profile: CN-market", r"maxDepth is 3, .*CN-market allows 2"),
        ("minPlatformFeeBps: 100", "minPlatformFeeBps: 7001", r"10001 together.*at most 10000"),
        ("delay: 0", "delay: -1", r"roles.admin.delay: .*got -1"),
        ("limits:", "limits", r"is not YAML \(line \d+\)"),
    ],
)
def test_load_config__wrong_value__is_named(changed, old, new, message):
    with pytest.raises(ConfigError, match=message):
        load_config(changed(old, new))


def test_load_config__profile_caps_the_commission(changed, tmp_path):
    path = changed("maxDepth: 3", "maxDepth: 2")
    text = path.read_text("utf-8").replace("international", "CN-market", 1)
    path.write_text(text.replace("maxCommissionBps: 3000", "maxCommissionBps: 3001"), "utf-8")

    with pytest.raises(ConfigError, match=r"maxCommissionBps is 3001, .* allows 3000"):
        load_config(path)


def test_load_config__no_such_file__is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "none.yaml")


def test_load_config__other_encoding__says_utf8(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("profile: 微链".encode("gbk"))

    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(path)
