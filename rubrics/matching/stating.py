"""What a piece of a message says about the clause it speaks of, in the kind of value that clause takes."""

from __future__ import annotations

import re
from decimal import Decimal

from rubrics.amounts import COUNTERS, Number, find_numbers, is_formula
from rubrics.attempts import attempt_in
from rubrics.coming import asks_for_deeds, without_what_is_to_come
from rubrics.kinds import Bonus, Count, Deduct, Gate, Judged, Rank, Rate, Scale, Tiers, YesNo
from rubrics.matching import counting
from rubrics.matching.comparing import of_now
from rubrics.matching.compound import all_conditions, measured_verdict
from rubrics.matching.correcting import takes_back, without_what_was_not_meant
from rubrics.matching.polarity import Today, at_least, corrected, is_denied, is_open, is_planned
from rubrics.matching.roles import Role, told
from rubrics.matching.shares import AT_ONCE, is_on_each, of_target, part_and_whole, rate, takes_share, tier_measure
from rubrics.matching.spelling import Source, fold
from rubrics.model import Criterion
from rubrics.numerals import parse_run
from rubrics.wording import is_negative

Value = bool | Decimal | None

_NOT_APPLICABLE = re.compile("不适用|合理缺项|不涉及")
_OK = r"(?<![a-z])(?:ok|done|yes)(?![a-z])"
_PREDICATE = re.compile(
    "[了有过没未已都签定建开办做报发齐印评拿配是达到全在完够搞弄给请查推设管抓写成列进新去改不无会能通讲送招测出涨免校贴换练盯]|当(?![天日年月地场])|[担出]任|兼任|任组长|挂帅"
    f"|{_OK}"
)
_CLAUSES = re.compile("[,;]")
_OTHER_LEVEL = re.compile(
    "(?:但|不过|只是|而|另外)?(?P<level>国家|全国|省|市|区|县)(?:级|里)?的?(?:今年)?(?:也|都|还|倒|就|则|暂时)*(?:没有?|未|无|零)(?:拿到?|评上?|有|到)*[了的过]?"
)
_OF_SOME = re.compile(
    "(?:获奖|规上|规模以上|重点|骨干|龙头|示范|名牌|大型?|老|试点)(?:工业)?企业的?(?:[\u4e00-\u9fff]{0,2}产品|抽[检查])"
)
_POINTS = re.compile(r"(?<=[0-9])个?(?:百分)?点(?!钟|[0-9零一二三四五六七八九])")
_REACHED = re.compile(
    r"前列|前茅|靠前|领先|第一|前[一二三四五六七八九十0-9]|头[一几]|达到|满分线|优于|名列|居|前头|前面|第[一二三四五1-5](?![0-9十百])"
)
_LAST = re.compile(r"中游|中间|靠后|后面|垫底|倒数|末|下游|偏低|落后|中等")
_BELOW = re.compile(
    r"(?:低于|少于|不及|不如|[比低][\u4e00-\u9fff]{0,4}低|[比低]全国|[没未不](?:有)?(?:高于|高过|高出|超过))"
)
_ABOVE = re.compile(r"(?<![没未不])(?<![没未不]有)(?:高于|高过|高出|超过|超出|多于|好于|比[\u4e00-\u9fff]{0,4}[高多])")
_PLACE = re.compile(r"第(?P<place>[0-9]+|[一二三四五六七八九十]+)")
_FAR_DOWN = 10  # a place beyond it is nowhere near the front
_FIRST_FEW = re.compile(r"前(?P<few>[0-9]+|[一二三四五六七八九十]+)")
_TIMELY = re.compile(r"及时|当天|马上|立即|第一时间|小时内|按时|准时|当场|分钟内|当日")
_LATE = re.compile(r"迟|晚[了报]|才报|拖|漏报|瞒|逾期|超时")
_ROSE = re.compile("上升|升高|增加|增长|反弹|提高|涨|多了")
_NONE_WITHOUT = re.compile("[没无]有?(?:哪|一)[个家次位名件台批项所][\u4e00-\u9fff]{0,6}?[没未不]")  # 没有哪家没设
_AWAITED = re.compile("结果|公示|公布")
_DEPUTY = re.compile("副|分管|常务|代管")
_STILL = re.compile("[还仍又]有|查[到出处获]|冒|抬头|不少|泛滥|偷偷|卷土重来|重操旧业")
_FELL = re.compile("比[^,;]{0,4}少|减少|掉下|掉了|跌|走低|下降|下滑|降[了低]|少了|回落|持平|缩减|砍")
_ADVANCED = re.compile(
    "(?:别的|其余|其他|剩下|大部分|多数|大半|过半)[^,;没未不]{0,10}[了完成好]|[了成](?:大半|过半|多半|大部分)"
)
_ZERO = re.compile("零([\u4e00-\u9fff]{2})")  # 零通报: a trouble that should not come about
_THAN_TASK = re.compile("比(?:任务|目标|指标|计划)[^,;]{0,3}(?:(?P<more>多|超|高)|少|低|差)")
_PARTLY = re.compile("过半|大半|一半|半数|部分|七七八八")
_TARGET_REACHED = re.compile(
    r"够了?|全拿下|到手|双双|完成|超额|达标|正好|刚好|足额|到位|全部|通过|拿下|做满|搞定|一[个只家项条]不[少落差缺]|交账|满额|超"
    f"|{_OK}"
)


