"""The command line. Errors are one sentence on stderr: exit 2 for a user's mistake, 1 for a failure, no traceback."""

from __future__ import annotations

import sys

import click

from bot import (
    adopt_command,
    data_commands,
    due_command,
    export_commands,
    match_commands,
    phase_command,
    rubric_commands,
    score_commands,
    serve_commands,
    snapshot_command,
)
from bot.usage import usage_sentence
from rubrics.errors import KaopingError


@click.group(context_settings={"help_option_names": ["--help"], "max_content_width": 100})
def app() -> None:
    """考评：政府质量工作考核的评分与佐证收集。"""


app.add_command(rubric_commands.rubric)
app.add_command(score_commands.score)
app.add_command(score_commands.grade)
app.add_command(match_commands.match)
app.add_command(data_commands.init)
data_commands.campaign.add_command(phase_command.phase)
data_commands.campaign.add_command(adopt_command.adopt)
app.add_command(data_commands.campaign)
app.add_command(data_commands.invite)
app.add_command(data_commands.verify)
app.add_command(serve_commands.serve)
app.add_command(serve_commands.scores)
app.add_command(snapshot_command.snapshot)
app.add_command(due_command.due)
app.add_command(export_commands.export)


def main() -> None:
    """Run the command line; what `kaoping` and `python -m bot` call."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # Chinese text also where the locale is C
    try:
        status = app(prog_name="kaoping", standalone_mode=False)
    except KaopingError as error:
        sys.exit(_failed(str(error), 2))
    except BrokenPipeError:
        sys.stderr.close()  # `| head` closed the pipe; nothing to say
        sys.exit(1)
    except OSError as error:
        sys.exit(_failed(f"读写文件失败：{error.filename or ''} {error.strerror}，请检查路径和权限", 1))
    except click.ClickException as error:
        sys.exit(_failed(usage_sentence(error), 2))
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        sys.exit(_failed(f"程序内部出错（{type(error).__name__}：{error}），请把命令和这句话报给维护人员", 1))
    sys.exit(status or 0)


def _failed(sentence: str, status: int) -> int:
    click.echo(sentence, err=True)
    return status
