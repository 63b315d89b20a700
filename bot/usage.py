"""A wrong call of the command line, said in a sentence."""

from __future__ import annotations

import re

import click

from rubrics.errors import KaopingError


class CallError(KaopingError):
    """A call that cannot be carried out as it was written."""


_SAY = {
    "MissingParameter": "缺少参数 {param}",
    "NoSuchOption": "没有选项 {option}",
    "BadParameter": "参数 {param} 的值不对（{message}）",
    "BadOptionUsage": "选项 {option} 用法不对（{message}）",
}
# What the library says in English where it gives no parts to build a sentence from.
_TRANSLATED = (
    (re.compile(r"No such command '(.+?)'.*"), r"没有命令「\1」"),
    (re.compile(r"'(.*?)' is not a valid integer\.?"), r"「\1」不是整数"),
    (re.compile(r"'(.*?)' is not a valid float\.?"), r"「\1」不是数"),
    (re.compile(r"'(.*?)' is not a valid boolean.*"), r"「\1」不是 true 或 false"),
    (re.compile(r"'?(.*?)'? is not in the range (\S+?)<=x<=(\S+?)\.?$"), r"「\1」不在 \2 到 \3 之间"),
    (re.compile(r"'?(.*?)'? is not in the range x>=(\S+?)\.?$"), r"「\1」小于 \2"),
    (re.compile(r"'(.*?)' is not one of (.+?)\.?$"), r"「\1」不在可选的里面：\2"),
    (re.compile(r"Option '(.+?)' requires an argument\.?"), r"\1 后面要写一个值"),
    (re.compile(r"Option '(.+?)' does not take a value\.?"), r"\1 后面不能写值"),
    (re.compile(r"(?:File|Directory|Path) '(.*?)' does not exist\.?"), r"没有「\1」"),
    (re.compile(r"(?:File|Path) '(.*?)' is a directory\.?"), r"「\1」是文件夹"),
    (re.compile(r"(?:Directory|Path) '(.*?)' is a file\.?"), r"「\1」是文件"),
    (re.compile(r"(?:File|Directory|Path) '(.*?)' is not (?:readable|writable)\.?"), r"「\1」没有权限"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)"), r"多出来的参数「\1」，请检查引号和空格"),
)


def usage_sentence(error: click.ClickException) -> str:
    """What was wrong with the call and where to look; the help where nothing was asked for."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.message
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "kaoping"
    parameter = getattr(error, "param", None)
    name = ""
    if parameter is not None:
        name = "/".join(parameter.opts) if parameter.opts[0].startswith("-") else parameter.make_metavar(context)
    message = error.message
    for pattern, chinese in _TRANSLATED:
        message = pattern.sub(chinese, message)
    template = _SAY.get(type(error).__name__, "{message}")
    what = template.format(param=name, option=getattr(error, "option_name", ""), message=message)
    return f"{command}：{what}。用法见 {command} --help"


def sentence_and_status(error: Exception) -> tuple[str, int]:
    """What a person reads for an error, and the exit status: 2 for their own mistake, 1 for a failure."""
    if isinstance(error, KaopingError):
        return str(error), 2
    if isinstance(error, click.ClickException):
        return usage_sentence(error), 2
    if isinstance(error, OSError):
        return f"读写文件失败：{error.filename or ''} {error.strerror}，请检查路径和权限", 1
    return f"程序内部出错（{type(error).__name__}：{error}），请把命令和这句话报给维护人员", 1
