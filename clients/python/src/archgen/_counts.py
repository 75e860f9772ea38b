"""Counts as people write them."""

from __future__ import annotations

import re

from ._errors import invalid_argument

#: A count: 450_000_000, 4.5e8, "450M", "450 M", "1e8".
Count = int | float | str

_WRITTEN = re.compile(r"(\d+(?:\.\d+)?(?:e\+?\d+)?)\s*([KMGT]?)", re.IGNORECASE)
_FACTORS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LARGEST = 2**53 - 1


def parse_count(argument: str, value: Count) -> int:
    """The whole number that is meant, as the command line reads it.

    Raises InvalidArgument naming `argument` for what is not a positive count below 2**53.
    """
    text = str(value)
    match = _WRITTEN.fullmatch(re.sub(r"(?<=\d)_(?=\d)", "", text.strip()))
    number = round(float(match[1]) * _FACTORS[match[2].upper()]) if match and not isinstance(value, bool) else 0
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    if not 1 <= number <= _LARGEST:
        raise invalid_argument(argument, f'must be a positive count such as 450_000_000, "450M" or 4.5e8, not {value!r}')
    return number
