import pytest
from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier

from weilian.gs1.application_identifiers import ApplicationIdentifier, Part, aliases, table
from weilian.gs1.errors import ApplicationIdentifierError, ElementValueError


def is_known_to_biip(code):
    try:
        return GS1ApplicationIdentifier.extract(code).ai == code
    except ParseError:
        return False


def test_table__all_codes_of_two_to_four_digits__are_those_of_gs1():
    codes = [f"{n:0{length}}" for length in (2, 3, 4) for n in range(10**length)]

    assert list(table()) == sorted(filter(is_known_to_biip, codes))


def test_table__predefined_lengths__are_fixed_and_need_no_separator():
    fixed = {row.code[:2] for row in table().values() if not row.separated}

    assert " ".join(sorted(fixed)) == "00 01 02 03 11 12 13 15 16 17 20 31 32 33 34 35 36 41"
    assert all(row.shortest == row.longest for row in table().values() if not row.separated)


def test_table__named_codes__are_in_it():
    listed = {code for row in table().values() for code in row.never}
    listed |= {code for row in table().values() for group in row.needs for code in group}
    listed |= {code for row in table().values() for chain in row.qualifiers or () for code in chain}

    assert {
        code for code in listed if not any(known.startswith(code) for known in table())
    } == set()
    assert set(aliases().values()) <= set(table())


def test_of__net_weight__tells_title_and_decimal_places():
    weight = ApplicationIdentifier.of("3103")

    assert (weight.title, weight.decimal_places, weight.separated) == ("NET WEIGHT (kg)", 3, False)
    assert ApplicationIdentifier.of("10").decimal_places is None


@pytest.mark.parametrize("code", ["", "1", "04", "3106", "99999", "x", "٠١"])
def test_of__unknown_code__raises(code):
    with pytest.raises(ApplicationIdentifierError, match="GS1 has not assigned it"):
        ApplicationIdentifier.of(code)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("00", "952012345678912345"),
        ("01", "09521234001010"),
        ("10", "!\"%&'()*+,-./:;<=>?_Aa09"[:20]),
        ("17", "240229"),
        ("17", "250200"),
        ("253", "1231231231232TEST5678901234567"),
        ("253", "1231231231232"),
        ("255", "1231231231232999999999999"),
        ("310" + "3", "000195"),
        ("3910", "978123"),
        ("421", "156AB1"),
        ("423", "156004"),
        ("423", "156004008012840"),
        ("4307", "CN"),
        ("4309", "02790858483015297971"),
        ("4309", "18000000003600000000"),
        ("4301", "A%20B"),
        ("4324", "2601002359"),
        ("4330", "000150-"),
        ("7003", "2601012359"),
        ("7007", "260101260131"),
        ("7011", "2601010000"),
        ("7030", "999AB"),
        ("7040", "1AB-"),
        ("7041", "PX"),
        ("7241", "80"),
        ("7250", "20240229"),
        ("7252", "9"),
        ("7258", "2/3"),
        ("8001", "00010000100190"),
        ("8003", "09521234000440X/1"),
        ("8006", "095212340010100203"),
        ("8007", "FR7630006000011234567890189"),
        ("8007", "MT90MALT011000012345MTLCAST001SABC"),
        ("8008", "26010123"),
        ("8008", "2601012359"),
        ("8008", "260101235959"),
        ("8010", "95212347-A#/"),
        ("8011", "0"),
        ("8013", "1987654Ad4X4bL5ttr2310c2K"),
        ("8014", "1987654Ad4X4bL5ttr2310c2K"),
        ("8030", "abc_-Z09"),
        ("8030", "YQ=="),
        ("8043", "123456789012345678"),
        ("8043", "12345678901234567890"),
        ("8110", "012345612345611110123101101236123456789012"),
        ("8110", "0123456123456111101233260131426010150123456"),
        ("8110", "012345612345611110123" + "21101239" + "611234567" + "90000"),
        ("8112", "001234561234560123456"),
        ("99", "x" * 90),
    ],
)
def test_check__value_that_the_standard_allows__passes(code, value):
    assert ApplicationIdentifier.of(code).flaw(value) is None


