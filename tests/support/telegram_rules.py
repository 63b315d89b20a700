"""What the Bot API takes: methods with their fields, and the limits of texts, captions and keyboards."""

from __future__ import annotations

import json
import re
from typing import Any

_SEND = {"reply_markup", "disable_notification", "protect_content"}
METHODS: dict[str, tuple[set[str], set[str]]] = {
    "getMe": (set(), set()),
    "getUpdates": (set(), {"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": ({"url"}, {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"}),
    "deleteWebhook": (set(), {"drop_pending_updates"}),
    "setMyCommands": ({"commands"}, {"scope", "language_code"}),
    "getFile": ({"file_id"}, set()),
    "answerCallbackQuery": ({"callback_query_id"}, {"text", "show_alert", "cache_time"}),
    "sendMessage": ({"chat_id", "text"}, {*_SEND, "link_preview_options"}),
    "sendDocument": ({"chat_id", "document"}, {*_SEND, "caption"}),
    "sendPhoto": ({"chat_id", "photo"}, {*_SEND, "caption"}),
    "editMessageText": ({"chat_id", "message_id", "text"}, {"reply_markup", "link_preview_options"}),
    "editMessageCaption": ({"chat_id", "message_id"}, {"reply_markup", "caption"}),
    "editMessageReplyMarkup": ({"chat_id", "message_id"}, {"reply_markup"}),
}
"""Required and further fields. No parse mode anywhere: what is said is plain text."""


class RefusedError(Exception):
    """An answer other than ok. ``fault``: nobody should have asked, so the test fails."""

    def __init__(
        self, status: int, description: str, parameters: dict[str, Any] | None = None, *, fault: bool = False
    ) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters, self.fault = status, description, parameters or {}, fault


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def checked_text(text: str) -> str:
    if not text.strip():
        raise RefusedError(400, "Bad Request: message text is empty", fault=True)
    if units(text) > 4096:
        raise RefusedError(400, "Bad Request: message is too long", fault=True)
    return text


def caption_of(data: dict[str, Any]) -> str:
    caption = str(data.get("caption", ""))
    if units(caption) > 1024:
        raise RefusedError(400, "Bad Request: message caption is too long", fault=True)
    return caption


def keyboard_of(data: dict[str, Any]) -> list[list[dict[str, str]]] | None:
    if "reply_markup" not in data:
        return None
    markup = json.loads(data["reply_markup"])
    rows = markup.get("inline_keyboard")
    if set(markup) != {"inline_keyboard"} or not isinstance(rows, list) or not rows:
        raise RefusedError(400, "Bad Request: can't parse reply keyboard markup JSON object", fault=True)
    for row in rows:
        for button in row:
            if set(button) != {"text", "callback_data"} or not button["text"].strip():
                raise RefusedError(400, "Bad Request: can't parse inline keyboard button", fault=True)
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID", fault=True)
    if not all(1 <= len(row) <= 8 for row in rows) or sum(map(len, rows)) > 100:
        raise RefusedError(400, "Bad Request: too many buttons", fault=True)
    return rows


def commands_of(data: dict[str, Any]) -> dict[str, str]:
    found = {command["command"]: command["description"] for command in json.loads(data["commands"])}
    if not all(re.fullmatch("[a-z0-9_]{1,32}", name) and 1 <= len(does) <= 256 for name, does in found.items()):
        raise RefusedError(400, "Bad Request: BOT_COMMAND_INVALID", fault=True)
    return found
