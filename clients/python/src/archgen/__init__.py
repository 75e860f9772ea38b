"""Neural networks generated under exact budgets.

>>> import archgen
>>> answer = archgen.generate(max_flop_count="450M", input_size=224, classes=1000, candidates=20)
>>> answer.best                  # its picture in a notebook
>>> model = answer.best.torch()  # a torch.nn.Module

The services answer: those of `address` or ARCHGEN_ADDRESS, an orchestrator at 127.0.0.1:50050, or services that are started for this
program. Failures are exceptions (`ArchgenError`) that name the offending argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import _requests, jobs
from ._answers import (
    Answer,
    Counts,
    Evaluation,
    Job,
    Latency,
    Margin,
    Network,
    Provenance,
    Proxy,
    Scores,
    Synonym,
)
from ._async_client import AsyncClient, AsyncJobs
from ._client import Client, Jobs
from ._connection import Connection, Pem
from ._counts import Bytes, Count, parse_bytes, parse_count
from ._errors import (
    ArchgenError,
    FieldViolation,
    InvalidArgument,
    NoNetworkFound,
    NotFound,
    ServicesNotStarted,
    Unavailable,
)
from ._messages import Document
from ._options import with_options
from ._progress import Bars, OnProgress, Progress
from ._requests import DEFAULT_PROXIES, BatchNormMode, GenerationOptions, JobOptions
from ._session import client_of, start, stop

if TYPE_CHECKING:
    from typing_extensions import Unpack

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "ArchgenError",
    "AsyncClient",
    "AsyncJobs",
    "Bytes",
    "Client",
    "Connection",
    "Count",
    "Counts",
    "Document",
    "Evaluation",
    "FieldViolation",
    "GenerationOptions",
    "InvalidArgument",
    "Job",
    "JobOptions",
    "Jobs",
    "Latency",
    "Margin",
    "Network",
    "NoNetworkFound",
    "NotFound",
    "Progress",
    "Provenance",
    "Proxy",
    "Scores",
    "ServicesNotStarted",
    "Synonym",
    "Unavailable",
    "count",
    "generate",
    "jobs",
    "parse_bytes",
    "parse_count",
    "proxies",
    "score",
    "start",
    "stop",
    "synonyms",
]


@with_options(GenerationOptions)
def generate(
    *,
    address: str | None = None,
    token: str | None = None,
    ca: Pem | None = None,
    progress: bool = True,
    on_progress: OnProgress | None = None,
    **options: Unpack[GenerationOptions],
) -> Answer:
    """Networks under budgets, best first.

    Bounds go in any combination: `max_` and `min_` for `flop_count`, `mac_count` and `parameter_count`, as 450_000_000, "450M" or 4.5e8.
    `progress` shows a bar for each step (tqdm; a widget in notebooks), `on_progress` is called with each `Progress`. With `address` an
    orchestrator elsewhere answers (`token` and `ca` as for `Client`), else those that the module's description names.

    Raises InvalidArgument naming the offending argument, ServicesNotStarted where nothing runs and nothing can be started.
    """
    spec = _requests.generation_spec(options)
    connection = None if address is None else Connection.create(address, token=token, ca=ca)
    with Bars(progress, on_progress) as bars:
        return client_of(connection, bars)._generate(spec, bars)


def score(
    network: Network | Document,
    proxies: Sequence[str] = DEFAULT_PROXIES,
    *,
    size: int | None = None,
    batch_size: int = 64,
    seed: int = 0,
    bn_mode: BatchNormMode = "eval",
) -> Scores:
    """Zero-cost scores of one network or cell: a `Network`, JSON as dict or text, or the path of a file.

    `size` scores at another input size than the network's own; counts stay those of its own. `archgen.proxies()` lists names.
    """
    return client_of().score(network, proxies, size=size, batch_size=batch_size, seed=seed, bn_mode=bn_mode)


def count(network: Network | Document) -> Counts:
    """Exact counts of a network, or of a cell as the network that scores it."""
    return client_of().count(network)


def proxies() -> list[Proxy]:
    """The proxies that the services compute."""
    return client_of().proxies()


def synonyms(
    cell: Document,
    count: int = 10,
    *,
    cell_generator: str = "",
    temperature: float | None = None,
    seed: int = 0,
    model_version: str = "",
) -> list[Synonym]:
    """Cells that do what a given cell does, nearest first; fewer than `count` where the generator only repeats itself."""
    return client_of().synonyms(
        cell,
        count,
        cell_generator=cell_generator,
        temperature=temperature,
        seed=seed,
        model_version=model_version,
    )
