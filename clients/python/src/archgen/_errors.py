"""Failures as exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True)
class FieldViolation:
    """One offending field."""

    #: Argument of the Python function where there is one, else path of the field in the request, e.g. "network.stages[0].stride".
    field: str
    #: What is wrong with it and what would be right.
    description: str


class ArchgenError(Exception):
    """A request that failed.

    `category` is the gRPC status, e.g. "INVALID_ARGUMENT"; `reason` the stable cause in UPPER_SNAKE_CASE; `violations` names offending
    fields; `metadata` holds further facts; `retry_after` is the time in seconds after which another attempt makes sense, None where the
    server does not say.
    """

    def __init__(
        self,
        message: str,
        *,
        category: str,
        reason: str,
        violations: Sequence[FieldViolation] = (),
        metadata: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.category = category
        self.reason = reason
        self.violations = tuple(violations)
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after

    @property
    def field(self) -> str | None:
        """The first offending field; None when none is named."""
        return self.violations[0].field if self.violations else None

    @property
    def description(self) -> str | None:
        """What is wrong with the first offending field; None when none is named."""
        return self.violations[0].description if self.violations else None


class InvalidArgument(ArchgenError, ValueError):
    """An argument is wrong; `violations` says which and what would be right."""


class NotFound(ArchgenError, LookupError):
    """There is no such job, model or version."""


class Unavailable(ArchgenError, ConnectionError):
    """No service answers, or it went away."""


class ServicesNotStarted(ArchgenError, RuntimeError):
    """The services could not be started on this machine: Node or the archgen command is missing, or a service failed."""


class NoNetworkFound(ArchgenError, LookupError):
    """No candidate kept the bounds."""


_CLASSES: Mapping[str, type[ArchgenError]] = {
    "INVALID_ARGUMENT": InvalidArgument,
    "OUT_OF_RANGE": InvalidArgument,
    "NOT_FOUND": NotFound,
    "UNAVAILABLE": Unavailable,
}

#: Arguments of this package by fields of requests with another name.
_ARGUMENTS: Mapping[str, str] = {
    "class_count": "classes",
    "top_k": "top",
    "evaluation_count": "evaluations",
    "population_size": "population",
    "refinement_time_limit_seconds": "time_limit",
    "pareto_costs": "costs",
    "scoring_input_size": "scoring_size",
    "scoring_batch_size": "scoring_batch",
    "evolution_job_id": "id",
    "evolution_job.name": "name",
}
_PARENTS = re.compile(r"^(spec|evolution_job|constraints|target|settings|items\[0\])\.(?!name)")


def invalid_argument(argument: str, description: str) -> InvalidArgument:
    """The error of an argument that is refused before anything is asked."""
    return InvalidArgument(
        f"{argument} {description}",
        category="INVALID_ARGUMENT",
        reason="INVALID_ARGUMENT",
        violations=[FieldViolation(argument, description)],
    )


def argument_of(field: str) -> str:
    """The argument that a field of a request comes from; the field itself where none does."""
    name = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", field)
    while _PARENTS.search(name):
        name = _PARENTS.sub("", name)
    head = re.match(r"[a-z_0-9]*", name)
    start = head[0] if head else ""
    return f"{_ARGUMENTS.get(start, start)}{name[len(start) :]}"


def from_status(code: str, message: str, details: Sequence[any_pb2.Any]) -> ArchgenError:
    """The exception of a status with its details (google.rpc.ErrorInfo, BadRequest, RetryInfo)."""
    reason, metadata, violations, retry_after = code, {}, [], None
    for detail in details:
        info, request, retry = (
            error_details_pb2.ErrorInfo(),
            error_details_pb2.BadRequest(),
            error_details_pb2.RetryInfo(),
        )
        if detail.Unpack(info):
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(request):
            violations = [FieldViolation(argument_of(v.field), v.description) for v in request.field_violations]
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
    if violations:
        message = "; ".join(f"{violation.field} {violation.description}" for violation in violations)
    return _CLASSES.get(code, ArchgenError)(
        message, category=code, reason=reason, violations=violations, metadata=metadata, retry_after=retry_after
    )


def from_rpc_error(error: grpc.RpcError) -> ArchgenError:
    """The exception of a failed call, synchronous or asynchronous."""
    code: grpc.StatusCode = error.code()
    message = error.details() or code.name
    status = status_pb2.Status()
    trailers: Iterable[tuple[str, str | bytes]] = error.trailing_metadata() or ()  # type: ignore[assignment]
    for key, value in trailers:
        if key == _DETAILS and isinstance(value, bytes):
            try:
                status.ParseFromString(value)
            except DecodeError:
                status.Clear()  # garbled details must not hide the status
    if code is grpc.StatusCode.UNAVAILABLE and not status.details:
        hint = "; a server that speaks TLS needs ca=" if "Socket closed" in message else ""
        message = f"No service answers ({message}{hint})."
    return from_status(code.name, message, status.details)


@contextmanager
def translated() -> Iterator[None]:
    """Failures of calls inside come out as ArchgenError."""
    try:
        yield
    except grpc.RpcError as error:
        raise from_rpc_error(error) from None