def state(criterion: Criterion, text: str, source: Source, today: Today | None = None) -> Value:
    """What folded words say about a clause; None where they state no value for it."""
    text = _what_is_so(criterion, text, source)
    if (
        not text
        or is_formula(text)
        or is_planned(text, today)
        or _only_tried(criterion, text)
        or (criterion.na_allowed and _has_no_such(criterion, text))
    ):
        return None
    score = criterion.score
    numbers = [n for n in find_numbers(text[:200], criterion.answer.unit) if isinstance(n, Number)]
    if source == "file":
        return _from_file_name(criterion, numbers)
    if criterion.measures:
        return _of_measures(criterion, text)
    if isinstance(score, Judged):
        return next((n.value for n in numbers if n.unit == "分" and n.value in score.allowed), None)
    if isinstance(score, Tiers):
        return tier_measure(criterion, score, numbers, text)
    if criterion.target and criterion.target.how != "done":
        return of_target(numbers, text)
    if isinstance(score, Rate | Scale) or criterion.answer.unit == "%":
        return rate(criterion, text)
    if isinstance(score, Deduct):
        return counting.occurrences(criterion, score, text)
    if isinstance(score, Bonus | Count):
        return counting.count(criterion, text)
    if isinstance(score, Rank):
        return _rank(criterion, text)
    if isinstance(score, YesNo | Gate):
        return _yes_or_no(criterion, numbers, text)
    return counting.figure(criterion, text)


def _what_is_so(criterion: Criterion, text: str, source: Source) -> str:
    """The words to be believed: as corrected, of now, and of what is not still to come; empty where there are none."""
    text = _of_its_level(criterion, without_what_was_not_meant(text))
    bare_name = text.strip(" 、,;.") == fold(criterion.label)  # says nothing, whatever words stand in it
    if source == "caption" or bare_name or takes_back(text):
        return ""
    text = of_now(criterion, _POINTS.sub("%", at_least(corrected(text))).replace("一共", "共"))
    return without_what_is_to_come(text, months=False) if source == "message" and asks_for_deeds(criterion) else text


def _of_its_level(criterion: Criterion, text: str) -> str:
    """The words without what is denied of another level than the clause's: 多了个市质量奖，省的没有."""
    named = f"{criterion.label}{criterion.ask}"
    clauses = _CLAUSES.split(text)
    own = [one for one in clauses if not ((other := _OTHER_LEVEL.fullmatch(one)) and other["level"] not in named)]
    return text if not own or len(own) == len(clauses) else ",".join(own)


def _has_no_such(criterion: Criterion, text: str) -> bool:
    """Whether a place says that it has nothing a clause could be about: 我们没有口岸, which is no bad answer."""
    things = "|".join(re.escape(alias) for alias in criterion.aliases if len(alias) == 2 and alias in criterion.ask)
    none = rf"(?:没有?|无)[^,;.]{{0,4}}(?:{things})(?=$|[,;.的了])|(?:{things})[^,;.]{{0,4}}没有[的了]?(?=$|[,;.])"
    return bool(_NOT_APPLICABLE.search(text) or (things and re.search(none, text)))


def _only_tried(criterion: Criterion, text: str) -> bool:
    """Whether the only figure is of an attempt (参与申报了8只); one whose outcome is denied counts for nothing."""
    counted = isinstance(criterion.score, Bonus | Count)
    return bool(attempt_in(criterion, text)) and (counted or is_open(text) or not is_denied(text))


def suits(criterion: Criterion, text: str) -> bool:
    """Whether the figures of folded words are of a kind that the clause can take: no share where yes or no is asked."""
    if takes_share(criterion) and (some := _OF_SOME.search(text)) and some[0] not in criterion.ask:
        return False  # 获奖企业的产品全合格: of all of them nothing is said
    numbers = [one.number for one in told(AT_ONCE.sub("", _POINTS.sub("%", text)))]
    if not numbers:
        return True
    if not is_on_each(criterion, text):
        return False  # 资格证120张: perhaps all there are
    shares = any(n.fraction is not None or n.value % 1 for n in numbers)
    if takes_share(criterion) and all(n.unit in ("次", "回") for n in numbers):
        return False  # 合格率公布了3次
    if any(measure.unit == "%" for measure in criterion.measures):
        return shares or not all(n.unit in COUNTERS for n in numbers)
    return not shares or not isinstance(criterion.score, YesNo | Gate) or criterion.target is not None


