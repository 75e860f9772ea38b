"""Messages of requests, from arguments as people write them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from google.protobuf.message import Message

from ._counts import Bytes, Count, parse_bytes, parse_count
from ._errors import argument_of, invalid_argument
from ._messages import Document, cell_from_json, latency_table, network_from_json, read_document
from .common.v1 import network_pb2
from .orchestrator.v1 import evolution_job_pb2, generation_pb2, orchestrator_pb2
from .zcproxy.v1 import zcproxy_pb2

if TYPE_CHECKING:
    from ._answers import Network

T = TypeVar("T")
M = TypeVar("M", bound=Message)

#: File formats of a network.
Format = Literal["json", "onnx", "pytorch", "svg", "tflite"]
FORMATS: Mapping[Format, orchestrator_pb2.ExportFormat] = {
    "json": orchestrator_pb2.EXPORT_FORMAT_JSON,
    "onnx": orchestrator_pb2.EXPORT_FORMAT_ONNX,
    "pytorch": orchestrator_pb2.EXPORT_FORMAT_PYTORCH,
    "svg": orchestrator_pb2.EXPORT_FORMAT_SVG,
    "tflite": orchestrator_pb2.EXPORT_FORMAT_TFLITE,
}
#: Every format, in the order in which files are written.
ALL_FORMATS: Sequence[Format] = tuple(FORMATS)

Task = Literal["classification", "multilabel", "regression", "dense", "features"]
TASKS: Mapping[Task, network_pb2.Task] = {
    "classification": network_pb2.TASK_CLASSIFICATION,
    "multilabel": network_pb2.TASK_MULTILABEL,
    "regression": network_pb2.TASK_REGRESSION,
    "dense": network_pb2.TASK_DENSE,
    "features": network_pb2.TASK_FEATURES,
}

Strategy = Literal["hl-evo", "hl-evo-means", "cells", "ageing", "random", "pareto", "bo"]
_STRATEGIES: Mapping[Strategy, evolution_job_pb2.SearchStrategy] = {
    "hl-evo": evolution_job_pb2.SEARCH_STRATEGY_HL_EVO,
    "hl-evo-means": evolution_job_pb2.SEARCH_STRATEGY_HL_EVO_MEANS,
    "cells": evolution_job_pb2.SEARCH_STRATEGY_CELLS,
    "ageing": evolution_job_pb2.SEARCH_STRATEGY_AGEING,
    "random": evolution_job_pb2.SEARCH_STRATEGY_RANDOM,
    "pareto": evolution_job_pb2.SEARCH_STRATEGY_PARETO,
    "bo": evolution_job_pb2.SEARCH_STRATEGY_BO,
}

ParetoCost = Literal["parameter-count", "mac-count", "flop-count", "peak-activation-bytes", "latency"]
_COSTS: Mapping[ParetoCost, evolution_job_pb2.ParetoCost] = {
    "parameter-count": evolution_job_pb2.PARETO_COST_PARAMETER_COUNT,
    "mac-count": evolution_job_pb2.PARETO_COST_MAC_COUNT,
    "flop-count": evolution_job_pb2.PARETO_COST_FLOP_COUNT,
    "peak-activation-bytes": evolution_job_pb2.PARETO_COST_PEAK_ACTIVATION_BYTES,
    "latency": evolution_job_pb2.PARETO_COST_LATENCY,
}

BatchNormMode = Literal["eval", "train"]
_BATCH_NORM: Mapping[BatchNormMode, zcproxy_pb2.BatchNormMode] = {
    "eval": zcproxy_pb2.BATCH_NORM_MODE_EVAL,
    "train": zcproxy_pb2.BATCH_NORM_MODE_TRAIN,
}

#: Proxies that are computed unless others are named.
DEFAULT_PROXIES = ("tcet", "naswot", "snip_ssnr")


class Bounds(TypedDict, total=False):
    """Bounds of a request, inclusive, in any combination: `450_000_000`, `"450M"`, `4.5e8`; memory as `"1.5 MB"` or `"768 KiB"`."""

    min_flop_count: Count
    max_flop_count: Count
    min_mac_count: Count
    max_mac_count: Count
    min_parameter_count: Count
    max_parameter_count: Count
    #: Convolutions and linear layers on the longest way from the image to the outputs.
    max_depth: Count
    #: Weights in bytes, deployed in 8 bits.
    max_weight_bytes_int8: Bytes
    #: Weights in bytes, deployed in 32 bits.
    max_weight_bytes_float32: Bytes
    #: Feature maps at once in bytes, deployed in 8 bits.
    max_peak_activation_bytes_int8: Bytes
    #: Feature maps at once in bytes, deployed in 32 bits.
    max_peak_activation_bytes_float32: Bytes


class Purpose(TypedDict, total=False):
    """Arguments that say what networks are for."""

    #: Height of the input image in pixels, and width where none is given, 16 to 512; 224 unless given.
    input_size: int
    #: Width of images that are not square.
    input_width: int
    #: Channels of the images, 1 to 64; 3 unless given.
    input_channels: int
    #: Number of classes, 2 to 100000; 1000 unless given. Outputs of another task; none for features.
    classes: int
    #: Head and loss; "classification" unless given.
    task: Task
    #: Dense prediction alone: input pixels for each output along a side: 1, 2, 4, 8, 16 or 32; 1 unless given.
    output_stride: int


class GenerationOptions(Bounds, Purpose, total=False):
    """Arguments of `generate`; the services fill in what is left out."""

    #: Class of devices whose memories bound the networks in int8, e.g. "mcu-256k".
    preset: str
    #: Networks to generate and score, 1 to 1000; 100 unless given.
    candidates: int
    #: Networks to return; 5, and at most `candidates`, unless given.
    top: int
    #: Seed of everything random; 0 unless given.
    seed: int
    #: What ranks and is maximised; "tcet-fit" unless given.
    objective: str
    #: Evolve the candidates until so many networks are evaluated.
    evaluations: int
    #: With `evaluations`: seconds after which the best found so far are the answer.
    time_limit: float
    #: True for networks without scores, the largest first, in seconds.
    skip_scoring: bool
    #: Scale of the noise that cells are drawn with, above 0 to 2; 0.4 unless given.
    temperature: float
    #: How freely macro sequences are written, above 0 to 5; 0.5 unless given.
    sequence_temperature: float
    #: Networks from one macro sequence, 1 to 100; 4 unless given.
    draws_per_sequence: int
    #: Candidates to score, those whose layer shapes promise most; a fifth, at least 16, unless given.
    scored: int
    #: NASWOT that macro sequences are asked for, a wish; any unless given.
    naswot: float
    #: SNIP-SSNR that they are asked for.
    snip_ssnr: float
    #: Version of the model that must answer; the one served unless given.
    model_version: str
    #: Generator of the cells; "flow" unless given.
    cell_generator: str
    #: Latency of operations as `archgen profile-latency` writes it: dict, JSON text or path.
    latency_table: Document
    #: Largest allowed predicted latency in milliseconds; needs `latency_table`.
    max_latency_ms: float


class JobOptions(Bounds, Purpose, total=False):
    """Arguments of `jobs.create`; the orchestrator fills in what is left out."""

    #: Proxy that is maximised; unless given "tcet_fit_size" where operations are bounded, else "tcet_fit".
    objective: str
    #: Evaluations in all; 20000 unless given.
    evaluations: int
    #: Size of the population; 512, with strategy "cells" 64, unless given.
    population: int
    #: Seed of everything random; 0 unless given.
    seed: int
    #: Evaluations in flight; with 1, the default, a seed always gives the same history.
    parallelism: int
    #: Way of searching; "hl-evo" unless given.
    strategy: Strategy
    #: True for random cells instead of a model's: the baseline.
    random_cells: bool
    #: Scale of the noise around cluster means; 0.4 unless given.
    temperature: float
    #: Generator that draws cells, as the bundle lists it; the flow unless given.
    cell_generator: str
    #: Version of the model that draws cells.
    model_version: str
    #: Height and width of the images that networks are scored on.
    scoring_size: int
    #: Images that networks are scored on.
    scoring_batch: int
    #: What strategy "pareto" trades the objective against.
    costs: Sequence[ParetoCost]
    #: Latency of operations: dict, JSON text or path.
    latency_table: Document
    #: Largest allowed predicted latency in milliseconds.
    max_latency_ms: float
    #: Largest allowed memory for feature maps in bytes.
    max_peak_activation_bytes: Bytes
    #: Known values by architecture, as tables of the space write it: evaluations are looked up and no network is scored. With strategy
    #: "bo", the default then, or "random". Images and classes are those of the space's benchmark.
    table: Mapping[str, float]
    #: Name of the values in `table`, e.g. "c10_val".
    target: str
    #: Search space of `table`; "nasbench201" unless given.
    space: str


def _constraints(options: Mapping[str, object]) -> network_pb2.Constraints:
    bounds = {name: options[name] for name in Bounds.__annotations__ if options.get(name) is not None}
    parsers = {name: parse_bytes if "_bytes_" in name else parse_count for name in bounds}
    return network_pb2.Constraints(**{name: parsers[name](name, value) for name, value in bounds.items()})  # type: ignore[arg-type]


def _given(options: Mapping[str, object], fields: Mapping[str, str]) -> dict[str, object]:
    return {field: options[name] for name, field in fields.items() if options.get(name) is not None}


def _purpose(options: Mapping[str, object]) -> dict[str, object]:
    task = options.get("task")
    return {
        **_given(options, {name: name for name in ("input_width", "input_channels", "output_stride")}),
        "input_size": options.get("input_size", 224),
        "class_count": 0 if task == "features" else options.get("classes", 1000),
        "task": None if task is None else _choice("task", str(task), TASKS),
    }


def _check_names(options: Mapping[str, object], known: type) -> None:
    for name in options:
        if name not in known.__annotations__:
            raise invalid_argument(name, f"is no argument; there are {', '.join(sorted(known.__annotations__))}")


_GENERATION_FIELDS = {
    "candidates": "candidates",
    "seed": "seed",
    "skip_scoring": "skip_scoring",
    "model_version": "model_version",
    "temperature": "temperature",
    "sequence_temperature": "sequence_temperature",
    "draws_per_sequence": "draws_per_sequence",
    "scored": "scored_candidates",
    "naswot": "naswot",
    "snip_ssnr": "snip_ssnr",
    "max_latency_ms": "max_latency_ms",
    "objective": "objective",
    "evaluations": "evaluation_count",
    "time_limit": "refinement_time_limit_seconds",
    "cell_generator": "cell_generator",
    "preset": "preset",
}


def generation_spec(options: GenerationOptions) -> generation_pb2.GenerationSpec:
    """The message of a request for networks.

    Raises InvalidArgument naming the argument that is no count or has a value of the wrong type.
    """
    given: Mapping[str, object] = {**options}
    _check_names(given, GenerationOptions)
    candidates = options.get("candidates")
    top = options.get("top")
    if top is None and candidates is not None:
        top = max(1, min(5, candidates))
    return _message(
        generation_pb2.GenerationSpec,
        {
            **_given(given, _GENERATION_FIELDS),
            "constraints": _constraints(given),
            **_purpose(given),
            "top_k": top,
            "latency_table": latency_table(options.get("latency_table")),
        },
    )


_JOB_FIELDS = {
    "objective": "objective",
    "evaluations": "evaluation_count",
    "population": "population_size",
    "seed": "seed",
    "parallelism": "parallelism",
    "temperature": "temperature",
    "cell_generator": "cell_generator",
    "model_version": "model_version",
    "scoring_size": "scoring_input_size",
    "scoring_batch": "scoring_batch_size",
    "max_latency_ms": "max_latency_ms",
}


def _score_table(options: JobOptions) -> evolution_job_pb2.ScoreTable | None:
    table = options.get("table")
    if table is None:
        return None
    rows = [_message(evolution_job_pb2.ScoreTableRow, {"architecture": key, "value": value}) for key, value in table.items()]
    space, column = options.get("space", "nasbench201"), options.get("target", "")
    return _message(evolution_job_pb2.ScoreTable, {"space": space, "column": column, "rows": rows})


def create_job(options: JobOptions, id: str, validate_only: bool) -> evolution_job_pb2.CreateEvolutionJobRequest:
    """The message that creates a job; made again, it gets the same job."""
    given: Mapping[str, object] = {**options}
    _check_names(given, JobOptions)
    peak = options.get("max_peak_activation_bytes")
    table = _score_table(options)
    strategy = options.get("strategy", "hl-evo" if table is None else "bo")
    spec = _message(
        evolution_job_pb2.EvolutionJobSpec,
        {
            **_given(given, _JOB_FIELDS),
            "constraints": _constraints(given),
            **({} if table and not given.keys() & Purpose.__annotations__.keys() else _purpose(given)),
            "score_table": table,
            "strategy": _choice("strategy", strategy, _STRATEGIES),
            "cells": evolution_job_pb2.CELL_ORIGIN_RANDOM if options.get("random_cells") else evolution_job_pb2.CELL_ORIGIN_MODEL,
            "pareto_costs": [_choice("costs", cost, _COSTS) for cost in options.get("costs", ())],
            "latency_table": latency_table(options.get("latency_table")),
            "max_peak_activation_bytes": None if peak is None else parse_bytes("max_peak_activation_bytes", peak),
        },
    )
    return evolution_job_pb2.CreateEvolutionJobRequest(
        evolution_job=evolution_job_pb2.EvolutionJob(spec=spec),
        evolution_job_id=id,
        validate_only=validate_only,
        request_id=str(uuid.uuid4()),
    )


def _resize(network: network_pb2.Network, longer: int) -> None:
    """Gives a network images whose longer side has so many pixels."""
    if not network.HasField("input_width"):
        network.input_size = longer
        return
    factor = longer / max(network.input_size, network.input_width)
    network.input_size = max(16, round(network.input_size * factor))
    network.input_width = max(16, round(network.input_width * factor))


def job_name(name: str) -> str:
    """Resource name of a job that is given by it or by its identifier."""
    return name if "/" in name else f"evolutionJobs/{name}"


def evaluation(
    subject: Document,
    *,
    proxies: Sequence[str],
    size: int | None = None,
    batch_size: int = 64,
    seed: int = 0,
    bn_mode: BatchNormMode = "eval",
) -> zcproxy_pb2.EvaluateBatchRequest:
    """The message that scores one network or cell; with another `size`, a second item counts it at its own."""
    document = read_document("network", subject)
    items = []
    if "operations" in document:
        items.append(zcproxy_pb2.EvaluationItem(item_id="own", cell=cell_from_json("network", document)))
    else:
        network = network_from_json("network", document)
        scored = network_pb2.Network()
        scored.CopyFrom(network)
        if size is not None:
            _resize(scored, size)
        items.append(zcproxy_pb2.EvaluationItem(item_id="scored", network=scored))
        if size is not None and size != network.input_size:
            items.append(zcproxy_pb2.EvaluationItem(item_id="own", network=network))
    names = [proxies] if isinstance(proxies, str) else list(proxies)
    settings = _message(
        zcproxy_pb2.EvaluationSettings,
        {
            "proxies": names,
            "batch_size": batch_size,
            "seed": seed,
            "bn_mode": _choice("bn_mode", bn_mode, _BATCH_NORM),
        },
    )
    return zcproxy_pb2.EvaluateBatchRequest(items=items, settings=settings)


def synonyms(
    cell: Document,
    *,
    count: int = 10,
    cell_generator: str = "",
    temperature: float | None = None,
    seed: int = 0,
    model_version: str = "",
) -> orchestrator_pb2.SampleSynonymsRequest:
    """The message that draws synonyms of a cell."""
    values = {
        "count": count,
        "cell_generator": cell_generator,
        "temperature": temperature,
        "seed": seed,
        "model_version": model_version,
    }
    return _message(
        orchestrator_pb2.SampleSynonymsRequest,
        {**values, "cell": cell_from_json("cell", read_document("cell", cell))},
    )


def export(network: network_pb2.Network, formats: Sequence[Format], seed: int) -> orchestrator_pb2.ExportNetworkRequest:
    """The message that writes a network in formats."""
    return orchestrator_pb2.ExportNetworkRequest(
        network=network, formats=[_choice("formats", name, FORMATS) for name in formats], seed=seed
    )


def _choice(argument: str, word: str, table: Mapping[Any, T]) -> T:
    if word not in table:
        raise invalid_argument(argument, f"must be one of {', '.join(table)}, not {word!r}")
    return table[word]


def _message(kind: type[M], fields: Mapping[str, Any]) -> M:
    """A message whose fields are set one by one, so that a value of the wrong type is refused by its argument's name."""
    message = kind()
    for field, value in fields.items():
        if value is None:
            continue
        try:
            message.MergeFrom(kind(**{field: value}))
        except (TypeError, ValueError) as error:
            raise invalid_argument(argument_of(field), f"cannot be {value!r}: {error}") from error
    return message


def network_message(network: Network | Document | network_pb2.Network) -> network_pb2.Network:
    """The message of a network in any form."""
    if isinstance(network, network_pb2.Network):
        return network
    document = network if isinstance(network, (Mapping, str, os.PathLike)) else network.json
    return network_from_json("network", read_document("network", document))
