"""Counts and amounts of memory as people write them."""

from __future__ import annotations

import re

from ._errors import invalid_argument

#: A count: 450_000_000, 4.5e8, "450M", "450 M", "1e8".
Count = int | float | str
#: An amount of memory in bytes: 786_432, "256k", "1.5 MB", "768 KiB".
Bytes = int | float | str

_NUMBER = r"(\d+(?:\.\d+)?(?:e\+?\d+)?)\s*"
_COUNT = re.compile(_NUMBER + r"([KMGT]?)", re.IGNORECASE)
_BYTES = re.compile(_NUMBER + r"((?:[KMGT]i?)?)(?:B|bytes)?", re.IGNORECASE)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
_LARGEST = 2**53 - 1


def parse_count(argument: str, value: Count) -> int:
    """The whole number that is meant, as the command line reads it.

    Raises InvalidArgument naming `argument` for what is not a positive count below 2**53.
    """
    return _parse(argument, value, _COUNT, 'a positive count such as 450_000_000, "450M" or 4.5e8')


def parse_bytes(argument: str, value: Bytes) -> int:
    """The bytes that are meant, as the command line reads them: powers of 1000, of 1024 with an `i`.

    Raises InvalidArgument naming `argument` for what is not a positive amount below 2**53.
    """
    return _parse(argument, value, _BYTES, 'an amount of memory such as 786_432, "256k", "1.5 MB" or "768 KiB"')


def _parse(argument: str, value: float | str, pattern: re.Pattern[str], wanted: str) -> int:
    match = pattern.fullmatch(re.sub(r"(?<=\d)_(?=\d)", "", str(value).strip()))
    number = 0
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif match and not isinstance(value, bool):
        prefix = match[2].upper()
        number = round(float(match[1]) * (1024 if prefix.endswith("I") else 1000) ** _POWERS[prefix[:1]])
    if not 1 <= number <= _LARGEST:
        raise invalid_argument(argument, f"must be {wanted}, not {value!r}")
    return number
