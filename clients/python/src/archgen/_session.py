"""What module functions and clients without an address talk to."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping, Sequence

from ._client import Client
from ._connection import ORCHESTRATOR_PORT, Connection, from_environment, is_running
from ._progress import OnProgress, Progress
from ._requests import Format
from ._services import LocalServices
from .common.v1 import network_pb2

_lock = threading.RLock()
_local: LocalServices | None = None
_clients: dict[Connection, Client] = {}


def start(
    *,
    workers: int = 2,
    models: str | os.PathLike[str] | None = None,
    images: str | os.PathLike[str] | None = None,
) -> Connection:
    """Starts services of one's own on free loopback ports, which all requests without an address then use.

    Requests start them by themselves where none runs; call this for other settings: `workers` scoring processes, `models` for another
    folder of model bundles, `images` for real images. They end with this program or with `stop`.

    Raises ServicesNotStarted.
    """
    global _local
    with _lock:
        stop()
        _local = LocalServices(workers=workers, models=models, images=images)
        return _local.connection


def stop() -> None:
    """Stops the services that were started here; those of others run on. Idempotent."""
    global _local
    with _lock:
        for client in _clients.values():
            client.close()
        _clients.clear()
        if _local is not None:
            _local.stop()
            _local = None


atexit.register(stop)


def default_connection(on_progress: OnProgress | None = None) -> Connection:
    """ARCHGEN_ADDRESS; else services started here; else an orchestrator at its usual port on this machine; else new services."""
    with _lock:
        if _local is not None and _local.running:
            return _local.connection
        named = from_environment()
        if named is not None:
            return named
        usual = Connection(f"127.0.0.1:{ORCHESTRATOR_PORT}")
        if is_running(usual):
            return usual
        if on_progress is not None:
            on_progress(Progress("starting services", 0, 0))
        return start()


def client_of(connection: Connection | None = None, on_progress: OnProgress | None = None) -> Client:
    """The client of a connection, the default one unless given; one for each, kept open."""
    with _lock:
        found = connection or default_connection(on_progress)
        client = _clients.get(found)
        if client is None:
            client = _clients[found] = Client._on(found)
        return client


def default_exporter(network: network_pb2.Network, formats: Sequence[Format], seed: int) -> Mapping[Format, bytes]:
    """Writes networks that no connection is known of, or whose connection is gone."""
    return client_of().export(network, formats, seed=seed)
