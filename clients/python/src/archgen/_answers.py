"""Answers of the services as values."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, overload

from google.protobuf.timestamp_pb2 import Timestamp

from ._errors import FieldViolation, NoNetworkFound, argument_of, from_status
from ._messages import Document, cell_to_json, network_from_json, network_to_json, read_document
from ._progress import Progress
from ._requests import ALL_FORMATS, Format
from .common.v1 import model_pb2, network_pb2
from .orchestrator.v1 import evolution_job_pb2, generation_pb2, orchestrator_pb2
from .zcproxy.v1 import zcproxy_pb2

if TYPE_CHECKING:
    from torch.nn import Module as TorchModule

#: Writes a network in formats: bytes by format.
Exporter = Callable[[network_pb2.Network, Sequence[Format], int], Mapping[Format, bytes]]

_EXTENSIONS: Mapping[Format, str] = {"json": "json", "onnx": "onnx", "pytorch": "py", "svg": "svg", "tflite": "tflite"}


@dataclass(frozen=True)
class Counts:
    """Exact counts of a network for one image."""

    #: Trainable parameters.
    parameter_count: int
    #: Multiply-accumulates of convolutions and linear layers: what most papers on mobile networks call FLOPs.
    mac_count: int
    #: Floating-point operations as the paper counts them, about twice `mac_count`.
    flop_count: int
    #: Convolutions and linear layers.
    layer_count: int

    @classmethod
    def of(cls, counts: network_pb2.Counts) -> Counts:
        return cls(counts.parameter_count, counts.mac_count, counts.flop_count, counts.layer_count)

    def _json(self) -> dict[str, int]:
        return {
            "parameterCount": self.parameter_count,
            "macCount": self.mac_count,
            "flopCount": self.flop_count,
            "layerCount": self.layer_count,
        }


@dataclass(frozen=True)
class Margin:
    """How far a network stays inside one bound."""

    #: The bound.
    limit: int
    #: The network's count.
    value: int
    #: Distance to the bound on the allowed side, as a share of the bound; negative when it is broken.
    relative: float


@dataclass(frozen=True)
class Latency:
    """A predicted latency in milliseconds, and one standard deviation of the prediction."""

    ms: float
    error_ms: float


@dataclass(frozen=True)
class Provenance:
    """What an answer was made with. The same provenance gives the same answer."""

    #: Seed of the request.
    seed: int
    #: Model version that answered, e.g. "default 3", by service.
    model_versions: Mapping[str, str]
    #: What ranked; empty when nothing was scored.
    objective: str
    #: Generator that drew the cells.
    cell_generator: str
    #: Identity of the minibatch that scores were computed on; empty when nothing was scored.
    images: str
    #: Images in the minibatch.
    batch_size: int
    #: Their height and width in pixels.
    scoring_size: int


@dataclass(frozen=True)
class Network:
    """A network: its structure in JSON, counts and scores, and files of it on demand.

    In a notebook it shows its picture. Files are written by the services (`onnx`, `tflite`, `pytorch`, `svg`, `save`, `torch`).
    """

    #: The network in JSON (docs/schemas/network.schema.json).
    json: Mapping[str, Any]
    #: Exact counts; None for a network of one's own that nobody has counted.
    counts: Counts | None = None
    #: Proxy scores by name; empty when scoring was skipped.
    scores: Mapping[str, float] = field(default_factory=dict)
    #: Margin to each bound of the request.
    margins: Mapping[str, Margin] = field(default_factory=dict)
    #: The objective; one by ranks has a meaning only within its answer.
    objective: float | None = None
    #: Origin of the cell of each stage: "flow", "fallback" or "edit".
    parts: Sequence[str] = ()
    #: Predicted latency; with a latency table only.
    latency: Latency | None = None
    #: Canonical hash, hexadecimal; empty for a network of one's own.
    hash: str = ""
    #: What the answer that it belongs to was made with.
    provenance: Provenance | None = None
    _exporter: Exporter | None = field(default=None, repr=False, compare=False)
    _files: dict[tuple[Format, int], bytes] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, network: Document) -> Network:
        """A network from JSON: a dict, text or the path of a file."""
        document = read_document("network", network)
        return cls(json=network_to_json(network_from_json("network", document)))

    def __repr__(self) -> str:
        images, classes, task = self.json["input"], self.json["classes"], self.json.get("task")
        size = f"{images['size']}x{images.get('width', images['size'])}"
        if images["channels"] != 3:
            size += f"x{images['channels']}"
        purpose = f"{classes} classes" if task is None else f"{task} of {classes}" if classes else task
        counted = "" if self.counts is None else f", {_short(self.counts.parameter_count)} parameters, {_short(self.counts.mac_count)} MACs"
        ranked = self.provenance.objective if self.provenance else ""
        best = f", {ranked} {self.scores[ranked]:.6g}" if ranked in self.scores else ""
        return f"<archgen.Network {size}, {purpose}{counted}{best}>"

    def _repr_svg_(self) -> str:
        return self.svg()

    def svg(self) -> str:
        """The picture."""
        return self._export("svg").decode()

    def onnx(self, seed: int | None = None) -> bytes:
        """An ONNX file with freshly initialised weights.

        `seed` is that of the weights; the request's, or 0, unless given.
        """
        return self._export("onnx", seed)

    def tflite(self, seed: int | None = None) -> bytes:
        """A TensorFlow Lite file in float32 with the weights of the ONNX file; images with channels last, one at a time.

        `seed` as for `onnx`.
        """
        return self._export("tflite", seed)

    def pytorch(self) -> str:
        """A standalone PyTorch file with the class `Network`; needs nothing of archgen."""
        return self._export("pytorch").decode()

    def torch_module(self) -> ModuleType:
        """The PyTorch file as a module: it is run here, so only ask servers that you trust.

        Raises ImportError where PyTorch is not installed.
        """
        try:
            import torch  # noqa: F401
        except ImportError as error:
            raise ImportError("torch() needs PyTorch: pip install torch, or write the file with save() and use it elsewhere.") from error
        module = ModuleType(f"archgen_network_{self.hash[:16] or 'own'}")
        exec(compile(self.pytorch(), f"<{module.__name__}>", "exec"), module.__dict__)
        return module

    def torch(self, **arguments: Any) -> TorchModule:
        """The network as a `torch.nn.Module` with weights initialised by PyTorch.

        Arguments go to the class of the file, e.g. `classes=10` or `features_only=True`. Raises ImportError where PyTorch is missing.
        """
        network: TorchModule = self.torch_module().Network(**arguments)
        return network

    def save(
        self,
        folder: str | os.PathLike[str],
        name: str = "network",
        formats: Sequence[Format] = ALL_FORMATS,
    ) -> list[Path]:
        """Writes `name.json`, `.onnx`, `.py`, `.svg` and `.tflite` into a folder, which is made where missing; returns their paths."""
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        self._prepare([form for form in formats if form != "json"])
        paths = []
        for form in formats:
            path = out / f"{name}.{_EXTENSIONS[form]}"
            path.write_bytes(self._json_file() if form == "json" else self._export(form))
            paths.append(path)
        return paths

    def _json_file(self) -> bytes:
        document = dict(self.json)
        if self.provenance is not None:
            document["provenance"] = {
                "archgen.seed": str(self.provenance.seed),
                "archgen.models": json.dumps(dict(self.provenance.model_versions)),
                "archgen.scores": json.dumps(dict(self.scores)),
                "archgen.hash": self.hash,
            }
        return (json.dumps(document, indent="\t") + "\n").encode()

    def _seed(self, seed: int | None) -> int:
        if seed is not None:
            return seed
        return 0 if self.provenance is None else self.provenance.seed

    def _prepare(self, formats: Sequence[Format], seed: int | None = None) -> None:
        missing = [form for form in formats if (form, self._seed(seed)) not in self._files]
        if not missing:
            return
        exporter = self._exporter
        if exporter is None:
            from ._session import default_exporter

            exporter = default_exporter
        files = exporter(network_from_json("network", self.json), missing, self._seed(seed))
        self._files.update({(form, self._seed(seed)): content for form, content in files.items()})

    def _export(self, form: Format, seed: int | None = None) -> bytes:
        self._prepare([form], seed)
        return self._files[form, self._seed(seed)]


@dataclass(frozen=True)
class Answer(Sequence[Network]):
    """The answer to a request for networks, best first."""

    networks: Sequence[Network]
    provenance: Provenance
    #: Candidates that were generated.
    generated: int
    #: Distinct candidates that met every bound.
    feasible: int
    #: Candidates that were dropped, by reason.
    dropped: Mapping[str, int]
    #: Seconds by step.
    seconds: Mapping[str, float]
    #: Best objective after so many evaluations.
    quality: Mapping[int, float]
    #: What should be known of the answer, one sentence each.
    warnings: Sequence[str]
    #: Only without networks: why there are none.
    reason: str = ""
    #: Only without networks: the candidate that came closest.
    closest: Network | None = None

    def __len__(self) -> int:
        return len(self.networks)

    def __iter__(self) -> Iterator[Network]:
        return iter(self.networks)

    @overload
    def __getitem__(self, index: int) -> Network: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Network]: ...
    def __getitem__(self, index: int | slice) -> Network | Sequence[Network]:
        if isinstance(index, int) and not self.networks:
            raise self._nothing()
        return self.networks[index]

    @property
    def best(self) -> Network:
        """The best network.

        Raises NoNetworkFound with the reason, and the candidate that came closest, where no candidate kept the bounds.
        """
        return self[0]

    def _nothing(self) -> NoNetworkFound:
        near = "" if self.closest is None else f" Closest: {self.closest!r}."
        return NoNetworkFound(f"{self.reason}{near}", category="NOT_FOUND", reason="NO_NETWORK_FOUND")

    def __repr__(self) -> str:
        if not self.networks:
            return f"<archgen.Answer: no networks. {self.reason}>"
        rows = "".join(f"\n  {i + 1}. {network!r}" for i, network in enumerate(self.networks))
        return f"<archgen.Answer: {len(self)} networks of {self.generated} candidates, {self.feasible} within every bound{rows}>"

    def _repr_html_(self) -> str:
        if not self.networks:
            return f"<p>No networks. {_escape(self.reason)}</p>"
        names = list(self.networks[0].scores)
        head = ["", "parameters", "MACs", "flopCount", "layers", *names]
        rows = [
            [
                str(i + 1),
                *(_short(count) for count in (n.counts.parameter_count, n.counts.mac_count, n.counts.flop_count)),
                str(n.counts.layer_count),
                *(f"{n.scores.get(name, float('nan')):.6g}" for name in names),
            ]
            for i, n in enumerate(self.networks)
            if n.counts is not None
        ]
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        return f"<table><tr>{''.join(f'<th>{_escape(name)}</th>' for name in head)}</tr>{cells}</table>"

    def to_json(self) -> dict[str, Any]:
        """The JSON document that `archgen generate --json` prints."""
        document: dict[str, Any] = {
            "networks": [{"rank": i + 1, **_answer_network(network)} for i, network in enumerate(self.networks)],
            "generated": self.generated,
            "feasible": self.feasible,
            "dropped": dict(self.dropped),
            "quality": [{"evaluations": evaluations, "best": best} for evaluations, best in self.quality.items()],
            "seconds": dict(self.seconds),
            "provenance": {
                "seed": self.provenance.seed,
                "objective": self.provenance.objective,
                "modelVersions": dict(self.provenance.model_versions),
                "images": self.provenance.images,
                "batch": self.provenance.batch_size,
                "scoringSize": self.provenance.scoring_size,
                "cellGenerator": self.provenance.cell_generator,
            },
        }
        if self.closest is not None:
            document["closest"] = _answer_network(self.closest)
        if self.reason:
            document["reason"] = self.reason
        if self.warnings:
            document["warnings"] = list(self.warnings)
        return document

    def save(self, folder: str | os.PathLike[str], formats: Sequence[Format] = ALL_FORMATS) -> list[Path]:
        """Writes every network as `network-1`, `network-2`, … and the answer as `results.json`, as `archgen generate --out` does.

        `archgen export --answer FOLDER/results.json` goes on from there. Returns the paths.
        """
        paths = [path for i, network in enumerate(self.networks) for path in network.save(folder, f"network-{i + 1}", formats)]
        results = Path(folder) / "results.json"
        results.parent.mkdir(parents=True, exist_ok=True)
        results.write_text(json.dumps(self.to_json(), indent="\t") + "\n", encoding="utf-8")
        return [*paths, results]


@dataclass(frozen=True)
class Scores(Mapping[str, float]):
    """Scores of a network by name of the proxy; those that could not be computed are in `failures`."""

    values_by_name: Mapping[str, float]
    #: Reason and sentence of each proxy without a value.
    failures: Mapping[str, str]
    #: Exact counts at the network's own input size.
    counts: Counts
    #: Identity of the minibatch; equal identities mean the same images.
    images: str
    #: Seconds that it took.
    seconds: float

    def __getitem__(self, name: str) -> float:
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)


@dataclass(frozen=True)
class Synonym:
    """A cell near another one."""

    #: The cell in JSON (docs/schemas/cell.schema.json).
    cell: Mapping[str, Any]
    #: L1 distance of the predicted standardised zero-cost vectors of the two cells.
    distance: float


@dataclass(frozen=True)
class Proxy:
    """A proxy that the services compute."""

    name: str
    description: str
    formula: str
    source: str
    unit: str


@dataclass(frozen=True)
class Evaluation:
    """One evaluation of a job."""

    #: Position in the history, from 0.
    index: int
    #: The network, with counts and, as its objective, the score; None in a job that looks a table up.
    network: Network | None
    #: The objective.
    score: float
    #: The line of the history file (docs/data-formats.md).
    line: Mapping[str, Any]
    #: The architecture as the table of the job writes it; empty in other jobs.
    architecture: str


@dataclass(frozen=True)
class Job:
    """A search that an orchestrator runs and that survives restarts."""

    #: "evolutionJobs/{id}"; empty for a job that was only checked.
    name: str
    #: "CREATED", "QUEUED", "RUNNING", "CANCELLED", "FAILED" or "SUCCEEDED".
    state: str
    #: Evaluations that gave a score.
    evaluated: int
    #: Evaluations in all.
    evaluation_count: int
    #: Evaluations per second over the last minute of work.
    per_second: float
    #: Best evaluation so far.
    best: Evaluation | None
    #: Why it makes no headway or has failed; empty where all is well.
    problem: str
    #: When it was created.
    created: datetime | None
    #: Indices of the evaluations on the Pareto front.
    pareto_front: Sequence[int]
    #: The message, with everything else.
    message: evolution_job_pb2.EvolutionJob = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        """Last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def ended(self) -> bool:
        """True for a job that is finished, was cancelled or has failed."""
        return self.state in {"CANCELLED", "FAILED", "SUCCEEDED"}


