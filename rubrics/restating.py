"""A yes or a no said in the question's own words: 6月办了一次讲座, 积极组织了三家企业申报, 没有发生事故."""

from __future__ import annotations

import re

from rubrics.wording import VERB, clauses

_WHEN = re.compile(
    "今年|本年度?|我[们镇局]|本[镇局]|[上下]半年|(?:[0-9]{1,2}|[一二三四五六七八九十]+)月份?(?:(?:[0-9]{1,2}|[一二三四五六七八九十]+)[日号]|[初底]|[上中下]旬)?"
    "|积极|认真|及时|按时|主动|多次|专门|集中|已经?|在|于|都|也"
)
_COUNT = re.compile(
    "[0-9零一二两三四五六七八九十百]+(?:个|次|条|家|只|项|起|件|份|场|期|篇|批|届|名|人次|人)的?|一些|不少|多[家次场]"
)
_DID = re.compile(rf"(?P<verb>{VERB}+)(?:好|完|成)?[了过](?P<what>.+)")
_DID_NOT = re.compile(rf"(?:尚未|从未|并未|未曾|没有?|未|无)(?:再)?(?P<verb>{VERB}*)过?(?P<what>.+)")
_UNSURE = re.compile("[没未不无吗呢?？]|计划|打算|准备|争取|如果|要是|参[加观]")
_ALIKE = (re.compile("办|开|做|搞|组织|召集"), re.compile("发生|出现|存在|出[过了]"))
"""Verbs that stand for one another."""

_WHETHER = re.compile("有没有|没有|了没|开始")


def restated(question: str, known: str, words: str) -> bool | None:
    """Whether words say that what a question asks was done or came about; None where they are about anything else.

    Args:
        question: what was asked.
        known: the clause's other words (label and aliases), which may stand beside those of the question.
        words: normalised text.
    """
    parts = clauses(words)
    if len(parts) != 1:
        return None
    said = _WHEN.sub("", parts[0])
    done, denied = _DID.fullmatch(said), _DID_NOT.fullmatch(said)
    if (
        denied
        and (not denied["verb"] or is_asked(question, denied["verb"]))
        and _is_it(question, known, denied["what"])
    ):
        return False
    if done and not _UNSURE.search(said) and is_asked(question, done["verb"]) and _is_it(question, known, done["what"]):
        return True
    return None


def is_asked(question: str, verb: str) -> bool:
    """Whether a question asks for what a verb says: 开了 is no answer to 有没有运转."""
    bare = _WHETHER.sub("", question)
    if any(alike.search(verb + "了") and alike.search(bare) for alike in _ALIKE):
        return True
    return any(char in bare for char in verb)


def _is_it(question: str, known: str, what: str) -> bool:
    """Whether words name what was asked about: they end in a word of the question and have no other subject in them."""
    bare = _COUNT.sub("", what).strip("的了过")
    return len(bare) > 1 and bare[-2:] in question and all(char in question or char in known for char in bare)
