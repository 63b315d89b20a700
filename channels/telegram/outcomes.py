"""What an error of python-telegram-bot means for a message of the outbox."""

from __future__ import annotations

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from channels.port import Outcome
from channels.telegram import words
from channels.telegram.pacer import wait_seconds
from channels.telegram.secrecy import scrub

TOKEN_SECONDS = 60.0
_UNKNOWN_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_MOST_WHY = 300


def outcome_of(error: TelegramError) -> Outcome:
    """The outcome: blocked and unknown people are told apart from what may succeed later. ``why`` shows no token."""
    why = scrub(error)[:_MOST_WHY]
    if isinstance(error, RetryAfter):
        return Outcome("retry", wait_seconds(error), why)
    if isinstance(error, Forbidden):
        return Outcome("blocked", why=why)
    if isinstance(error, InvalidToken):
        return Outcome("retry", TOKEN_SECONDS, words.TOKEN_REFUSED)
    if isinstance(error, BadRequest):
        unknown = any(words in why.lower() for words in _UNKNOWN_CHAT)
        return Outcome("unknown" if unknown else "failed", why=why)
    return Outcome("retry", why=why)