def answer_of(result: generation_pb2.GenerationResult, exporter: Exporter) -> Answer:
    """The value of a result."""
    provenance = _provenance(result.provenance)
    return Answer(
        networks=[_generated(item, provenance, exporter) for item in result.networks],
        provenance=provenance,
        generated=result.generated_count,
        feasible=result.feasible_count,
        dropped={item.reason: item.count for item in result.dropped},
        seconds={step_name(item.step): item.elapsed_seconds for item in result.timings},
        quality={point.evaluation_count: point.best for point in result.quality},
        warnings=list(result.warnings),
        reason=result.reason,
        closest=_closest(result.closest, provenance, exporter) if result.HasField("closest") else None,
    )


def progress_of(progress: generation_pb2.GenerationProgress) -> Progress:
    """The value of a progress message."""
    return Progress(step_name(progress.step), progress.done, progress.total)


def step_name(step: generation_pb2.GenerationStep) -> str:
    """Name of a step, e.g. "scoring"."""
    return _tail(generation_pb2.GenerationStep, step, "GENERATION_STEP_").lower()


def scores_of(reply: zcproxy_pb2.EvaluateBatchResponse) -> Scores:
    """The scores of one network; the second item, where there is one, is the network at its own size.

    Raises what the item failed with.
    """
    for result in reply.results:
        if result.HasField("error"):
            error = result.error
            status = from_status(_code_name(error.code), error.message, ())
            violations = [FieldViolation(argument_of(v.field), v.description) for v in error.violations]
            raise type(status)(error.message, category=status.category, reason=error.reason, violations=violations)
    scored, own = reply.results[0].score, reply.results[-1].score
    return Scores(
        values_by_name={name: value.value for name, value in scored.values.items() if value.HasField("value")},
        failures={
            name: f"{value.failure.reason}: {value.failure.message}" for name, value in scored.values.items() if value.HasField("failure")
        },
        counts=Counts.of(own.counts),
        images=scored.data_identity,
        seconds=scored.elapsed_seconds,
    )


