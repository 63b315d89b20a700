"""Words that mark a file as secret (涉密), and those of other matters."""

from __future__ import annotations

import pytest

from storage.files import classified_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("秘密★10年", "秘密"), ("机密★", "机密"), ("绝 密", "绝密"), ("关于…的通知（机密）", "机密"), ("机密封存.pdf", "机密"),
        ("这是机密文件，手机密码另发", "机密"), ("国家秘密法培训和一份秘密文件", "秘密"), ("国家秘密清单", "秘密"),
    ],
)  # fmt: skip
def test_a_word_of_secrecy_is_seen(text: str, word: str) -> None:
    assert classified_word(text) == word


@pytest.mark.parametrize(
    "text",
    [
        "保密工作总结", "手机密码忘了", "发动机密封件抽检", "杜绝密封不严", "保守国家秘密法宣传", "商业秘密保护示范点", "质量密度",
        "奥秘密码", "",
    ],
)  # fmt: skip
def test_letters_of_other_words_are_no_word_of_secrecy(text: str) -> None:
    assert classified_word(text) is None
