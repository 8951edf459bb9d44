import pytest

from tests.python.examples import ROOT
from weilian.chain import ZERO_ADDRESS
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


@pytest.fixture
def strict(tmp_path):
    """The limits of one level, as the strictest profile has them."""
    text = LOCAL.read_text("utf-8")
    for old, new in (
        ("profile: international", "profile: CN-strict"),
        ("maxDepth: 5", "maxDepth: 1"),
        ("maxCommissionBps: 5000", "maxCommissionBps: 3000"),
        ("minPlatformFeeBps: 100", "minPlatformFeeBps: 0"),
        ("minRefundWindow: 1209600", "minRefundWindow: 604800"),
        ("allowsFinalSales: true", "allowsFinalSales: false"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "strict.yaml"
    path.write_text(text, "utf-8")
    return path


def test_load_config__local__has_the_widest_limits():
    config = load_config(LOCAL)

    assert config.limits.to_tuple() == (5, 5_000, 100, 14 * 86_400, 7 * 86_400, True)
    assert (config.arbitration.address, config.arbitration.data) == (ZERO_ADDRESS, b"")
    assert config.reward.cap_units == 10**27
    assert config.confirmations == 0


def test_load_config__sepolia__waits_longer():
    config = load_config(ROOT / "config" / "sepolia.yaml")

    assert config.limits.min_refund_window == 14 * 86_400
    assert config.confirmations == 2


def test_load_config__address__gets_its_checksum(changed):
    path = changed("platform: deployer", 'platform: "0x90f79bf6eb2c4f870365e785982e1f101e93b906"')

    assert load_config(path).platform == "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("maxDepth: 5", "maxDepth: 6", r"limits.maxDepth: .*equal to 5 \(got 6\)"),
        ("maxDepth: 5", "maxDepth: '5'", r"limits.maxDepth: .*integer \(got '5'\)"),
        ("maxDepth: 5", "maxDepths: 5", r"limits.maxDepths: Extra inputs"),
        ("maxDepth: 5", "max_depth: 5", r"limits.max_depth: Extra inputs"),
        ("  maxDepth: 5", "", r"limits.maxDepth: Field required"),
        ("platform: deployer", "platform: '0x12'", r"platform: '0x12' is not an address"),
        ("platform: deployer", f"platform: '0x{'0' * 40}'", r"platform: .*not the zero address"),
        ("platform: deployer", "platform: 0x12", r"platform: must stand in quotes \(got 18\)"),
        ('cap: "1000000000"', "cap: 1.5", r"reward.cap: must stand in quotes"),
        ('cap: "1000000000"', 'cap: "-1"', r"reward.cap: .*negative"),
        ('cap: "1000000000"', 'cap: "0"', r"reward.cap: must be above zero"),
        ("profile: international", "profile: CN", r"profile: .*'CN-strict'.*got 'CN'"),
        (
            "profile: international",
            "profile: CN-strict",
            r"is 5, .*CN-strict allows at most 1",
        ),
        (
            "profile: international",
            "profile: CN-market",
            r"is 5, .*CN-market allows at most 2",
        ),
        ("minPlatformFeeBps: 100", "minPlatformFeeBps: 101", r"minPlatformFeeBps: .*to 100 "),
        ("minRefundWindow: 1209600", "minRefundWindow: 1209599", r"international allows at least"),
        ("noticePeriod: 604800", "noticePeriod: 604799", r"noticePeriod is 604799, .*least 604800"),
        ("maxCommissionBps: 5000", "maxCommissionBps: 5001", r"is 5001, .*allows at most 5000"),
        ("arbitrator: none", "arbitrator: nobody", r"arbitrator: 'nobody' is not an address"),
        ('extraData: "0x"', 'extraData: "0x1"', r"arbitration.extraData: "),
        ('extraData: "0x"', 'extraData: "12"', r"extraData: must be 0x and hex digits"),
        ('permit2: "0x000000000022', 'permit2: "0x00', r"permit2: .*is not an address"),
        ("delay: 0", "delay: -1", r"roles.admin.delay: .*got -1"),
        ("limits:", "limits", r"is not YAML \(line \d+\)"),
    ],
)
def test_load_config__wrong_value__is_named(changed, old, new, message):
    with pytest.raises(ConfigError, match=message):
        load_config(changed(old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("maxCommissionBps: 3001", r"maxCommissionBps is 3001, .* allows at most 3000"),
        ("minRefundWindow: 604799", r"minRefundWindow is 604799, .* allows at least 604800"),
        ("allowsFinalSales: true", r"allowsFinalSales is true, profile CN-strict allows false"),
    ],
)
def test_load_config__beyond_the_profile__is_named(strict, text, message):
    key, _, _ = text.partition(": ")
    old = next(line.strip() for line in strict.read_text("utf-8").splitlines() if key in line)
    strict.write_text(strict.read_text("utf-8").replace(old, text, 1), "utf-8")

    with pytest.raises(ConfigError, match=message):
        load_config(strict)


def test_load_config__strict_profile__takes_its_limits(strict):
    config = load_config(strict)

    assert config.limits.to_tuple() == (1, 3_000, 0, 7 * 86_400, 7 * 86_400, False)


def test_load_config__no_such_file__is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "none.yaml")


def test_load_config__other_encoding__says_utf8(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes("profile: 微链".encode("gbk"))

    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(path)
