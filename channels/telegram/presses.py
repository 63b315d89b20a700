"""What a press says about itself: which message, which label."""

from __future__ import annotations

from typing import NamedTuple

from aiogram.types import CallbackQuery, Message


class Pressed(NamedTuple):
    """What settling needs of a press. ``label`` is empty where the message is too old to be read or has no buttons."""

    query_id: str
    chat: int = 0
    message_id: int = 0
    label: str = ""
    text: str = ""
    caption: str | None = None


def pressed(query: CallbackQuery) -> Pressed:
    """Read a press; the label is found in the message's own keyboard, so nothing need be remembered."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return Pressed(query.id)
    buttons = (button for row in message.reply_markup.inline_keyboard for button in row)
    label = next((button.text for button in buttons if button.callback_data == query.data), "")
    is_file = message.text is None
    return Pressed(
        query.id,
        message.chat.id,
        message.message_id,
        label,
        message.text or "",
        (message.caption or "") if is_file else None,
    )
