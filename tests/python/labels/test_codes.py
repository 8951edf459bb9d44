import itertools
import pickle

import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.python.labels.reading import outer_labels
from weilian.labels.codes import QrTextError, dark_runs, qr_matrices, qr_matrix
from weilian.labels.masks import penalties, rows_of

LINK = "https://tea.example.com/01/09521234001010/21/A1"
SECRET = "7ZK2M9X4TQ7ZK2M9X4TQ7ZK2M9"


def read(matrix):
    pixels = np.pad(~matrix, 4, constant_values=True).repeat(4, axis=0).repeat(4, axis=1)
    return [code.text for code in zxingcpp.read_barcodes(pixels.astype(np.uint8) * 255)]


def penalty_of(matrix):
    """The rules of ISO/IEC 18004, module by module."""
    side, total = len(matrix), 10 * int(abs(matrix.mean() * 100 - 50) // 5)
    for line in (*matrix, *matrix.T):
        text = "".join("01"[int(dark)] for dark in line)
        runs = [len(list(run)) for _, run in itertools.groupby(text)]
        total += sum(run - 2 for run in runs if run >= 5)
        for at in range(side - 6):
            near = text[max(at - 4, 0) : at] == "0000" or text[at + 7 : at + 11] == "0000"
            total += 40 * (text[at : at + 7] == "1011101" and near)
    corners = itertools.product(range(side - 1), repeat=2)
    return total + 3 * sum(matrix[y : y + 2, x : x + 2].sum() in (0, 4) for y, x in corners)


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
def test_qr_matrix__any_ascii_text__reads_back(text):
    matrix = qr_matrix(text)

    assert read(matrix) == [text]


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_qr_matrix__each_level__reads_back_as_segno_does(level):
    theirs = segno.make_qr(LINK, error=level, boost_error=False).matrix

    ours = qr_matrix(LINK, level)

    assert read(ours) == read(np.array([list(row) for row in theirs], bool)) == [LINK]
    assert len(ours) <= len(theirs)


def test_qr_matrices__different_sizes__come_in_order():
    texts = [LINK, "HTTPS://A.B", LINK * 20, LINK + "#" + SECRET, "HTTPS://C.D"] * 30

    matrices = qr_matrices(texts)

    assert [read(matrix) for matrix in matrices[:5]] == [[text] for text in texts[:5]]
    assert len({len(matrix) for matrix in matrices}) == 4
    assert all(map(np.array_equal, matrices[:5], matrices[-5:]))


def test_qr_matrices__none__are_none():
    assert qr_matrices([]) == []


def test_penalties__some_codes__are_those_of_the_standards_rules():
    matrices = np.stack(qr_matrices([label.text for label in outer_labels(6)]))
    noise = np.random.default_rng(1).random((3, 21, 21)) < 0.3

    for codes in (matrices, noise, np.ones((1, 21, 21), bool)):
        found = penalties(rows_of(codes), rows_of(codes.transpose(0, 2, 1)))

        assert found.tolist() == [penalty_of(code) for code in codes]


def test_qr_matrix__mask__is_the_one_of_the_least_penalty():
    content = zxingcpp.BarcodeFormat.QRCode
    barcodes = [zxingcpp.create_barcode(LINK, content, ec_level="M", data_mask=n) for n in range(8)]
    masked = [np.array(code.to_image(add_quiet_zones=False)) == 0 for code in barcodes]

    chosen = qr_matrix(LINK)

    assert np.array_equal(chosen, min(masked, key=penalty_of))


def test_dark_runs__of_a_code__cover_its_dark_modules_once():
    matrix = qr_matrix(LINK)

    drawn = np.zeros(matrix.shape, int)
    for x, y, length in dark_runs(matrix):
        drawn[y, x : x + length] += 1

    assert np.array_equal(drawn, matrix.astype(int))


@pytest.mark.parametrize(
    ("text", "level", "rule"),
    [
        ("", "M", "there is nothing to encode; give a link"),
        (LINK + "/茶", "M", "character 49 is not ASCII; percent-encode it"),
        ("A1-b" * 900, "M", "3600 characters are too many at level M; shorten the link"),
        (LINK, "X", "the level is 'X'; it must be one of L, M, Q, H"),
    ],
)
def test_qr_matrix__bad_input__is_refused_in_one_sentence(text, level, rule):
    with pytest.raises(QrTextError) as refused:
        qr_matrix(text, level)

    assert str(refused.value) == f"QR code of {text.partition('#')[0]!r:.120}: {rule}"


@pytest.mark.parametrize("text", [f"{LINK}#{SECRET * 200}", f"{LINK}#{SECRET}é"])
def test_qr_matrix__bad_hidden_link__is_refused_without_its_code(text):
    with pytest.raises(QrTextError) as refused:
        qr_matrix(text)

    assert SECRET not in str(refused.value)


def test_qr_text_error__through_pickle__keeps_its_sentence():
    error = QrTextError(LINK, "too long")

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own bytes

    assert (type(again), str(again)) == (QrTextError, str(error))
