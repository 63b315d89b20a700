"""The numbers of a text: shares, parts of a whole, counts with their unit.

Dates, 文号, standards and ordinals are not numbers. Several different numbers are never guessed between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from rubrics.figures import plain
from rubrics.numerals import normalise, parse_run

LONGEST_ANSWER = 200  # characters; beyond it a text is no answer to one question
_SHARE_DECIMALS = 18  # of a fraction's value; facts take at most 20


class Number(NamedTuple):
    """One number as it was said. ``part`` and ``whole`` are set where it was said as a part of a whole."""

    value: Decimal  # part ÷ whole to 18 decimals where both are set, 0 where the whole is 0
    unit: str = ""
    part: Decimal | None = None
    whole: Decimal | None = None
    hedged: bool = False  # 大概, 左右, 应该; also a mere bound: 超过, 不到, 以上, 多
    text: str = ""

    @property
    def fraction(self) -> Fraction | None:
        """The share of a whole that was said, exactly; None for anything but shares, and where the whole is 0."""
        if self.part is not None and self.whole is not None:
            return Fraction(self.part) / Fraction(self.whole) if self.whole else None
        per = SHARES.get(self.unit)
        return Fraction(self.value) / per if per else None


class Ambiguous(NamedTuple):
    """Several numbers, or one that can be read in two ways (两三次): what was found."""

    found: tuple[str, ...]

    def __str__(self) -> str:
        if len(self.found) > 1:
            return f"读到几个数（{'、'.join(self.found)}），分不清是哪一个"
        return f"“{self.found[0]}”分不清是多少"


SHARES = {"%": 100, "个百分点": 100, "百分点": 100, "‰": 1000, "‱": 10000}
MULTIPLIERS = {"万": 10**4, "亿": 10**8, "千": 10**3, "百": 10**2}


# --- what is not a number ---------------------------------------------------------------------------------

_N = "(?<![0-9.零一二两三四五六七八九十百千万亿])[0-9零一二三四五六七八九十]"
_NOT_NUMBERS = re.compile(
    "|".join((
        r"[〔\[【(〈<](?:19|20)[0-9]{2}[〕\]】)〉>]第?[0-9]*号?",  # 常新政办〔2011〕35号
        r"(?i:GB(?:/?[TZ])?|ISO|IEC|DB|JJ[FG]|QB)[ -]?[0-9][0-9.:/-]*|[A-Z]{2,}(?:/[A-Z])? [0-9][0-9.-]*",
        r"[A-Za-z]+[A-Za-z/._-]*[0-9][0-9A-Za-z.:/_-]*|[0-9]++[0-9.]*[A-Za-z]+",  # GB/T19580, IMG_2031, 3C
        r"(?:19|20)[0-9]{2}([-/.])[0-9]{1,2}\1[0-9]{1,2}(?:日|号)?",
        r"(?:19|20)[0-9]{2}[-/](?:0?[1-9]|1[0-2])(?![0-9])",
        rf"(?:(?:19|20)[0-9]{{2}}|{_N}{{4}})年(?:度|底|初|末)?|{_N}{{2}}年(?=[0-9零一二三四五六七八九十]+月|底|初|末|度)",
        rf"{_N}{{1,3}}(?:[、和,至到~-][0-9一二三四五六七八九十]{{1,3}})*月(?:份|底|初|[上中下]旬)?"
        r"(?:[0-9零一二三四五六七八九十]{1,3}(?:[日号]|(?=[、,，。;；)]|$)))?",
        rf"第?{_N}+[日号]|第[0-9零一二两三四五六七八九十百]+(?:[个次条项届名批位期]|季度)?|{_N}季度",
        r"(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|(?<![0-9.零一二两三四五六七八九十百千万亿])(?:1[0-9]|2[0-4]|[0-9]|十[一二三四五六七八九]?|二十[一二三四]?|[零一二两三四五六七八九])点(?:[0-9零一二三四五六七八九十]+分|半|钟|整)",
        r"[0-9]{1,2}·[0-9]{1,2}|3\.15(?=活动|晚会|宣传|消费)|[0-9]+(?:\.[0-9]+){2,}|[0-9]{5}(?=热线|平台|投诉|举报|电话|中心)",
        r"十[一二三四五]五(?=规划|期间|计划|末|$)|[几数]十?[十百千万亿]+|十分(?=[\u4e00-\u9fff])(?![之吧左])",
    ))
)  # fmt: skip
_FORMULA = re.compile(r"[{}$\\]|[0-9)][*+×÷][0-9(]")  # {{7*7}}, 3+2: what it comes to is not said
_IDIOMS = re.compile(r"(?:[统唯每同任单逐专万]|(?<!分)之)一(?![百千万亿个次条])|[咱你我他她]们?[俩仨两三]")

# --- finding them -----------------------------------------------------------------------------------------

_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]++)(?:\.[0-9]++)?"
_HAN = "[零一二两三四五六七八九十百千万亿俩仨]"
_RUN = (
    rf"(?>(?:{_ARABIC}|\.[0-9]++|{_HAN})(?:{_HAN}|{_ARABIC})*+(?:点(?:[零一二三四五六七八九]++|[0-9]++))?[百千万亿]*+)"
)
_COUNTERS = "个|次|条|家|只|项|起|件|张|份|场|期|篇|部|批次|批|回|遍|趟|户|处|块|所|台|套|种|类|支|面|单|例|宗|笔|届|封|轮|波|桩|枚|栋|幢|堂"
_UNITS = (
    f"个百分点|百分点|[%‰‱]|个月|{_COUNTERS}|人次|人|名|位|厘米|公里|平方米|米|吨|公斤|元|亩|分|倍|天|年|周|小时|村|度"
)
COUNTERS = frozenset(_COUNTERS.split("|"))
_PAPERS = {"份", "张", "封"}  # two papers are never the two times that they tell of
_AFTER = r"$|[^\u4e00-\u9fff]|左右|上下|以[上下内]|[里中多余来几吧了啊呢哦呀嘛都也共]"
_TOKEN = re.compile(
    rf"(?P<percent>百分之百|百分百)"
    rf"|(?P<per>[百千万])分之(?P<per_value>{_RUN})"
    rf"|(?P<below>{_RUN})分之(?P<above>{_RUN})"
    rf"|(?P<part>{_RUN})(?:{_UNITS})?/(?![百千万亿])(?P<whole>{_RUN})(?!/)"
    rf"|(?P<tenths>{_RUN})(?:成|折(?![算合扣旧叠断磨]))(?P<tenth>[一二三四五六七八九1-9半]?[一二三四五六七八九]?)(?![立功果员本绩效都为])"
    rf"|(?P<half>一半|半数)|(?P<sign>(?:^|(?<=[:=(为是]))-|负)?(?P<run>{_RUN})(?P<vague>[多余来几]?)"
    rf"|(?P<bare_half>(?<![一-鿿])半(?=$|[个只])|半(?=米))"
)
_UNIT = re.compile(_UNITS)
_HEDGES = re.compile(
    r"大概|大约|约(?=[0-9一二两三四五六七八九十百])|左右|上下|差不多|应该|估计|可能|好像|似乎|将近|接近|近(?=[0-9一二两三四五六七八九十])"
    r"|也许|大致|几乎|记得|印象|记不|说不准|不确定|不太?清楚|吧|每(?:个)?(?:半?年|季|月|周|天)"
)
_BOUNDS = re.compile(
    r"[<>≥≤]=?(?=[0-9])|超过|不到|不足|至少|最多|不少于|以[上下内]|[0-9一二三四五六七八九十百千万亿][多余来](?![\u4e00-\u9fff]{3})"
)


class _Found(NamedTuple):
    start: int
    end: int
    number: Number | None  # None: numerals that have no single value


def hedged(text: str) -> bool:
    """Whether normalised words leave the number open."""
    return bool(_HEDGES.search(text)) or bounded(text)


def bounded(text: str) -> bool:
    """Whether normalised words give a bound (不到95%, 20多个) and not the figure itself."""
    return bool(_BOUNDS.search(text))


def parse_number(text: str, unit: str = "", *, whole: bool = False) -> Number | Ambiguous | None:
    """The one number of a text; None where it has none, ``Ambiguous`` where it has several or an open one.

    Args:
        text: what the person typed; beyond ``LONGEST_ANSWER`` characters nothing is read.
        unit: the unit asked for. 2.3万亩 and 23000亩 are 2.3 where 万亩 is asked. Among several numbers the only one
            in this very unit is taken, where the others have units of another kind.
        whole: a whole number is asked for, so a bare 3.18 beside "2次" is no rival.
    """
    found = find_numbers(text, unit)
    if not found:
        return None
    numbers = [number for number in found if isinstance(number, Number)]
    if len(found) > 1 and unit:
        rivals = [n for n in found if isinstance(n, str) or _could_be(n, unit, whole=whole)]
        if len(rivals) == 1 and isinstance(rivals[0], Number) and rivals[0].unit == unit:
            return rivals[0]
    if len(numbers) == len(found) == 1:
        return numbers[0]
    return Ambiguous(tuple(n.text if isinstance(n, Number) else n for n in found))


def _could_be(number: Number, unit: str, *, whole: bool) -> bool:
    if whole and not number.unit and number.value % 1:
        return False
    return number.unit in ("", unit) or {number.unit, unit} <= COUNTERS


def is_formula(text: str) -> bool:
    """Whether normalised words hold something to be worked out (3+2, {{7*7}}) and not a figure."""
    return bool(_FORMULA.search(text))


def located(text: str, unit: str = "") -> list[tuple[int, int, Number]]:
    """Each readable number of normalised words with its place, as it stands there: parts and wholes apart."""
    open_words = hedged(text)
    cleaned = _NOT_NUMBERS.sub(_blank, _IDIOMS.sub(_blank, text))
    return [
        (start, end, number._replace(hedged=number.hedged or open_words, text=text[start:end]))
        for start, end, number in _scan(cleaned, unit)
        if number is not None
    ]


def find_numbers(text: str, unit: str = "") -> list[Number | str]:
    """The different numbers of a text in order, parts of a whole put together; an unreadable one as its text."""
    if len(text) > LONGEST_ANSWER:
        return []
    text = normalise(text)
    if is_formula(text):
        return [text[:20]]
    open_words = hedged(text)
    cleaned = _NOT_NUMBERS.sub(_blank, _IDIOMS.sub(_blank, text))
    merged = _merge(list(_scan(cleaned, unit)), cleaned)
    result: list[Number | str] = []
    for start, end, number in merged:
        if number is None:
            result.append(text[start:end])
        else:
            result.append(number._replace(hedged=number.hedged or open_words, text=text[start:end]))
    return result


def _blank(match: re.Match[str]) -> str:
    return "|" * len(match[0])


def _scan(text: str, unit: str) -> Iterator[_Found]:
    at = 0
    while match := _TOKEN.search(text, at):
        end = at = match.end()
        said = unit if unit and text.startswith(unit, end) else (m[0] if (m := _UNIT.match(text, end)) else "")
        if match["run"] and not _counts(match, said, text):
            continue
        number = _number(match)
        if number is not None and not number.unit:
            end += len(said)
            number = number._replace(unit=said)
            if said and text.startswith("半", end):  # 一个半
                end, number = end + 1, number._replace(value=number.value + Decimal("0.5"))
            number = _rescaled(number, unit, written=match[0])
        yield _Found(match.start(), end, number)
        at = end


def _counts(match: re.Match[str], unit: str, text: str) -> bool:
    """Whether a run is a number and not part of a word (三率, 千万不要, 一般, 一共): Arabic, with a unit, or standing alone."""
    run, after = match["run"], text[match.end() :]
    if run[0] in "百千万亿" or (run == "两" and not unit and after) or (run == "一" and after.startswith("共")):
        return False
    if re.search("[0-9]", run) or unit or match["vague"] or run in ("俩", "仨"):
        return True
    return bool(re.match(_AFTER, after)) or (
        len(run) > 1 and parse_run(run) is not None and run[-1] not in "十百千万亿"
    )


def _number(match: re.Match[str]) -> Number | None:
    group = match.groupdict()
    if group["percent"]:
        return Number(Decimal(100), "%")
    if group["half"]:
        return _share(Decimal(1), Decimal(2))
    if group["bare_half"]:
        return Number(Decimal("0.5"))
    if group["per"]:
        value = parse_run(group["per_value"])
        return None if value is None else Number(value, {"百": "%", "千": "‰", "万": "‱"}[group["per"]])
    if group["tenths"]:
        tenths, rest = parse_run(group["tenths"]), group["tenth"] or "零"
        half = Decimal(5) if rest == "半" else parse_run(f"{rest[0]}点{rest[1]}" if len(rest) == 2 else rest)
        return None if tenths is None or half is None else Number(tenths * 10 + half, "%")
    if part := group["part"] or group["above"]:
        return _share(parse_run(part), parse_run(group["whole"] or group["below"]))
    value = parse_run(group["run"])
    if value is None or group["vague"] == "几":
        return None
    return Number(-value if group["sign"] else value, hedged=bool(group["vague"]))


def _share(part: Decimal | None, whole: Decimal | None, unit: str = "") -> Number | None:
    if part is None or whole is None:
        return None
    value = figure(Fraction(part) / Fraction(whole)) if whole else Decimal(0)
    return Number(value, unit, part, whole)


def figure(exact: Fraction) -> Decimal:
    """The fraction as a figure, to 18 decimals."""
    digits = round(exact * 10**_SHARE_DECIMALS)
    sign, digits = ("-" if digits < 0 else ""), abs(digits)
    text = f"{digits:0{_SHARE_DECIMALS + 1}d}"
    return Decimal(plain(Decimal(f"{sign}{text[:-_SHARE_DECIMALS]}.{text[-_SHARE_DECIMALS:]}")))


def _rescaled(number: Number, asked: str, *, written: str) -> Number:
    """In the unit asked for where that has a 万 in it: 2.3万亩, 2.3万 and 23000亩 are 2.3."""
    times = MULTIPLIERS.get(asked[:1])
    if times is None or number.part is not None:
        return number
    if number.unit == asked[1:] or (not number.unit and set(written) & set("千万亿")):
        return number._replace(value=figure(Fraction(number.value) / times), unit=asked)
    return number


# --- parts of a whole -------------------------------------------------------------------------------------

_INSIDE = re.compile(r"[，,(:;；]*(?:里面|里头|里边|里|之中|当中|中间|中|其中)")
_ALL = re.compile(r"共|总|应(?!该)|合计|需要")
_DONE = re.compile(r"完成|做了|已|办了|合格|创成|达标|实际|拿下|拿了|拿到|评上|通过")
_TASK = re.compile(r"任务|目标|指标|计划")
_TASK_OF_IT = re.compile(r"的?(?:任务|目标|指标)(?!外|以外|之外|[,，]?实?际?[没未])")


def _merge(found: list[_Found], text: str) -> list[_Found]:
    """The same number said twice counts once; two that are a part and its whole become one."""
    kept: list[_Found] = []
    for one in found:
        if not any(_same(one.number, other.number) for other in kept):
            kept.append(one)
    shares = [one for one in kept if one.number and one.number.part is None and one.number.unit in SHARES]
    rest = [one for one in kept if one not in shares]
    if len(rest) == 2 and (pair := _pair(rest[0], rest[1], text)):
        rest = [pair]
    whole = rest[0].number if len(rest) == 1 else None
    if whole and whole.part is not None and all(_agrees(whole, one.number) for one in shares):
        return rest
    return sorted(rest + shares)


def _same(one: Number | None, other: Number | None) -> bool:
    if one is None or other is None:
        return False
    return one[:1] + one[2:4] == other[:1] + other[2:4] and (
        one.unit == other.unit or {one.unit, other.unit} <= COUNTERS - _PAPERS
    )


def _agrees(fraction: Number, share: Number | None) -> bool:
    """Whether 87.5% is what 7/8 comes to, to the decimals that were said."""
    exact = fraction.fraction
    if exact is None or share is None:
        return False
    decimals = -int(share.value.as_tuple().exponent)
    return abs(exact * SHARES[share.unit] - Fraction(share.value)) * 2 <= Fraction(1, 10 ** max(decimals, 0))


def _pair(one: _Found, other: _Found, text: str) -> _Found | None:
    a, b = one.number, other.number
    if a is None or b is None or a.part is not None or b.part is not None:
        return None
    if a.unit != b.unit and a.unit and b.unit and not {a.unit, b.unit} <= COUNTERS - _PAPERS:
        return None
    before, between = text[: one.start][-8:], text[one.end : other.start]
    inside = bool(_INSIDE.match(between))
    set_first = _TASK_OF_IT.match(between)  # 4只任务成了3: the task is what stands before it
    first, second = ("whole", "part") if set_first else (_role(before), _role(between))
    if len(between) > 12 or not (inside or (first == "whole") != (second == "whole")):
        return None
    whole, part = (a, b) if inside or first == "whole" else (b, a)
    share = _share(part.value, whole.value, part.unit or whole.unit)
    return share and _Found(one.start, other.end, share._replace(hedged=a.hedged or b.hedged))


def _role(words: str) -> str:
    words = re.split("[,;]", words)[-1] or words
    if _ALL.search(words):
        return "whole"
    return "part" if _DONE.search(words) else "whole" if _TASK.search(words) else ""
