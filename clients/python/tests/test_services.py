"""Scores, synonyms and jobs of live services."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import cli

import archgen


def test_scores_are_those_of_the_command_line(answer: archgen.Answer, tmp_path: Path) -> None:
    path = answer.best.save(tmp_path, formats=["json"])[0]
    scores = archgen.score(path, ["tcet", "naswot"], size=16, batch_size=4, seed=3)
    printed = json.loads(
        cli("score", "--network", str(path), "--size", "16", "--batch", "4", "--seed", "3", "--proxies", "tcet,naswot", "--json")
    )
    assert scores["tcet"] == pytest.approx(printed["tcet"], rel=1e-9)
    assert scores["naswot"] == pytest.approx(printed["naswot"], rel=1e-9)
    assert scores.counts == answer.best.counts
    assert set(scores) == {"tcet", "naswot"} and not scores.failures
    assert {proxy.name for proxy in archgen.proxies()} >= {"tcet", "naswot", "snip_ssnr"}


def test_synonyms_are_distinct_cells(answer: archgen.Answer) -> None:
    cell = answer.best.json["stages"][0]["cell"]
    found = archgen.synonyms(cell, 4, seed=1)
    assert [synonym.distance for synonym in found] == sorted(synonym.distance for synonym in found)
    assert len({json.dumps(synonym.cell) for synonym in found}) == len(found) == 4
    assert archgen.count(found[0].cell).layer_count > 0


def test_a_job_is_created_watched_cancelled_and_resumed(services: archgen.Connection) -> None:
    checked = archgen.jobs.create(max_parameter_count="100K", input_size=32, classes=10, validate_only=True)
    assert checked.name == "" and checked.evaluation_count == 20_000
    with pytest.raises(archgen.InvalidArgument) as failure:
        archgen.jobs.create(evaluations=0, input_size=32, classes=10)
    assert failure.value.field == "evaluations"
    job = archgen.jobs.create(
        id="from-python",
        max_parameter_count="100K",
        input_size=32,
        classes=10,
        evaluations=6,
        population=4,
        random_cells=True,
        scoring_size=16,
        scoring_batch=2,
        run=True,
    )
    assert job.id == "from-python" and job.created is not None
    assert archgen.jobs.cancel("from-python").name == job.name
    assert archgen.jobs.wait("from-python", progress=False).state == "CANCELLED"
    archgen.jobs.resume("from-python")
    told: list[archgen.Progress] = []
    done = archgen.jobs.wait("from-python", progress=False, on_progress=told.append)
    assert (done.state, done.evaluated, done.ended) == ("SUCCEEDED", 6, True)
    assert told[-1].done == 6 and told[-1].total == 6
    evaluations = [*archgen.jobs.evaluations("from-python")]
    assert [evaluation.index for evaluation in evaluations] == [*range(6)]
    assert done.best is not None and done.best.score == max(evaluation.score for evaluation in evaluations)
    assert all(e.network and e.network.counts and e.network.counts.parameter_count <= 100_000 for e in evaluations)
    assert done.best.network is not None and done.best.network.svg().startswith("<svg ")
    assert [listed.id for listed in archgen.jobs.list()] == ["from-python"]
    archgen.jobs.delete("from-python")
    cells = [f"|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|{last}~2|" for last in ("none", "skip_connect", "nor_conv_1x1")]
    archgen.jobs.create(id="looks-up", table={cell: 90 + i for i, cell in enumerate(cells)}, target="accuracy", evaluations=3, run=True)
    best = archgen.jobs.wait("looks-up", progress=False).best
    assert best is not None and best.network is None
    assert (best.architecture, best.score) == (cells[2], 92)
    archgen.jobs.delete("looks-up")
    with pytest.raises(archgen.NotFound):
        archgen.jobs.get("from-python")