def synonym_of(synonym: orchestrator_pb2.Synonym) -> Synonym:
    """The value of a synonym."""
    return Synonym(cell_to_json(synonym.cell), synonym.distance)


def proxy_of(proxy: zcproxy_pb2.ProxyDescription) -> Proxy:
    """The value of a description."""
    return Proxy(proxy.name, proxy.description, proxy.formula, proxy.source, proxy.unit)


def job_of(job: evolution_job_pb2.EvolutionJob, exporter: Exporter) -> Job:
    """The value of a job."""
    progress = job.progress
    return Job(
        name=job.name,
        state=_tail(evolution_job_pb2.EvolutionJobState, job.state, "EVOLUTION_JOB_STATE_"),
        evaluated=progress.evaluated,
        evaluation_count=job.spec.evaluation_count,
        per_second=progress.evaluations_per_second,
        best=evaluation_of(progress.best, exporter) if progress.HasField("best") else None,
        problem=job.problem.message,
        created=_time(job.create_time) if job.HasField("create_time") else None,
        pareto_front=list(progress.pareto_front),
        message=job,
    )


def job_progress(job: Job) -> Progress:
    """Progress of a job."""
    best = "" if job.best is None else f"best {job.best.score:.6g}, "
    note = f"waiting: {job.problem}" if job.problem else f"{best}{job.per_second:.3g}/s"
    return Progress(job.name, job.evaluated, job.evaluation_count, note)


