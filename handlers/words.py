"""What people type for what: commands, their Chinese names and aliases."""

from __future__ import annotations

import re
import unicodedata

COMMANDS = {
    "list": ("/list", "清单"),
    "next": ("/next", "下一项", "继续", "下一个"),
    "me": ("/me", "我的得分", "我的分数", "得多少分了"),
    "inbox": ("/inbox", "待归类材料"),
    "undo": ("/undo", "撤回"),
    "wrong": ("/wrong", "发错了", "发错", "传错了"),
    "swap": ("/swap", "换一份"),
    "entries": ("/entries", "台账"),
    "proof": ("/proof", "这条的材料", "材料"),
    "by-number": ("/by-number", "只报文号", "报文号"),
    "offline": ("/offline", "线下核验"),
    "help": ("/help", "帮助", "怎么用", "?", ""),
    "cancel": ("/cancel", "取消"),
    "back": ("/back", "返回", "上一步", "退回上一步"),
    "skip": ("/skip", "跳过"),
    "submit": ("/submit", "提交自评", "提交"),
    "device": ("/device", "换设备"),
    "start": ("/start",),
    "today": ("/today", "今天"),
    "people": ("/people", "人员"),
    "absences": ("/absences", "申请"),
    "disputes": ("/disputes", "异议", "有异议"),
    "handed-in": ("/submissions", "自评提交"),
    "learnt": ("/learnt", "学到的说法"),
    "leave-end": ("/back-at-work", "销假"),
    "unseen": ("/unseen", "未看"),
    "escalate": ("/escalate", "请协调", "请上级协调"),
    "motions": ("/motions", "提请"),
    "year": ("/year", "年终工作"),
    "late": ("/late", "补报"),
    "appeals": ("/appeals", "申诉"),
    "rectify": ("/rectify", "整改"),
    "results": ("/results", "结果运用", "向社会公布"),
    "losses": ("/losses", "丢分最多"),
    "readings": ("/readings", "读法"),
    "roster": ("/roster", "花名册空表", "花名册"),
    "rows": ("/rows", "存在问题"),
    "carry": ("/carry", "沿用去年"),
    "sample": ("/sample", "抽查"),
    "across": ("/across", "一条看全部单位"),
    "take-back": ("/take-back", "撤销"),
    "bulletin": ("/bulletin", "通报", "通报稿"),
    "unbooked": ("/unbooked", "没记的情况"),
    "deliberate": ("/deliberate", "综合审议", "审议"),
    "final": ("/final", "审定快照", "审定"),
    "sampled": ("/sampled", "抽查进度"),
    "adopt": ("/adopt", "换用今年细则", "换用细则"),
    "silent": ("/silent", "谁没回"),
}
WITH_WORDS = {
    "remove": ("/remove", "移出"),
    "gap": ("/gap", "差在哪"),
    "score-log": ("/score-log", "历次得分"),
    "talk": ("/talk", "约谈", "回头看"),
    "unit": ("/unit", "单位"),
    "scores": ("/scores", "得分"),
    "start": ("/start",),
    "feedback": ("/feedback", "意见反馈"),
    "fact": ("/fact", "记情况"),
    "veto": ("/veto", "一票否决"),
    "campaign": ("/campaign", "考核"),
    "invite": ("/invite", "邀请"),
    "leave": ("/leave", "请假"),
    "remind": ("/remind", "催办", "催一下", "催促"),
    "missing": ("/missing", "未报"),
    "notice": ("/notice", "发通知"),
    "report": ("/report", "报送信息"),
    "clue": (
        "/clue",
        "线索",
        "打假线索",
        "举报线索",
        "举报",
        "报线索",
        "报打假线索",
        "我要举报",
        "我要报线索",
        "我要报一条打假线索",
    ),
    "year-end": ("/year-end", "待年终"),
    "open-again": ("/open-again", "复开"),
    "review": ("/review", "核查"),
    "snapshot": ("/snapshot", "快照"),
    "export": ("/export", "导出"),
    "erase": ("/erase", "误发"),
    "handover": ("/handover", "交接"),
    "groups": ("/groups", "考核组", "核查组"),
    "visit": ("/visit", "现场核查"),
    "judge": ("/judge", "专家评分"),
    "provide": ("/provide", "确认数据"),
    "targets": ("/targets", "目标任务", "下达任务"),
    "doubts": ("/doubts", "疑问"),
    "doings": ("/doings", "经办记录"),
    "opinion": ("/opinion", "核查意见"),
    "own-name": ("/name", "我叫"),
}
GLUED = {"导出", "单位", "记情况", "请假", "催办", "催一下", "催促"}
"""Names that words may follow without a blank."""

