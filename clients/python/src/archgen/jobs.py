"""Searches that an orchestrator runs for hours and that survive restarts.

Functions of the default connection (see `archgen.generate`); `Client.jobs` has the same of another one. Names are "evolutionJobs/{id}" or
just the id.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from ._answers import Evaluation, Job
from ._client import Jobs
from ._options import with_options
from ._progress import OnProgress
from ._requests import JobOptions
from ._session import client_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Unpack

__all__ = ["cancel", "create", "delete", "evaluations", "get", "list", "resume", "run", "wait", "watch"]


def _jobs() -> Jobs:
    return client_of().jobs


@with_options(JobOptions)
def create(*, id: str = "", run: bool = False, validate_only: bool = False, **options: Unpack[JobOptions]) -> Job:
    """Creates a search, and with `run` starts it; with `validate_only` it is only checked."""
    return _jobs().create(id=id, run=run, validate_only=validate_only, **options)


def run(name: str) -> Job:
    """Starts a job that was created, was cancelled or has failed."""
    return _jobs().run(name)


def get(name: str) -> Job:
    """Describes a job."""
    return _jobs().get(name)


def list() -> builtins.list[Job]:
    """All jobs, the latest first."""
    return [*_jobs().list()]


def watch(name: str) -> Iterator[Job]:
    """A job now and whenever it has changed, to its end; leaving the loop stops only watching."""
    return _jobs().watch(name)


def wait(name: str, *, progress: bool = True, on_progress: OnProgress | None = None) -> Job:
    """Follows a job with a bar to its end."""
    return _jobs().wait(name, progress=progress, on_progress=on_progress)


def cancel(name: str) -> Job:
    """Stops a job; it can be resumed."""
    return _jobs().cancel(name)


def resume(name: str) -> Job:
    """Continues a job that was cancelled, has failed, or whose orchestrator is gone."""
    return _jobs().resume(name)


def delete(name: str) -> None:
    """Deletes a job that does not run, with its history."""
    _jobs().delete(name)


def evaluations(name: str) -> Iterator[Evaluation]:
    """The evaluations of a job in order of completion."""
    return _jobs().evaluations(name)
