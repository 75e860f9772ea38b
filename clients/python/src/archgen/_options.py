"""Signatures that show the options of a TypedDict."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def with_options(options: type) -> Callable[[F], F]:
    """Shows the keys of a TypedDict in a function's signature instead of `**options`, so that help and completion list them."""

    def decorate(function: F) -> F:
        shown = inspect.signature(function)
        kept = [item for item in shown.parameters.values() if item.kind is not inspect.Parameter.VAR_KEYWORD]
        more = [
            inspect.Parameter(
                name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=getattr(annotation, "__forward_arg__", annotation)
            )
            for name, annotation in options.__annotations__.items()
        ]
        function.__signature__ = shown.replace(parameters=[*kept, *more])  # type: ignore[attr-defined]
        return function

    return decorate