KEPT = {"report", "notice", "clue", "feedback", "fact"}
"""Commands whose words are kept or sent on: they get them as they were typed, full width, full stop and all."""

_LENGTH = "(?:[0-9一二两三四五六七八九十半]+个?(?:天|日|周|星期|礼拜|月))"
_WHEN = "(?:我|本人|今天|明天|后天|从|起|开始|想|要|得|需要|[上下]午|下?(?:周|星期)[一二三四五六日天]|[0-9年月日号到至.~, -])*"
_MINE = r"(?:我们?|本人|[^\s,把将给]{1,10}(?:镇|乡|街道|园区|开发区|局|办|委|中心))"
_WORK = "(?:的?(?:质量)?(?:考核|填报|联络员?)?(?:工作|活儿?))"
_TO_SOMEBODY = "给[一-鿿·]{2,4}(?:(?:接|负责|管|来|吧|从|自|起|今天|明天|后天|下)?[^一-鿿].*|(?:接|负责|管|来|吧|从|自|起|今天|明天|后天|下).*)?"
SENTENCES = {
    "own-name": re.compile("我叫(?![他她它你您谁人])[一-鿿·]{2,4}"),
    "leave": re.compile(f"{_WHEN}请{_LENGTH}?(?:的?[事病年产婚丧]?)假{_LENGTH}?(?:[,。 ].*)?"),
    "handover": re.compile(
        f"(?:(?:把|将)?(?:{_MINE}(?:交接|交)|{_MINE}?{_WORK}(?:交接|移交|转交|交))|交接{_MINE}?{_WORK}?){_TO_SOMEBODY}"
        f"|由[一-鿿·]{{2,4}}(?:接手|接替){_MINE}?{_WORK}?(?:[, 从自].*)?"
    ),
}
"""How people say some commands with words of their own; the handler gets all they said."""

_BY_WORD = {word: command for command, words in COMMANDS.items() for word in words}


def command_of(text: str) -> tuple[str, str] | None:
    """The command a text is and the words behind it, in one spelling unless they are `KEPT`; None where it is none."""
    words = _plain(text)
    if words in _BY_WORD:
        return _BY_WORD[words], ""
    for command, names in WITH_WORDS.items():
        for name in names:
            rest = words.removeprefix(name)
            if rest != words and (not rest or rest[0] in " :\n" or name in GLUED):
                behind = _behind(text, name) if rest and command in KEPT else rest
                return command, behind.strip(" :：\n\u3000")
    return next(((command, words) for command, said in SENTENCES.items() if said.fullmatch(words)), None)


def stands_apart(text: str) -> bool:
    """Whether the name of a command stands by itself before the words behind it (核查 孟河镇, not 单位没盖章)."""
    name, blank, _ = _plain(text).partition(" ")
    return bool(blank) and any(name in names for names in WITH_WORDS.values())


def _behind(text: str, name: str) -> str:
    """What was typed behind a name that the text begins with, in its own spelling."""
    typed = text.strip()
    ends = (at for at in range(1, len(typed) + 1) if unicodedata.normalize("NFKC", typed[:at]) == name)
    return typed[next(ends) :]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip("。.!,;~ ")
