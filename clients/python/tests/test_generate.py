"""Networks under budgets, from live services."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REQUEST, cli

import archgen


def test_networks_keep_the_bounds_and_say_where_they_come_from(answer: archgen.Answer) -> None:
    assert 1 <= len(answer) <= 2
    for network in answer:
        assert network.counts is not None
        assert network.counts.mac_count <= 20_000_000
        assert network.margins["max_mac_count"].value == network.counts.mac_count
        assert {"tcet", "naswot", "snip_ssnr"} <= network.scores.keys()
    assert answer.best.scores["tcet_fit"] == max(network.scores["tcet_fit"] for network in answer)
    assert answer.provenance.seed == 7
    assert answer.provenance.model_versions["seqgen"].startswith("default ")
    assert re.search(r"2 networks of \d candidates", repr(answer))
    assert answer._repr_html_().count("<tr>") == 3


def test_a_network_shows_its_picture_and_becomes_files(answer: archgen.Answer, tmp_path: Path) -> None:
    best = answer.best
    assert best._repr_svg_().startswith("<svg ")
    # field 1 of ModelProto, ir_version, then the producer's name
    assert best.onnx()[:1] == b"\x08" and b"archgen" in best.onnx()[:20]
    assert best.tflite()[4:8] == b"TFL3" and b"head.classifier.weight" in best.tflite()
    compile(best.pytorch(), "network.py", "exec")
    names = {path.name for path in answer.save(tmp_path)}
    assert names == {f"network-{i}.{end}" for i in (1, 2) for end in ("json", "onnx", "py", "svg", "tflite")} | {"results.json"}
    assert (tmp_path / "network-1.onnx").read_bytes() == best.onnx()
    assert (tmp_path / "network-1.tflite").read_bytes() == best.tflite() != best.tflite(seed=8)


def test_the_command_line_goes_on_with_what_was_saved(answer: archgen.Answer, tmp_path: Path) -> None:
    answer.save(tmp_path, formats=["json"])
    counted = json.loads(cli("count", "--network", str(tmp_path / "network-1.json"), "--json"))
    counts = answer.best.counts
    assert counts is not None
    assert counted["parameterCount"] == counts.parameter_count == archgen.count(answer.best).parameter_count
    assert counted["macCount"] == counts.mac_count
    assert counted["flopCount"] == counts.flop_count
    assert counted["layerCount"] == counts.layer_count
    folder = tmp_path / "project"
    cli("export", "--answer", str(tmp_path / "results.json"), "--format", "project", "--out", str(folder))
    assert "--max-mac-count 20000000" in (folder / "README.md").read_text()


def test_a_saved_network_is_loaded_and_exported_again(answer: archgen.Answer, tmp_path: Path) -> None:
    path = answer.best.save(tmp_path, formats=["json"])[0]
    again = archgen.Network.load(path)
    assert again.json == answer.best.json
    assert archgen.count(again) == answer.best.counts
    assert again.onnx(seed=7)[-100:] == answer.best.onnx()[-100:]


def test_progress_is_told_step_by_step(services: archgen.Connection, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[archgen.Progress] = []
    archgen.generate(**{**REQUEST, "skip_scoring": True}, progress=False, on_progress=told.append)
    assert told and {progress.step for progress in told} <= {"sequences", "cells", "counting", "scoring"}
    assert capsys.readouterr().err == ""
    archgen.generate(**{**REQUEST, "skip_scoring": True})
    assert told[0].step in capsys.readouterr().err


def test_the_same_seed_gives_the_same_networks_asynchronously(services: archgen.Connection, answer: archgen.Answer) -> None:
    async def ask() -> tuple[archgen.Answer, archgen.Counts, dict[str, bytes]]:
        async with archgen.AsyncClient(services.address, zc_proxy_address=services.zc_proxy_address) as client:
            found, other = await asyncio.gather(
                client.generate(**REQUEST, progress=False),
                client.generate(**{**REQUEST, "seed": 8, "skip_scoring": True}, progress=False),
            )
            assert other.best.hash != found.best.hash
            return found, await client.count(found.best), {**await client.export(found.best, ["svg"])}

    found, counts, files = asyncio.run(ask())
    assert [network.hash for network in found] == [network.hash for network in answer]
    assert [network.scores for network in found] == [network.scores for network in answer]
    assert counts == answer.best.counts
    assert files["svg"].decode() == answer.best.svg()


def test_an_answer_without_networks_says_why(services: archgen.Connection) -> None:
    found = archgen.generate(min_parameter_count="40M", max_mac_count="30M", input_size=32, classes=10, candidates=2, progress=False)
    assert len(found) == 0 and found.reason
    assert found.closest is not None
    with pytest.raises(archgen.NoNetworkFound, match="Closest"):
        found.best  # noqa: B018


def test_torch(answer: archgen.Answer) -> None:
    if "ARCHGEN_PYTHON" in os.environ:  # a Python with PyTorch, perhaps
        told = subprocess.run(
            [os.environ["ARCHGEN_PYTHON"], "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
        )
        sys.path.append(told.stdout.strip())
    try:
        import torch
    except ImportError:
        with pytest.raises(ImportError, match="pip install torch"):
            answer.best.torch()
        return
    module = answer.best.torch(classes=5)
    with torch.no_grad():
        assert module.eval()(torch.zeros(2, 3, 32, 32)).shape == (2, 5)


def test_streams_are_opened_again_where_they_were_left() -> None:
    from archgen._connection import StreamPosition

    def lost(reason: str, **metadata: str) -> archgen.ArchgenError:
        return archgen.ArchgenError("lost", category="UNAVAILABLE", reason=reason, metadata=metadata)

    position = StreamPosition(patience=1)
    position.heard("a")
    assert position.after(lost("STREAM_MOVED", position="b")) == 0
    assert position.position == "b"
    assert position.after(lost("POSITION_UNKNOWN")) == 0
    assert position.position == ""
    with pytest.raises(archgen.ArchgenError):
        position.after(lost("MODEL_BROKEN"))
    waits = []
    with pytest.raises(archgen.ArchgenError):
        while True:
            waits.append(position.after(lost("UNAVAILABLE")))
    assert waits == [0.1, 0.2, 0.4, 0.8]
