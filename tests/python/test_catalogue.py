import pytest

from weilian.catalogue import Catalogue, CatalogueError, read_catalogue
from weilian.csvfile import CsvFileError
from weilian.merkle.nodes import process_proof
from weilian.merkle.standard import standard_leaf

TEA, CUP = 6_901_234_567_892, 9_521_234_001_010
PRODUCTS = {TEA: (2_000, 500), CUP: (100,)}
CSV = "gtin,rate_1,rate_2\n6901234567892,20%,5%\n09521234001010,1%,\n"
YAML = '"6901234567892": ["20%", "5%"]\n"09521234001010": ["1%", "0%"]\n'


def write(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("p.csv", CSV), ("p.yaml", YAML)])
def test_read_catalogue__either_form__is_the_same(tmp_path, name, text):
    catalogue = read_catalogue(write(tmp_path, name, text))

    assert dict(catalogue.products) == PRODUCTS
    assert catalogue.ceiling_bps == 2_500


def test_proof__each_product__leads_to_the_root():
    catalogue = Catalogue(PRODUCTS)

    for gtin, rates in PRODUCTS.items():
        word = sum(rate << 14 * level for level, rate in enumerate(rates))
        leaf = standard_leaf(("uint64", "uint256"), (gtin, word))
        assert process_proof(leaf, catalogue.proof(gtin)) == catalogue.root


def test_rates__not_listed__says_so():
    with pytest.raises(CatalogueError, match="no product 00000000000007"):
        Catalogue(PRODUCTS).proof(7)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("6901234567892,1%,", "is listed already"),
        ("6901234567893,1%,", "check digit"),
        ("95212340,101%,", "must be between 0% and 100%"),
        ("40170725,0%,", "some rate must be above 0%"),
    ],
)
def test_read_catalogue__bad_row__is_named(tmp_path, row, message):
    with pytest.raises(CsvFileError, match=message):
        read_catalogue(write(tmp_path, "p.csv", f"{CSV}{row}\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must map GTINs"),
        ("- 1", "must map GTINs"),
        ("{}", "lists no product"),
        ('"6901234567892": "1%"', "must be a list of 1 to 5 rates"),
        ('"6901234567892": ["1"]', "must be a percentage in quotes"),
        ('"6901234567892": ["0%"]', "some rate must be above 0%"),
        ('"6901234567893": ["1%"]', "check digit"),
    ],
)
def test_read_catalogue__bad_yaml__is_named(tmp_path, text, message):
    with pytest.raises(CatalogueError, match=message):
        read_catalogue(write(tmp_path, "p.yaml", text))


def test_read_catalogue__missing__is_said(tmp_path):
    with pytest.raises(CatalogueError, match="No such file"):
        read_catalogue(tmp_path / "p.yml")
