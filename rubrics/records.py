"""The base of all rubric records, and figures as a source prints them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import msgspec

Figure = Decimal
"""A figure exactly as the source prints it."""

MonthDay = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True, kw_only=True):
    """A frozen record; an unknown or missing key is refused with its place."""

    def __post_init__(self) -> None:
        for key in self.__struct_fields__:
            value = getattr(self, key)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Decimal) and not _is_plausible(part):
                    raise ValueError(f"「{key}」要一个平常的数，最多 12 位整数、20 位小数")


def refuse_negative(record: Record, keys: tuple[str, ...]) -> None:
    """Refuse points and steps below 0; what is lost is written as a positive figure.

    Raises:
        ValueError: naming the key.
    """
    for key in keys:
        value = getattr(record, key)
        for part in value if isinstance(value, tuple) else (value,):
            if part is not None and part < 0:
                raise ValueError(f"「{key}」不能小于 0")


def _is_plausible(figure: Decimal) -> bool:
    exponent = figure.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -20 and figure.adjusted() < 12


def plain_data(value: object, *, brief: bool = True) -> Any:
    """A record as builtins, decimals kept; ``brief`` leaves out keys at their default, else only None ones."""
    if isinstance(value, Record):
        config = value.__struct_config__
        shown = {str(config.tag_field): config.tag} if config.tag is not None else {}
        for field in msgspec.structs.fields(value):
            part = getattr(value, field.name)
            if part is not None and (not brief or field.required or part != field.default):
                shown[field.name] = plain_data(part, brief=brief)
        return shown
    if isinstance(value, list | tuple):
        return [plain_data(part, brief=brief) for part in value]
    if isinstance(value, dict):
        return {key: plain_data(part, brief=brief) for key, part in value.items()}
    return value
