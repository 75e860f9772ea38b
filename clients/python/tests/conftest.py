"""One set of live services for all tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import archgen

REPOSITORY = Path(__file__).resolve().parents[3]
CLI = ["node", str(REPOSITORY / "tools" / "cli" / "bin" / "archgen.js")]


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[archgen.Connection]:
    """Services that the package started itself, as a request without an address does."""
    data = tmp_path_factory.mktemp("jobs")
    for folder in (data, *data.parents):
        # the embedded database's server may run as another user
        if str(folder) not in {"/", "/tmp"} and folder.stat().st_uid == os.getuid():
            folder.chmod(0o755)
    os.environ["ARCHGEN_JOBS_DATA"] = str(data / "data")
    yield archgen.start(workers=2, models=REPOSITORY / "models")
    archgen.stop()


@pytest.fixture(scope="session")
def answer(services: archgen.Connection) -> archgen.Answer:
    """Networks of 32 pixels and 10 classes below 20 M MACs."""
    return archgen.generate(**REQUEST, progress=False)


#: Small enough that scoring takes seconds.
REQUEST: archgen.GenerationOptions = {
    "max_mac_count": "20M",
    "input_size": 32,
    "classes": 10,
    "candidates": 3,
    "top": 2,
    "seed": 7,
}


def cli(*args: str) -> str:
    """Standard output of the command line."""
    return subprocess.run([*CLI, *args], check=True, capture_output=True, text=True).stdout
