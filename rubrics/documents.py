"""What a document says about itself: its title, its 文号, and the day it is about. Guesses, to be proposed to a person.

Written for what offices send: 红头 notices and plans, minutes, sign-in sheets, ledgers, certificates. Empty where the text
does not say it; a 文号 that is only cited, a day by which something is due and a day to come are not the document's own.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rubrics.dates import Day, Found, find_days

LONGEST_TITLE = 80  # characters
_HEAD_LINES = 25  # beyond them no title and no 文号 begins
_TITLE_LINES = 4

_WIDE = r"\u3001-\u303f\u4e00-\u9fff\uff00-\uffef〇○"
_GAP = re.compile(rf"(?<=[{_WIDE}])[ \u3000]+(?=[{_WIDE}0-9])|(?<=[0-9])[ \u3000]+(?=[年月日号])")
_BLANKS = re.compile(r"[^\S\n]+")
_ZERO = re.compile("(?<=[一二三四五六七八九])[OoОо0○◯](?=[OoОо0○◯一二三四五六七八九十年])")  # 二O二六年: letters for 〇

_YEAR = r"[〔\[［【（(]\s*(?P<year>(?:19|20)[0-9]{2})\s*[〕\]］】）)]"
_OWN_NUMBER = re.compile(
    rf"(?P<issuer>[\u4e00-\u9fffA-Za-z]{{1,16}})\s*{_YEAR}\s*(?:第\s*)?(?P<count>[0-9]{{1,5}})\s*号(?P<rest>.*)"
)
_SERIES = re.compile(r"[（(]?(?P<whole>(?P<year>20[0-9]{2})年第[0-9]{1,4}号)[）)]?")
_CERTIFICATE = re.compile(
    r"(?:^|[\s,，;；(（])(?:证书编号|证书号|文号|发文字号)\s*[:：\t]\s*(?P<said>[^\s,，;；。]{3,40})", re.M
)
_SIGNER = re.compile(r"\s*(?:签发人?.*)?")

_KINDS = (
    "通知|意见|方案|办法|决定|决议|纪要|报告|请示|批复|通报|公告|通告|公报|规划|计划|总结|名单|台账|记录|签到表|签到册|情况|制度|"
    "细则|要点|信息|简报|证书|汇报|说明|函|表|册|预案|规定|规程|协议|合同|责任书|汇编|登记|统计"
)
_ENDS_AS_TITLE = re.compile(rf"(?:{_KINDS})(?:[（(][^（()）]{{1,20}}[)）])?$")
_NO_TITLE = re.compile(
    r"[0-9]{1,6}|(?:绝密|机密|秘密|内部|特急|加急|急件|平急).{0,8}|签发人.*|附件\s*[0-9一二三四五六七八九十]*\s*[:：]?|[-—－ 0-9]+"
    r"|.{2,40}文件|第?[0-9一二三四五六七八九十]+期|抄送.*|Sheet ?[0-9]*|工作表 ?[0-9]*|第\s*[0-9]+\s*页.*"
)
_LABELLED_TITLE = re.compile(
    r"^(?:会议|文件|活动|培训)?(?:名称|标题|题目|主题)\s*[:：\t]\s*(?P<said>[^\t\n]{2,})", re.M
)
_HAN_PAIR = re.compile(r"[\u4e00-\u9fff]{2}")
_NOT_IN_TITLES = re.compile(r"[。；;：:，\t]")  # 主送机关：, 时间：, sentences, rows of a table

_TIMES = (
    "会议时间|会议日期|召开时间|召开日期|开会时间|培训时间|培训日期|活动时间|活动日期|检查时间|检查日期|签到时间|发证日期|颁发日期|"
    "发证时间|时间|日期"
)
_HAPPENED = re.compile(rf"(?:^|[\t ,，;；。、.．)）])(?:{_TIMES})\s*[:：\t]\s*(?P<said>[^\t\n]{{4,40}})", re.M)
_HELD = re.compile("召开|举行|主持|举办|开展")
_MINUTES = re.compile("纪要|会议记录|签到")
_ATTACHED = re.compile(r"^附件\s*[0-9一二三四五六七八九十]*\s*[:：]?$", re.M)
_SIGNED = re.compile(
    r"^(?P<by>[^\t，。；：,;:0-9]{0,40}?)\s*(?P<day>[0-9零一二三四五六七八九〇]{4}\s*年[^\t，。；]{3,8}日)$", re.M
)
_VAGUE = re.compile("[今去明本上这当昨前]")
_DUE = re.compile(r"^\s*(?:之?前|以前|起|至|到|止|截止|印发)")


class Document(NamedTuple):
    """What a document says about itself; empty and None where it does not."""

    title: str = ""
    number: str = ""
    day: Day | None = None


def read_document(text: str, today: Day, *, cut: bool = False) -> Document:
    """Title, 文号 and day of a document.

    The day is when it happened where the text says so (会议时间, 2026年3月14日上午召开), else the one it is signed with, else
    the last it names. Days after ``today`` only where they are said to be those of the meeting.

    Args:
        cut: the text is only the beginning, so that its last day means nothing.
    """
    lines = _lines(text)
    words = "\n".join(lines)
    number, year, after = _number(lines)
    title = _title(lines, after)
    day = _happened(words, title, today, year) or _signed(words, today, official=bool(number))
    if day is None and not cut:
        day = _last(words, today)
    return Document(title, number or _certificate(words), day)


def _lines(text: str) -> list[str]:
    """The lines that say something. Runs of blanks become one: what looks for days takes the square of their length."""
    blank_once = _ZERO.sub("〇", _GAP.sub("", _BLANKS.sub(lambda run: "\t" if "\t" in run[0] else " ", text)))
    return [line.strip() for line in blank_once.splitlines() if line.strip()]


# --- the number -------------------------------------------------------------------------------------------


def _number(lines: list[str]) -> tuple[str, int | None, int]:
    """The 文号 that stands in a line of its own, its year, and the line after it; cited ones stand in sentences."""
    for place, line in enumerate(lines[:_HEAD_LINES]):
        if (found := _OWN_NUMBER.fullmatch(line)) and _SIGNER.fullmatch(found["rest"]):
            number = f"{found['issuer']}〔{found['year']}〕{found['count']}号"
            return number, int(found["year"]), place + 1
        if found := _SERIES.fullmatch(line):
            return found["whole"], int(found["year"]), place + 1
    return "", None, 0


def _certificate(words: str) -> str:
    found = _CERTIFICATE.search(words)
    return found["said"] if found else ""


# --- the title --------------------------------------------------------------------------------------------


def _title(lines: list[str], after_number: int) -> str:
    """The title under the 文号, or at the top; lines are joined until it ends as titles do."""
    head = "\n".join(lines[:_HEAD_LINES])
    if after_number == 0 and (said := _LABELLED_TITLE.search(head)):
        return said["said"].strip("《》 ")[:LONGEST_TITLE]
    for place, line in enumerate(lines[:_HEAD_LINES]):
        if place >= after_number and _may_be_title(line):
            return _joined(lines[place:_HEAD_LINES])
    return ""


def _may_be_title(line: str) -> bool:
    return (
        3 <= len(line) <= LONGEST_TITLE
        and _HAN_PAIR.search(line) is not None
        and not _NO_TITLE.fullmatch(line)
        and not _OWN_NUMBER.match(line)
        and not _SERIES.fullmatch(line)
        and not _SIGNED.match(line)
        and not _NOT_IN_TITLES.search(line)
    )


def _joined(lines: list[str]) -> str:
    """The first line, and what follows as far as that is where a title ends; else the first line alone."""
    whole = ""
    for line in lines[:_TITLE_LINES]:
        if _NOT_IN_TITLES.search(line) or len(whole + line) > LONGEST_TITLE:
            break
        whole += line
        if _ENDS_AS_TITLE.search(whole):
            return whole
    return lines[0]


# --- the day ----------------------------------------------------------------------------------------------


def _happened(words: str, title: str, today: Day, year: int | None) -> Day | None:
    """The day a label gives (会议时间：), or that of the sentence of minutes which says that they met."""
    known = year or _stated_year(words) or today.year
    for found in _HAPPENED.finditer(words):
        days = _whole_days(found["said"], today, known)
        if days and not _DUE.match(found["said"][days[0].end :]):
            return days[0].day
    if _MINUTES.search(title):
        for sentence in re.split("[。\n]", words):
            days = _whole_days(sentence, today, known) if _HELD.search(sentence) else []
            if days:
                return days[0].day
    return None


def _signed(words: str, today: Day, official: bool) -> Day | None:
    """The day in a line of its own under the body: of a 红头 document the first, since annexes follow; else the last."""
    annex = _ATTACHED.search(words)
    signed = [(found.end(), day) for found in _SIGNED.finditer(words) if (day := _past(found["day"], today))]
    body = [day for end, day in signed if annex is None or end < annex.start()] or [day for _, day in signed]
    return (body[0] if official else body[-1]) if body else None


def _last(words: str, today: Day) -> Day | None:
    """The last day named with its year that is over, leaving out days by or from which something is due."""
    for found in reversed(find_days(words, today)):
        if found.day and _has_year(found) and found.day <= today and not _DUE.match(words[found.end : found.end + 6]):
            return found.day
    return None


def _past(said: str, today: Day) -> Day | None:
    days = _whole_days(said, today, today.year)
    return days[0].day if len(days) == 1 and days[0].day and days[0].day <= today else None


def _whole_days(said: str, today: Day, year: int) -> list[Found]:
    """Days of the calendar; 昨天, 本月5号 and 3/14 depend on when and where they were written."""
    return [
        found
        for found in find_days(said, today, year)
        if found.day and not found.bare and not _VAGUE.search(found.text)
    ]


def _stated_year(words: str) -> int | None:
    found = re.search(r"(?<![0-9])(20[0-9]{2})年", words)
    return int(found[1]) if found else None


def _has_year(found: Found) -> bool:
    return not found.bare and re.search(r"[0-9零一二三四五六七八九〇]{4}", found.text) is not None
