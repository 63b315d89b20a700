"""Settings are checked before anything starts, all at once, and no secret is ever echoed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

TOKEN = "123456:" + "AAbbCC_-dd" * 3
WEBHOOK = {"TELEGRAM_WEBHOOK_URL": "https://kp.example.cn/telegram", "TELEGRAM_WEBHOOK_SECRET": "s3cret_-"}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine where nothing is set."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KAOPING_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def told(office: pytest.MonkeyPatch, values: dict[str, str]) -> list[str]:
    for name, value in values.items():
        office.setenv(f"KAOPING_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    return str(error.value).splitlines()


def test_without_settings_there_is_only_the_web_page(office: pytest.MonkeyPatch) -> None:
    settings = load_settings()

    assert settings.telegram_token.get_secret_value() == ""
    assert settings.telegram_api_base == "https://api.telegram.org"


def test_a_webhook_with_its_secret_and_token_is_taken(office: pytest.MonkeyPatch) -> None:
    for name, value in {**WEBHOOK, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_BASE": "http://127.0.0.1:8081/"}.items():
        office.setenv(f"KAOPING_{name}", value)

    settings = load_settings()

    assert settings.telegram_token.get_secret_value() == TOKEN
    assert settings.telegram_webhook_secret.get_secret_value() == "s3cret_-"
    assert settings.telegram_api_base == "http://127.0.0.1:8081"


def test_no_secret_shows_when_settings_are_printed(office: pytest.MonkeyPatch) -> None:
    for name, value in {**WEBHOOK, "TELEGRAM_TOKEN": TOKEN}.items():
        office.setenv(f"KAOPING_{name}", value)

    printed = repr(load_settings())

    assert TOKEN not in printed
    assert "s3cret" not in printed


@pytest.mark.parametrize("token", ["123456", "abc:" + "x" * 30, "123456:short", TOKEN + " x", f"bot{TOKEN}"])
def test_a_token_of_another_shape_is_told_without_it(office: pytest.MonkeyPatch, token: str) -> None:
    (sentence,) = told(office, {"TELEGRAM_TOKEN": token})

    assert sentence.startswith("KAOPING_TELEGRAM_TOKEN：不像机器人令牌")
    assert token not in sentence


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ({"TELEGRAM_WEBHOOK_URL": WEBHOOK["TELEGRAM_WEBHOOK_URL"], "TELEGRAM_TOKEN": TOKEN}, ["WEBHOOK_SECRET"]),
        ({"TELEGRAM_WEBHOOK_SECRET": "s3cret", "TELEGRAM_TOKEN": TOKEN}, ["WEBHOOK_SECRET"]),
        (WEBHOOK, ["TOKEN"]),
        ({"TELEGRAM_WEBHOOK_URL": "https://kp.example.cn/telegram"}, ["WEBHOOK_SECRET", "TOKEN"]),
        ({"TELEGRAM_WEBHOOK_URL": "http://kp.example.cn"}, ["WEBHOOK_URL", "WEBHOOK_SECRET", "TOKEN"]),
        ({**WEBHOOK, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": "a b"}, ["WEBHOOK_SECRET"]),
        ({**WEBHOOK, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": "a" * 257}, ["WEBHOOK_SECRET"]),
    ],
)
def test_half_a_webhook_is_refused(office: pytest.MonkeyPatch, values: dict[str, str], names: list[str]) -> None:
    sentences = told(office, values)

    assert [s.partition("：")[0] for s in sentences] == [f"KAOPING_TELEGRAM_{name}" for name in names]


def test_all_that_is_wrong_is_told_at_once_in_chinese(office: pytest.MonkeyPatch) -> None:
    wrong = {
        "TIMEZONE": "Mars",
        "LOCALE": "en_US",
        "DATABASE_URL": "postgresql://u:pass@x/db",
        "EVIDENCE_URL": "s3://key:pass@bucket",
        "TELEGRAM_TOKEN": "x",
        "TELEGRAM_API_BASE": "ftp://x",
        "WEB_PORT": "70000",
        "WEB_PUBLIC_URL": "kp.example.cn",
        "MAX_FILE_MB": "many",
    }

    sentences = told(office, wrong)

    assert {s.partition("：")[0].removeprefix("KAOPING_") for s in sentences} == set(wrong)
    assert "KAOPING_WEB_PORT：不能大于 65535" in sentences
    assert "KAOPING_MAX_FILE_MB：要写整数" in sentences
    assert "pass" not in "\n".join(sentences)
