"""The five services on this machine, started by `archgen serve`."""

from __future__ import annotations

import json
import os
import queue
import re
import shlex
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from ._connection import Connection
from ._errors import ServicesNotStarted

_NODE = (20, 19)
_START_SECONDS = 180.0
_STOP_SECONDS = 20.0


def find_command(environment: Mapping[str, str] | None = None, package: Path | None = None, folder: Path | None = None) -> list[str]:
    """The archgen command as a list of words.

    ARCHGEN_COMMAND; else the clone of the repository that holds this package; else `archgen` on PATH; else the one that npm installed in
    `node_modules` of the working folder or a folder above it (what `npx archgen` runs).

    Raises ServicesNotStarted where there is none, or no Node to run it.
    """
    known = os.environ if environment is None else environment
    if known.get("ARCHGEN_COMMAND"):
        return shlex.split(known["ARCHGEN_COMMAND"])
    path = known.get("PATH", "")
    node = _require_node(path)
    for parent in (package or Path(__file__).resolve()).parents:
        program = parent / "tools" / "cli" / "bin" / "archgen.js"
        if program.exists() and (parent / "tools" / "cli" / "dist").exists():
            return [node, str(program)]
    installed = shutil.which("archgen", path=path)
    if installed is not None:
        return [installed]
    working = (folder or Path.cwd()).resolve()
    for parent in (working, *working.parents):
        found = shutil.which("archgen", path=str(parent / "node_modules" / ".bin"))
        if found is not None:
            return [found]
    raise _not_started(
        "There is no archgen command: install it with npm, build a clone with npm ci, set ARCHGEN_COMMAND to it, "
        "or name a running orchestrator by address= or ARCHGEN_ADDRESS.",
        "COMMAND_NOT_FOUND",
    )


def _require_node(path: str) -> str:
    needed = ".".join(str(part) for part in _NODE)
    remedy = f"install Node {needed} or newer, or name a running orchestrator by address= or ARCHGEN_ADDRESS."
    node = shutil.which("node", path=path)
    if node is None:
        raise _not_started(f"The services need Node, and there is no node on PATH: {remedy}", "NODE_NOT_FOUND")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    if match is not None and (int(match[1]), int(match[2])) < _NODE:
        raise _not_started(f"{node} is {said.strip()}: {remedy}", "NODE_TOO_OLD")
    return node


class LocalServices:
    """The five services on free loopback ports, as long as this program runs or until they are stopped."""

    def __init__(
        self,
        *,
        workers: int = 2,
        models: str | os.PathLike[str] | None = None,
        images: str | os.PathLike[str] | None = None,
    ) -> None:
        """Starts them and waits until they answer.

        `workers` are scoring processes; `models` is the folder of model bundles, `images` real images for scoring. Raises
        ServicesNotStarted with the words of the command that failed.
        """
        command = [*find_command(), "serve", "--free-ports", "--json", "--until-stdin-ends"]
        command += ["--workers", str(workers), "--log-level", "error"]
        for flag, value in (("--models", models), ("--images", images)):
            command += [] if value is None else [flag, os.fspath(value)]
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            # A session of its own: Ctrl-C here must not end them. They end with their standard input, however this program ends.
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True
            )
        except OSError as error:
            raise _not_started(f"{command[0]} cannot be run: {error}", "COMMAND_NOT_FOUND") from error
        try:
            services = {service["name"]: service["address"] for service in self._read_services()}
        except BaseException:
            self.stop()
            raise
        #: Connection to them.
        self.connection = Connection(services["orchestrator"], services["zc-proxy"])

    @property
    def running(self) -> bool:
        """False once they have ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops them. Idempotent."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _read_services(self) -> list[dict[str, Any]]:
        """What the command prints: one JSON document, and then nothing until the end."""
        documents: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._read, args=(documents,), daemon=True).start()
        try:
            document = documents.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise _not_started(f"The services did not start within {_START_SECONDS:.0f} s.{self._said()}", "TIMEOUT") from None
        if document is None:
            raise _not_started(f"The services did not start.{self._said()}", "SERVICE_NOT_STARTED")
        services: list[dict[str, Any]] = document["services"]
        return services

    def _read(self, documents: queue.Queue[Any]) -> None:
        text = b""
        for line in self._process.stdout or ():
            text += line
            if line.rstrip() == b"}":
                documents.put(json.loads(text))
                return
        self._process.wait()
        documents.put(None)

    def _said(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").strip().splitlines()
        return " " + " ".join(lines[-3:]) if lines else ""


def _not_started(message: str, reason: str) -> ServicesNotStarted:
    return ServicesNotStarted(message, category="FAILED_PRECONDITION", reason=reason)