@pytest.mark.parametrize(
    ("code", "value", "position", "rule"),
    [
        ("01", "09521234001013", 14, "check digit 3 is wrong, it should be 0"),
        ("01", "0952123400101", 14, "it has 13 characters, it must have 14"),
        ("01", "095212340010100", 15, "it has 15 characters, it must have 14"),
        ("01", "0952123400101x", 14, "character 'x' is not in the digits 0 to 9"),
        ("01", "0" * 14, 1, "it must not be zero"),
        ("10", "", 1, "it has 0 characters, it must have 1 to 20"),
        ("10", "A B", 2, "character ' ' is not in GS1 set 82"),
        ("17", "251301", 3, "month 13 must be 01 to 12"),
        ("17", "250230", 5, "day 30 must be 00 to 28"),
        ("253", "1231231231233TEST", 13, "check digit 3 is wrong, it should be 2"),
        ("255", "1231231231232A", 14, "character 'A' is not in the digits 0 to 9"),
        ("30", "", 1, "it has 0 characters, it must have 1 to 8"),
        ("3910", "000123", 1, "'000' is no currency number of ISO 4217"),
        ("401", "952", 4, "it is too short to begin with a GS1 Company Prefix"),
        ("401", "95A1", 3, "it must begin with a GS1 Company Prefix"),
        ("422", "000", 1, "'000' is no country number of ISO 3166"),
        ("423", "15600", 6, "its last part has 2 characters, it must have 3"),
        ("423", "156999", 4, "'999' is no country number of ISO 3166"),
        ("4307", "XX", 1, "'XX' is no country of ISO 3166"),
        ("4309", "18000000013600000000", 1, "latitude 1800000001 must be at most 1,800,000,000"),
        ("4309", "18000000003600000001", 11, "longitude 3600000001 must be at most 3,600,000,000"),
        ("4301", "A%2", 2, "two hex digits must follow '%'"),
        ("4321", "2", 1, "'2' must be 0 or 1"),
        ("4326", "260100", 5, "day 00 must be 01 to 31"),
        ("4330", "000150+", 7, "'+' must be -"),
        ("7003", "2601012460", 7, "hour 24 must be at most 23"),
        ("7003", "2601012360", 9, "minute 60 must be at most 59"),
        ("7040", "1AB.", 4, "character '.' is not in the importer index characters"),
        ("7041", "QX", 1, "'QX' is no package type"),
        ("7241", "11", 1, "media type 11 must be 01 to 10 or 80 to 99"),
        ("7250", "20230229", 7, "day 29 must be 01 to 28"),
        ("7250", "00000101", 1, "there is no year 0"),
        ("7252", "3", 1, "'3' must be 0 or 1 or 2 or 9"),
        ("7258", "3/2", 1, "3 is more than 2"),
        ("7258", "123", 1, "'123' must look like 2/3"),
        ("8001", "00010000000190", 5, "it must not be zero"),
        ("8001", "00010000100120", 13, "'2' must be 0 or 1 or 9"),
        ("8003", "19521234000440", 1, "'1' must be 0"),
        ("8006", "095212340010100302", 15, "piece 03 is more than the total 02"),
        ("8006", "095212340010100002", 15, "pieces are counted from 01"),
        ("8006", "095212340010100100", 17, "pieces are counted from 01"),
        ("8007", "XX7630006000011234567890189", 1, "'XX' is no country of ISO 3166"),
        ("8007", "FR7730006000011234567890189", 3, "check digits 77 are wrong"),
        ("8007", "FR763000600001123456789018a", 27, "'a' cannot stand in an IBAN"),
        ("8007", "FR76300060", 11, "an IBAN of 10 characters is too short"),
        ("8010", "95212347a", 9, "character 'a' is not in GS1 set 39"),
        ("8011", "01", 1, "it must not begin with a zero"),
        (
            "8013",
            "1987654Ad4X4bL5ttr2310c2X",
            24,
            "check characters 2X are wrong, they should be 2K",
        ),
        ("8013", "22", 3, "too short to end in a pair"),
        ("8014", "1234567892326", 12, "check characters 26 are wrong"),
        ("8030", "abc+", 4, "character '+' is not in GS1 set 64"),
        ("8030", "a=b", 2, "'=' can only stand at the end"),
        ("8030", "a===", 4, "at most two '='"),
        ("8110", "7", 1, "length of the company prefix is 7, it must be one of 0123456"),
        ("8110", "01234561234560", 14, "length of the save value is 0"),
        ("8110", "0123456123456111101231", 23, "additional purchase rules code"),
        ("8110", "0123456123456111101237", 22, "there are digits after the last field"),
        ("8110", "01234561234561111012332601014260102", 30, "start 260102 is after the expiry"),
        ("8110", "0123456123456111101233260100", 27, "expiry date: day 00 must be 01 to 31"),
        ("8112", "201234561234560123456", 1, "the format is 2, it must be one of 01"),
        ("8112", "00123456123456012345", 21, "the serial of 6 digits is cut off"),
        ("8112", "0012345612345601234567", 22, "there are digits after the last field"),
    ],
)
def test_check__value_that_breaks_a_rule__error_names_rule_and_place(code, value, position, rule):
    with pytest.raises(ElementValueError) as caught:
        ApplicationIdentifier.of(code).check(value)

    assert caught.value.rule.startswith(rule) or rule in caught.value.rule
    assert caught.value.position == position
    assert str(caught.value).endswith(f"at place {position} of AI ({code})")


def test_part__unknown_notation__raises():
    with pytest.raises(ApplicationIdentifierError, match="'Q5': this is no part of a value"):
        Part.parse("Q5")
