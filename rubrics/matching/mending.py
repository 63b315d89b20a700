"""Typed pinyin and homophones put back into a rubric's words: mingpai → 名牌, 打甲 → 打假.

Only a stretch that sounds like a known word, keeps one of its characters and is no word of its own is mended.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from rubrics.matching.index import Index
from rubrics.matching.spelling import fold
from rubrics.matching.words import words

_LONGEST_WORD = 8  # characters
_LONG = 4  # characters; in a shorter word one wrong character leaves too little
_ALIKE = 74  # of 100: three characters of four
_SYLLABLE = re.compile(
    r"(?:[zcs]h|[bpmfdtnlgkhjqxzcsryw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|an|ao|ai|en|ei|er|in|iu|ie|ia|ou|uo|ui|un|ua|ue|ve|a|e|i|o|u|v)"
)
_LATIN = re.compile(r"[a-z]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TYPED_PINYIN = re.compile(r"(?:[a-z]{2,}[ ,]*){2,}")


class Mender:
    """Sounds of one rubric's words. Its first use reads pypinyin's tables."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def mend(self, text: str) -> str:
        """The text with what sounds like a known word spelt like it; the same text where nothing does."""
        if _TYPED_PINYIN.search(text):
            text = self._from_pinyin(text)
        return _HAN.sub(lambda match: self._homophones(match[0]), text)

    def warm(self) -> None:
        """Builds every table, so that no message pays for it."""
        self.mend("mingpai jihua ,打甲")
        self.near_miss("质量")

    # --- sounds --------------------------------------------------------------------------------------------

    @cached_property
    def _pinyin(self) -> Any:
        import pypinyin

        return pypinyin

    def _sounds(self, text: str) -> tuple[str, ...]:
        return tuple(self._pinyin.lazy_pinyin(text))

    @cached_property
    def _known(self) -> dict[tuple[str, ...], str]:
        """A known word for each sequence of sounds; the rubric's own words first."""
        return self._by_sound(self._index.vocabulary)

    @cached_property
    def _typed(self) -> dict[tuple[str, ...], str]:
        """Those and the small words that people type between them."""
        by_sound = self._by_sound(words().spoken) | self._known
        return {tuple(map(_sound, sounds)): word for sounds, word in by_sound.items()}

    def _by_sound(self, listed: Iterable[str]) -> dict[tuple[str, ...], str]:
        han = sorted(word for word in listed if _HAN.fullmatch(word) and len(word) <= _LONGEST_WORD)
        return {self._sounds(word): word for word in reversed(han)}

    @cached_property
    def _real(self) -> Container[str]:
        """Words of the language, which are no slips."""
        phrases: dict[str, object] = self._pinyin.constants.PHRASES_DICT
        return phrases

    @cached_property
    def _joined(self) -> str:
        """All known words in one text: what stands in it is spelt well."""
        return "|".join(self._index.vocabulary)

    # --- homophones ----------------------------------------------------------------------------------------

    def _homophones(self, run: str) -> str:
        sounds = self._sounds(run)
        if len(sounds) != len(run):
            return run
        taken = self._spelt_well(run)
        mended = list(run)
        for length in range(min(_LONGEST_WORD, len(run)), 1, -1):
            for at in range(len(run) - length + 1):
                said = run[at : at + length]
                word = self._known.get(sounds[at : at + length])
                if word is None or word == said or any(taken[at : at + length]):
                    continue
                alike = any(a == b for a, b in zip(said, word, strict=True))
                if (
                    alike
                    and said not in self._real
                    and said not in self._joined
                    and not self._is_torn(run, at, said, word)
                ):
                    mended[at : at + length] = word
                    taken[at : at + length] = [True] * length
        return "".join(mended)

    # --- one wrong character -------------------------------------------------------------------------------

    def near_miss(self, text: str) -> str:
        """The text with one long word put right that has a single wrong character; else the same text."""
        listed = [word for word in self._long if len(word) <= len(text)]
        for word, _, _ in process.extract(text, listed, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, limit=5):
            place = fuzz.partial_ratio_alignment(word, text)
            if place is None or place.dest_end - place.dest_start != len(word):
                continue
            said = text[place.dest_start : place.dest_end]
            wrong = [at for at, (one, other) in enumerate(zip(said, word, strict=True)) if one != other]
            if len(wrong) == 1 and not self._in_word(text, place.dest_start + wrong[0]):
                return text[: place.dest_start] + word + text[place.dest_end :]
        return text

    @cached_property
    def _long(self) -> list[str]:
        return sorted(word for word in self._index.vocabulary if len(word) >= _LONG and _HAN.fullmatch(word))

    def _in_word(self, text: str, at: int) -> bool:
        """Whether a character makes a word with a neighbour, so that it is no slip (药品 beside 食品)."""
        return (
            not _HAN.match(text[at]) or self._is_word(text[at : at + 2]) or self._is_word(text[max(at - 1, 0) : at + 1])
        )

    def _is_torn(self, run: str, at: int, said: str, word: str) -> bool:
        """Whether a character to be changed belongs to a word with its neighbour outside (质量监|测)."""
        end = at + len(said)
        after = said[-1] != word[-1] and self._is_word(run[end - 1 : end + 1])
        return after or (said[0] != word[0] and at > 0 and self._is_word(run[at - 1 : at + 1]))

    def _is_word(self, pair: str) -> bool:
        return len(pair) == 2 and (pair in self._real or pair in self._index.vocabulary)

    def _spelt_well(self, run: str) -> list[bool]:
        taken = [False] * len(run)
        for length in range(3, min(_LONGEST_WORD, len(run)) + 1):
            for at in range(len(run) - length + 1):
                if run[at : at + length] in self._index.vocabulary:
                    taken[at : at + length] = [True] * length
        return taken

    # --- typed pinyin --------------------------------------------------------------------------------------

    def _from_pinyin(self, text: str) -> str:
        tokens: list[str] = []
        for part in re.findall(r"[a-z]+|[^a-z]", text):
            syllables = _syllables(part) if _LATIN.fullmatch(part) else None
            tokens += syllables or [part]
        tokens = [token for token in tokens if token.strip()]
        return fold(self._spelt_out(tokens))

    def _spelt_out(self, tokens: list[str]) -> str:
        out, at = "", 0
        while at < len(tokens):
            for length in range(min(_LONGEST_WORD, len(tokens) - at), 0, -1):
                word = self._typed.get(tuple(_sound(token) for token in tokens[at : at + length]))
                if word is not None:
                    out, at = out + word, at + length
                    break
            else:
                out, at = out + tokens[at] + (" " if tokens[at].isascii() and tokens[at].isalpha() else ""), at + 1
        return out


def _syllables(word: str) -> list[str] | None:
    """The syllables of a typed word; None where it is not pinyin."""
    found, at = [], 0
    while at < len(word):
        match = _SYLLABLE.match(word, at)
        if match is None:
            return None
        end = match.end()
        if end < len(word) and word[end] in "aeiouv" and word[end - 1] in "ng" and end - match.start() > 2:
            end -= 1  # fangan is fang an, but jinian is ji nian
            if word[end] == "g" and not _SYLLABLE.match(word, end):
                end += 1
        found.append(word[at:end])
        at = end
    return found


def _sound(syllable: str) -> str:
    """A syllable as most people hear it: no retroflex, no -ng."""
    syllable = re.sub("^([zcs])h", r"\1", syllable)
    return re.sub("([aei])ng$", r"\1n", syllable).replace("ü", "v")
