"""Numbers of persons hidden in a pack's names and index, and nothing else taken for one."""

from __future__ import annotations

import pytest

from reports.pack_masks import is_identity, masked

IDENTITY = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize(
    "text",
    [
        IDENTITY,
        IDENTITY.lower(),
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002X",
    ],
)
def test_an_id_number_is_hidden_however_it_is_written(text: str) -> None:
    assert masked(f"张三{text}证书") == "张三110105********002X证书"


@pytest.mark.parametrize("text", ["110105194912310021", "A11010519491231002XB", f"9{IDENTITY}", "苏质〔2026〕123号"])
def test_as_many_digits_that_do_not_check_stay(text: str) -> None:
    assert masked(text, mobiles=True) == text


def test_one_wrong_digit_is_no_id_number() -> None:
    wrong = [IDENTITY[:place] + str((int(IDENTITY[place]) + 1) % 10) + IDENTITY[place + 1 :] for place in range(17)]

    assert is_identity(IDENTITY)
    assert not any(is_identity(number) for number in wrong)


def test_mobile_numbers_are_hidden_only_where_asked() -> None:
    assert masked("电话13812345678，0519-85127000") == "电话13812345678，0519-85127000"
    assert masked("电话13812345678，0519-85127000", mobiles=True) == "电话138****5678，0519-85127000"
    assert masked("138 1234 5678", identities=False, mobiles=True) == "138****5678"


def test_nothing_is_hidden_where_nothing_is_asked() -> None:
    assert masked(IDENTITY, identities=False) == IDENTITY
