"""Where and how to call."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import grpc
import grpc.aio

from ._errors import ArchgenError, invalid_argument
from .orchestrator.v1 import evolution_job_pb2, orchestrator_pb2
from .zcproxy.v1 import zcproxy_pb2

#: PEM text as bytes, or the path of its file.
Pem = Union[bytes, str, "os.PathLike[str]"]

#: Ports where services listen unless told otherwise.
ORCHESTRATOR_PORT, ZC_PROXY_PORT = 50050, 50051

_ADDRESS = re.compile(r"(?P<host>\[[^\]]+\]|[^:\s/\[\]]+):(?P<port>\d{1,5})")
#: Verbs of methods that change nothing, or the same thing however often they are called.
_REPEATABLE = re.compile(r"(Get|List|Watch|Export|Evaluate|Generate|Sample)")
_MESSAGE_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Connection:
    """Addresses of the services and how to speak to them."""

    #: Orchestrator, `host:port`.
    address: str
    #: Service that scores; that of the usual port beside the orchestrator where this is None.
    zc_proxy_address: str | None = None
    token: str | None = None
    #: Authority of the servers' certificates; b"" for those of this machine, None for plaintext.
    authority: bytes | None = None
    certificate: bytes | None = None
    private_key: bytes | None = None

    @classmethod
    def create(
        cls,
        address: str,
        *,
        zc_proxy_address: str | None = None,
        token: str | None = None,
        ca: Pem | None = None,
        certificate: Pem | None = None,
        private_key: Pem | None = None,
    ) -> Connection:
        """A connection from arguments; `ca="system"` trusts the authorities of this machine.

        Raises InvalidArgument naming what is no address or cannot be read.
        """
        for name, given in (("address", address), ("zc_proxy_address", zc_proxy_address)):
            if given is not None and not all(_is_address(part) for part in given.split(",")):
                raise invalid_argument(name, f"must be host:port, not {given!r}")
        if (certificate is None) != (private_key is None):
            raise invalid_argument("private_key" if certificate else "certificate", "is needed: both go together")
        authority = b"" if ca == "system" or (ca is None and certificate is not None) else _read("ca", ca)
        return cls(
            address,
            zc_proxy_address,
            token,
            authority,
            _read("certificate", certificate),
            _read("private_key", private_key),
        )

    @property
    def scoring_address(self) -> str:
        """Where networks are scored.

        Raises InvalidArgument naming `zc_proxy_address` where it is not given and the orchestrator is not at its usual port.
        """
        if self.zc_proxy_address is not None:
            return self.zc_proxy_address
        host, port = self.address.rsplit(":", 1)
        if port != str(ORCHESTRATOR_PORT):
            raise invalid_argument("zc_proxy_address", f"must be given to score and count: {self.address} is not at the usual port")
        return f"{host}:{ZC_PROXY_PORT}"

    @property
    def metadata(self) -> Sequence[tuple[str, str]]:
        """Metadata of every call."""
        return () if self.token is None else (("authorization", f"Bearer {self.token}"),)

    def channel(self, address: str) -> grpc.Channel:
        """A channel for synchronous calls."""
        if self.authority is None:
            return grpc.insecure_channel(_target(address), options=_OPTIONS)
        return grpc.secure_channel(_target(address), self._credentials(), options=_OPTIONS)

    def async_channel(self, address: str) -> grpc.aio.Channel:
        """A channel for asynchronous calls."""
        if self.authority is None:
            return grpc.aio.insecure_channel(_target(address), options=_OPTIONS)
        return grpc.aio.secure_channel(_target(address), self._credentials(), options=_OPTIONS)

    def _credentials(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(self.authority or None, self.private_key, self.certificate)


def from_environment(environment: Mapping[str, str] | None = None) -> Connection | None:
    """The connection of the variables that the command line reads too; None where no address is among them.

    ARCHGEN_ADDRESS, ARCHGEN_ZC_PROXY_ADDRESS, ARCHGEN_CA, ARCHGEN_CERT, ARCHGEN_KEY, ARCHGEN_TOKEN_FILE.
    """
    known = os.environ if environment is None else environment
    address = known.get("ARCHGEN_ADDRESS")
    if not address:
        return None
    token_file = known.get("ARCHGEN_TOKEN_FILE")
    token = _read("ARCHGEN_TOKEN_FILE", token_file) if token_file else None
    return Connection.create(
        address,
        zc_proxy_address=known.get("ARCHGEN_ZC_PROXY_ADDRESS") or None,
        token=None if token is None else token.decode().strip(),
        ca=known.get("ARCHGEN_CA") or None,
        certificate=known.get("ARCHGEN_CERT") or None,
        private_key=known.get("ARCHGEN_KEY") or None,
    )


def is_running(connection: Connection, seconds: float = 2.0) -> bool:
    """True where an orchestrator answers."""
    from .orchestrator.v1 import orchestrator_pb2_grpc

    with connection.channel(connection.address) as channel:
        stub = orchestrator_pb2_grpc.OrchestratorServiceStub(channel)
        try:
            stub.ListModels(orchestrator_pb2.ListModelsRequest(page_size=1), timeout=seconds, metadata=connection.metadata)
        except grpc.RpcError:
            return False
    return True


class StreamPosition:
    """Decides whether and when a stream is opened again that the server ended or that was lost on the way."""

    def __init__(self, patience: float = 30.0) -> None:
        #: What the next call goes on from; empty for the beginning.
        self.position = ""
        self._patience, self._waited, self._delay = patience, 0.0, 0.1

    def heard(self, position: str = "") -> None:
        """A message arrived."""
        self.position = position or self.position
        self._waited, self._delay = 0.0, 0.1

    def after(self, error: ArchgenError) -> float:
        """Seconds to wait before the stream is opened again; raises the error where that would not help."""
        if error.reason == "POSITION_UNKNOWN" and self.position:
            self.position = ""
            return 0.0
        busy = error.category == "RESOURCE_EXHAUSTED" and self.position
        if not busy and error.reason not in {"STREAM_MOVED", "SERVER_STOPPED", "UNAVAILABLE"}:
            raise error
        self.position = error.metadata.get("position") or self.position
        if error.reason == "STREAM_MOVED":
            return 0.0
        if self._waited >= self._patience:
            raise error
        delay = self._delay if error.retry_after is None else error.retry_after
        self._waited += max(delay, 0.1)
        self._delay = min(2 * self._delay, 2.0)
        return delay


def _is_address(text: str) -> bool:
    match = _ADDRESS.fullmatch(text.strip())
    return match is not None and 1 <= int(match["port"]) <= 65535


def _target(address: str) -> str:
    if "," not in address:
        return address.strip()
    return "ipv4:" + ",".join(part.strip().replace("localhost:", "127.0.0.1:") for part in address.split(","))


def _read(argument: str, pem: Pem | None) -> bytes | None:
    if pem is None or isinstance(pem, bytes):
        return pem
    try:
        return Path(pem).read_bytes()
    except OSError as error:
        raise invalid_argument(argument, f"cannot be read: {error}") from error


def _service_config() -> str:
    services = [
        descriptor
        for file in (orchestrator_pb2, evolution_job_pb2, zcproxy_pb2)
        for descriptor in file.DESCRIPTOR.services_by_name.values()
    ]
    repeatable = [
        {"service": service.full_name, "method": method.name}
        for service in services
        for method in service.methods
        if _REPEATABLE.match(method.name)
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps({"loadBalancingConfig": [{"round_robin": {}}], "methodConfig": [{"name": repeatable, "retryPolicy": policy}]})


_OPTIONS: Sequence[tuple[str, Any]] = (
    ("grpc.service_config", _service_config()),
    ("grpc.max_receive_message_length", _MESSAGE_BYTES),
    ("grpc.max_send_message_length", _MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
)
