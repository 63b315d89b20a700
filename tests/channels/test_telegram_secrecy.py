"""No token and no secret in a log, an error, a row or a name, whoever writes it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from fakes import MemoryFiles
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram_server import TOKEN, Trouble
from telegram_world import CHEN, TelegramWorld, free_port

from channels.port import FileRef
from channels.telegram.channel import TelegramChannel
from channels.telegram.outcomes import outcome_of
from channels.telegram.secrecy import hide, scrub
from channels.telegram.webhook import Webhook

PART = TOKEN.partition(":")[2]


def test_a_whole_day_of_trouble_shows_no_token(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Everything that logs, at its most talkative, in each way a call can go wrong."""
    files, ref = MemoryFiles(tmp_path), "ab"
    files.kept[ref] = b"%PDF-1.7"
    (tmp_path / ref).write_bytes(files.kept[ref])
    bad = [Trouble(502, html="<h1>no</h1>"), Trouble(401, "Unauthorized"), Trouble(404, "Not Found")]

    async def act(world: TelegramWorld) -> None:
        for method in ("getUpdates", "sendMessage", "getFile", "answerCallbackQuery", "editMessageText"):
            world.server.trouble[method].extend(bad)
        outcomes = [await world.send(f"第{n}条", ("k::0", "有")) for n in range(4)]
        outcomes.append(await world.send("表", file=FileRef(ref, "评分表.pdf", 8)))  # goes over another library
        assert not any(PART in outcome.why for outcome in outcomes)
        cut = world.server.file(b"x" * 100_000, cut_at=[10] * 9)
        world.server.update("message", world.server.message(CHEN, document={**cut, "file_name": "坏.pdf"}))
        world.server.press(world.last(), "k::0")
        world.server.raw({"update_id": 9000, "message": {"text": 1}})
        await world.heard(2)

    with caplog.at_level("DEBUG"):
        world = TelegramWorld(files=files).start(act)

    assert len(caplog.records) > 20
    assert f"/bot{'***'}/" in caplog.text
    assert PART not in caplog.text
    assert PART not in world.rows() + str(world.inbox.dropped) + str(world.core.heard) + repr(world.channel)


def test_the_webhook_s_secret_is_hidden_too(caplog: pytest.LogCaptureFixture) -> None:
    port, secret = free_port(), "a-webhook-secret-0001"
    webhook = Webhook(f"http://127.0.0.1:{port}/hook", secret, "127.0.0.1", port)

    async def act(world: TelegramWorld) -> None:
        world.server.say(CHEN, "在")
        await world.heard(1)

    with caplog.at_level("DEBUG"):
        TelegramWorld(webhook=webhook).start(act)
        logging.getLogger("any.library").info("calling with %s", {"secret_token": secret})

    assert "'secret_token': '***'" in caplog.text
    assert secret not in caplog.text


def test_a_traceback_with_the_token_is_scrubbed(caplog: pytest.LogCaptureFixture) -> None:
    hide(TOKEN)
    try:
        raise OSError(f"cannot open https://api.telegram.org/bot{TOKEN}/getMe")
    except OSError:
        logging.getLogger("any.library").exception("failed")

    assert "cannot open https://api.telegram.org/bot***/getMe" in caplog.text
    assert PART not in caplog.text


def test_a_log_call_with_wrong_arguments_shows_no_token_either(caplog: pytest.LogCaptureFixture) -> None:
    hide(TOKEN)
    logging.getLogger("any.library").warning("two %s %s", TOKEN)

    assert PART not in caplog.text
    assert "***" in caplog.text


def test_other_records_are_left_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    hide(TOKEN)
    logging.getLogger("any.library").warning("%s and %d", "this", 2)

    assert caplog.records[-1].args == ("this", 2)
    assert caplog.records[-1].getMessage() == "this and 2"


def test_scrubbing_takes_the_token_in_every_spelling() -> None:
    hide(TOKEN)

    assert scrub(f"a {TOKEN} b {TOKEN.replace(':', '%3A')} c {PART}") == "a *** b *** c ***"


@pytest.mark.parametrize("token", ["", "no colon in it", "4242:", "abc:secret-secret-secret", "4242:with space in it"])
def test_a_token_of_the_wrong_form_is_refused_without_being_shown(token: str) -> None:
    world = TelegramWorld()

    with pytest.raises(Exception, match="Token is invalid") as error:
        TelegramChannel(token, world.inbox, world.files, world.clock)

    assert not token or token not in str(error.value)


@pytest.mark.parametrize("kind", [NetworkError, BadRequest, Forbidden, InvalidToken])
def test_an_error_that_names_the_address_called_leaves_no_token_in_the_outcome(kind: type[TelegramError]) -> None:
    hide(TOKEN)

    outcome = outcome_of(kind(f"cannot reach https://api.telegram.org/bot{TOKEN}/sendMessage"))

    assert outcome.why
    assert PART not in outcome.why


def test_a_refused_token_is_said_with_the_setting_to_look_at() -> None:
    async def main() -> str:
        world = TelegramWorld(token="4242:AAH-another-token-of-nobody")
        async with world.serving(), world.running(ready=False):
            return (await world.send("在吗")).why

    assert asyncio.run(main()) == "Telegram 不认机器人的令牌，请检查 KAOPING_TELEGRAM_TOKEN"