def evaluation_of(evaluation: evolution_job_pb2.Evaluation, exporter: Exporter) -> Evaluation:
    """The value of an evaluation."""
    network = Network(
        json=network_to_json(evaluation.network),
        counts=Counts.of(evaluation.counts),
        objective=evaluation.score,
        hash=evaluation.network.hash,
        _exporter=exporter,
    )
    return Evaluation(
        evaluation.index,
        network if evaluation.HasField("network") else None,
        evaluation.score,
        json.loads(evaluation.json or "{}"),
        evaluation.architecture,
    )


def _generated(item: generation_pb2.GeneratedNetwork, provenance: Provenance, exporter: Exporter) -> Network:
    return Network(
        json=network_to_json(item.network),
        counts=Counts.of(item.counts),
        scores=dict(item.scores),
        margins=_margins(item.margins),
        objective=item.objective_value if item.HasField("objective_value") else None,
        parts=[_tail(generation_pb2.CellPart, part, "CELL_PART_").lower() for part in item.parts],
        latency=Latency(item.latency.latency_ms, item.latency.error_ms) if item.HasField("latency") else None,
        hash=item.network.hash,
        provenance=provenance,
        _exporter=exporter,
    )


def _closest(item: generation_pb2.ClosestCandidate, provenance: Provenance, exporter: Exporter) -> Network:
    return Network(
        json=network_to_json(item.network),
        counts=Counts.of(item.counts),
        margins=_margins(item.margins),
        hash=item.network.hash,
        provenance=provenance,
        _exporter=exporter,
    )


