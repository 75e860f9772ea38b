"""How far a request has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from tqdm.auto import tqdm


@dataclass(frozen=True)
class Progress:
    """A step of a request and how much of it is done."""

    #: "starting services", "sequences", "cells", "counting", "scoring", "refining", or the name of a job.
    step: str
    #: Units of the step that are done.
    done: int
    #: Units of the step in all; 0 where nobody knows yet.
    total: int
    #: Remark, e.g. the best score so far.
    note: str = ""


#: Is told of progress.
OnProgress = Callable[[Progress], object]


class Bars:
    """One bar for each step (tqdm: a widget in notebooks, text on stderr elsewhere), and a callback.

    Use it as a context manager; unfinished bars are closed at its end.
    """

    def __init__(self, shown: bool, callback: OnProgress | None = None) -> None:
        self._shown, self._callback = shown, callback
        self._bar: Any = None
        self._step = ""

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def __call__(self, progress: Progress) -> None:
        if self._callback is not None:
            self._callback(progress)
        if not self._shown:
            return
        if progress.step != self._step or self._bar is None:
            self._close()
            self._step = progress.step
            self._bar = tqdm(desc=progress.step, total=progress.total or None, leave=False)
        self._bar.total = progress.total or None
        self._bar.n = progress.done
        self._bar.set_postfix_str(progress.note, refresh=False)
        self._bar.refresh()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
