"""Failures name the offending argument."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from conftest import REPOSITORY

import archgen
from archgen._services import LocalServices, find_command


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("450M", 450_000_000),
        ("450 m", 450_000_000),
        ("1.5G", 1_500_000_000),
        ("1e8", 10**8),
        (4.5e8, 450_000_000),
        ("450_000", 450_000),
        (7, 7),
    ],
)
def test_counts_are_read_as_people_write_them(written: archgen.Count, meant: int) -> None:
    assert archgen.parse_count("count", written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("256k", 256_000), ("1.5 MB", 1_500_000), ("768 KiB", 786_432), ("1.5Mi", 1_572_864), ("100 bytes", 100), (4096, 4096)],
)
def test_memory_is_read_as_people_write_it(written: archgen.Bytes, meant: int) -> None:
    assert archgen.parse_bytes("bytes", written) == meant


@pytest.mark.parametrize("written", ["", "KB", "12 iB", "5 bits", "1,5 MB", 0, True])
def test_what_is_no_memory_is_refused(written: archgen.Bytes) -> None:
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.parse_bytes("max_weight_bytes_int8", written)
    assert failure.value.field == "max_weight_bytes_int8"


@pytest.mark.parametrize("written", ["", "M", "-3", 0, -1, "1e99", "450X", float("nan"), True, "1_"])
def test_what_is_no_count_is_refused(written: archgen.Count) -> None:
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.parse_count("max_flop_count", written)
    assert failure.value.field == "max_flop_count"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"input_size": 5}, "input_size"),
        ({"classes": 1}, "classes"),
        ({"candidates": 2, "top": 3}, "top"),
        ({"max_mac_count": 1000}, "max_mac_count"),
        ({"objective": "nothing"}, "objective"),
        ({"cell_generator": "nothing"}, "cell_generator"),
        ({"sequence_temperature": 9.0}, "sequence_temperature"),
        ({"draws_per_sequence": 101}, "draws_per_sequence"),
        ({"input_size": "large"}, "input_size"),
        ({"max_macs": 5}, "max_macs"),
    ],
)
def test_an_error_of_a_field_names_the_argument(services: archgen.Connection, options: archgen.GenerationOptions, field: str) -> None:
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.generate(**{"input_size": 32, "classes": 10, "candidates": 2, **options}, progress=False)
    error = failure.value
    assert isinstance(error, ValueError)
    assert error.field == field
    assert error.description and error.description in str(error)
    assert error.category == "INVALID_ARGUMENT" and error.reason.isupper()


def test_what_is_wrong_with_a_network_is_said_with_its_place(answer: archgen.Answer) -> None:
    wrong = {**answer.best.json, "stages": [{**answer.best.json["stages"][0], "channels": 9}]}
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.count(wrong)
    assert failure.value.field == "network.stages[0].channels"
    with pytest.raises(archgen.InvalidArgument, match="stem"):
        archgen.count({"input": {"size": 32}, "classes": 10, "stages": []})
    with pytest.raises(archgen.InvalidArgument, match="neither JSON nor a file"):
        archgen.count("absent.json")
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.score(answer.best, ["nothing"])
    assert failure.value.field is not None and failure.value.field.startswith("proxies")


def test_where_nothing_listens_is_unavailable() -> None:
    with archgen.Client("127.0.0.1:1") as client, pytest.raises(archgen.Unavailable) as failure:
        client.synonyms({"operations": [], "edges": [[0, 1]]})
    assert isinstance(failure.value, ConnectionError)


def test_what_is_no_connection_is_refused() -> None:
    for arguments, field in (
        ({"address": "http://127.0.0.1:50050"}, "address"),
        ({"address": "127.0.0.1:99999"}, "address"),
        ({"address": "a:1", "ca": "absent.crt"}, "ca"),
        ({"address": "a:1", "certificate": b"pem"}, "private_key"),
    ):
        with pytest.raises(archgen.InvalidArgument) as failure:
            archgen.Client(**arguments)  # type: ignore[arg-type]
        assert failure.value.field == field
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.Client("127.0.0.1:40000").count({"operations": [], "edges": [[0, 1]]})
    assert failure.value.field == "zc_proxy_address"


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path


def test_the_command_is_found_where_it_is(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "archgen" / "_services.py"
    node = program(tmp_path / "bin", "node", "echo v22.1.0")
    path = {"PATH": str(tmp_path / "bin")}
    assert find_command({**path, "ARCHGEN_COMMAND": "npx 'my archgen'"}, package, tmp_path) == ["npx", "my archgen"]
    assert find_command(path)[1] == str(REPOSITORY / "tools" / "cli" / "bin" / "archgen.js")
    with pytest.raises(archgen.ServicesNotStarted) as failure:
        find_command(path, package, tmp_path)
    assert failure.value.reason == "COMMAND_NOT_FOUND" and "ARCHGEN_COMMAND" in str(failure.value)
    local = program(tmp_path / "node_modules" / ".bin", "archgen", "")
    assert find_command(path, package, tmp_path / "site-packages") == [str(local)]
    installed = program(tmp_path / "bin", "archgen", "")
    assert find_command(path, package, tmp_path) == [str(installed)]
    node.write_text("#!/bin/sh\necho v18.0.0\n")
    with pytest.raises(archgen.ServicesNotStarted, match="install Node 20"):
        find_command(path, package, tmp_path)
    node.unlink()
    with pytest.raises(archgen.ServicesNotStarted, match="no node on PATH"):
        find_command(path, package, tmp_path)


def test_services_that_cannot_start_say_why(tmp_path: Path) -> None:
    with pytest.raises(archgen.ServicesNotStarted, match="--models"):
        LocalServices(models=tmp_path / "absent")