def _margins(margins: Sequence[network_pb2.ConstraintMargin]) -> dict[str, Margin]:
    return {
        _tail(network_pb2.ConstraintKind, margin.kind, "CONSTRAINT_KIND_").lower(): Margin(
            margin.limit, margin.actual, margin.relative_margin
        )
        for margin in margins
    }


def _provenance(provenance: generation_pb2.Provenance) -> Provenance:
    versions: Mapping[str, model_pb2.ModelVersion] = provenance.model_versions
    return Provenance(
        seed=provenance.seed,
        model_versions={service: f"{version.name} {version.version}" for service, version in versions.items()},
        objective=provenance.objective,
        cell_generator=provenance.cell_generator,
        images=provenance.data_identity,
        batch_size=provenance.batch_size,
        scoring_size=provenance.scoring_input_size,
    )


def _answer_network(network: Network) -> dict[str, Any]:
    """A network of an answer as `archgen generate --json` prints it."""
    document: dict[str, Any] = {"network": dict(network.json), "hash": network.hash}
    if network.counts is not None:
        document["counts"] = network.counts._json()
    document["margins"] = {
        _camel(name): {"limit": margin.limit, "value": margin.value, "relative": margin.relative}
        for name, margin in network.margins.items()
    }
    document["scores"] = dict(network.scores)
    if network.objective is not None:
        document["objective"] = network.objective
    document["parts"] = list(network.parts)
    if network.latency is not None:
        document["latency"] = {"ms": network.latency.ms, "errorMs": network.latency.error_ms}
    return document


def _code_name(code: int) -> str:
    from google.rpc import code_pb2

    return str(code_pb2.Code.Name(code))


def _tail(enum: Any, value: int, prefix: str) -> str:
    return str(enum.Name(value))[len(prefix) :]


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _time(time: Timestamp) -> datetime:
    return time.ToDatetime(tzinfo=timezone.utc)


def _short(count: int) -> str:
    for factor, suffix in ((10**9, "G"), (10**6, "M"), (10**3, "K")):
        if count >= factor:
            return f"{count / factor:.1f}{suffix}"
    return str(count)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
