"""A pressed option is settled at once: the spinner ends, the buttons go, the choice is written under the question."""

from __future__ import annotations

import logging

from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from channels.telegram import layout, words
from channels.telegram.pacer import Asked
from channels.telegram.presses import Pressed
from channels.telegram.secrecy import scrub

_log = logging.getLogger(__name__)


async def settle(bot: ExtBot[Asked], press: Pressed) -> None:
    """Settle, as far as it goes: a press that is too old or settled before is fine, and nothing here stops the event."""
    for call in (_answer, _take_buttons_off):
        try:
            await call(bot, press)
        except BadRequest as error:
            _log.debug("nothing left to settle: %s", scrub(error))
        except TelegramError as error:
            _log.warning("a pressed option was not settled: %s: %s", type(error).__name__, scrub(error))


async def _answer(bot: ExtBot[Asked], press: Pressed) -> None:
    await bot.answer_callback_query(press.query_id)


async def _take_buttons_off(bot: ExtBot[Asked], press: Pressed) -> None:
    if not press.label:
        return
    chosen = words.CHOSEN.format(label=press.label)
    if press.caption is not None:
        caption = f"{press.caption}\n{chosen}".strip()
        if layout.units(caption) <= layout.CAPTION_UNITS:
            await bot.edit_message_caption(press.chat, press.message_id, caption=caption)
            return
    elif layout.units(f"{press.text}\n{chosen}") <= layout.TEXT_UNITS:
        # An edit without a keyboard takes the keyboard away.
        await bot.edit_message_text(f"{press.text}\n{chosen}", press.chat, press.message_id)
        return
    await bot.edit_message_reply_markup(press.chat, press.message_id)