def _from_file_name(criterion: Criterion, numbers: list[Number]) -> Value:
    if isinstance(criterion.score, YesNo | Gate | Tiers | Judged | Deduct) or criterion.measures:
        return None
    unit = criterion.answer.unit
    stated = [n for n in numbers if n.unit and (n.unit == unit or (n.unit in COUNTERS and unit in COUNTERS))]
    return stated[0].value if len(stated) == 1 else None


# --- yes or no --------------------------------------------------------------------------------------------


def _yes_or_no(criterion: Criterion, numbers: list[Number], text: str) -> Value:
    if is_open(text) and (not numbers or _AWAITED.search(text)):
        return None
    if criterion.target:
        return _task_done(text)
    if criterion.entries and (criterion.entries.at_least or 0) > 1:
        return counting.often_enough(criterion, text)
    turned = _turn(criterion, text)
    if turned is not None:
        return turned
    if not _PREDICATE.search(text) and not numbers:
        return None
    if any(n.fraction is not None and n.fraction > 1 for n in numbers):
        return None  # 120%, 7/6: no part of anything
    event = any("发生" in label for label in criterion.answer.buttons)
    denied = is_denied(_NONE_WITHOUT.sub("", text), good=not event and not isinstance(criterion.score, Gate))
    partial = all_conditions(criterion, text, denied=denied)
    if partial is not None:
        return partial.value
    return _pressed(criterion, denied=denied)


def _turn(criterion: Criterion, text: str) -> bool | None:
    """Whether what should have risen, fallen or come in time did so; None where that is not the question."""
    if "本人" in criterion.ask and _DEPUTY.search(text):
        return False
    if re.search("绝迹|保持住", criterion.ask) and _STILL.search(text) and not is_denied(text, good=True):
        return False
    if (
        re.search("及时|按时", criterion.ask)
        and _LATE.search(text)
        and not _TIMELY.search(text)
        and not is_denied(text)
    ):
        return False
    troubles = [word for word in _ZERO.findall(criterion.ask) if word in text]
    if troubles and not is_denied(text) and not _BELOW.search(text):
        return False
    if "推进" in criterion.ask and _ADVANCED.search(text):
        return True
    up = re.search("增加|提高|连升", criterion.ask)
    if up and _FELL.search(text) and not is_denied(text):
        return False
    if up and re.search("逐年|连续|连年", text) and not is_denied(text):
        return True
    fall = re.search("([\u4e00-\u9fff]{2})率?(?:逐年)?下降", criterion.ask)
    if fall and re.search(f"{fall[1]}[^,;]{{0,8}}(?:{_ROSE.pattern})", text):
        return False
    return None


def _pressed(criterion: Criterion, *, denied: bool) -> Value:
    """The button that a yes or a no presses."""
    for label, value in criterion.answer.buttons.items():
        if is_negative(label) == denied or (label == "否" and denied):
            return value if isinstance(value, bool) else None
    return not denied


def _task_done(text: str) -> Value:
    if any(one.role is Role.BEYOND for one in told(text)):
        return True
    if _PARTLY.search(text):
        return False
    pair, compared = part_and_whole(text), _THAN_TASK.search(text)
    if compared:
        return compared["more"] is not None
    if pair:
        return pair[0] >= pair[1]
    shares = [one.number.fraction for one in told(text) if one.number.fraction is not None]
    if len(shares) == 1 and "完成" in text:
        return shares[0] >= 1
    if is_denied(text, good=True):
        return False
    return True if _TARGET_REACHED.search(text) or re.search("拿|评|办|做|创|得|过", text) else None


def _rank(criterion: Criterion, text: str) -> Value:
    """Whether a position is reached; the question says whether low or high is good, and how far down counts."""
    few, place = _FIRST_FEW.search(criterion.ask), _PLACE.search(text)
    if few and place and (said := parse_run(place["place"])) and (limit := parse_run(few["few"])):
        return said <= limit
    far_down = place and (parse_run(place["place"]) or 0) > _FAR_DOWN
    if _LAST.search(text) or far_down:
        return False
    low, high = bool(_BELOW.search(text)), bool(_ABOVE.search(text))
    if low != high:
        return low if "低" in criterion.ask else high
    return not is_denied(text) if _REACHED.search(text) else None


def _of_measures(criterion: Criterion, text: str) -> Value:
    if is_open(text):
        return None
    return measured_verdict(criterion, text)
