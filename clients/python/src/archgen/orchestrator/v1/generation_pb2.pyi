from archgen.common.v1 import latency_pb2 as _latency_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from archgen.common.v1 import network_pb2 as _network_pb2
from archgen.common.v1 import sequence_pb2 as _sequence_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GenerationStep(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GENERATION_STEP_UNSPECIFIED: _ClassVar[GenerationStep]
    GENERATION_STEP_SEQUENCES: _ClassVar[GenerationStep]
    GENERATION_STEP_CELLS: _ClassVar[GenerationStep]
    GENERATION_STEP_COUNTING: _ClassVar[GenerationStep]
    GENERATION_STEP_SCORING: _ClassVar[GenerationStep]
    GENERATION_STEP_REFINING: _ClassVar[GenerationStep]

class CellPart(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CELL_PART_UNSPECIFIED: _ClassVar[CellPart]
    CELL_PART_FLOW: _ClassVar[CellPart]
    CELL_PART_FALLBACK: _ClassVar[CellPart]
    CELL_PART_EDIT: _ClassVar[CellPart]
GENERATION_STEP_UNSPECIFIED: GenerationStep
GENERATION_STEP_SEQUENCES: GenerationStep
GENERATION_STEP_CELLS: GenerationStep
GENERATION_STEP_COUNTING: GenerationStep
GENERATION_STEP_SCORING: GenerationStep
GENERATION_STEP_REFINING: GenerationStep
CELL_PART_UNSPECIFIED: CellPart
CELL_PART_FLOW: CellPart
CELL_PART_FALLBACK: CellPart
CELL_PART_EDIT: CellPart

class GenerationSpec(_message.Message):
    __slots__ = ("constraints", "input_size", "class_count", "candidates", "top_k", "seed", "skip_scoring", "model_version", "temperature", "latency_table", "max_latency_ms", "objective", "evaluation_count", "refinement_time_limit_seconds", "cell_generator", "sequence_temperature", "draws_per_sequence", "scored_candidates", "outside_limit", "input_width", "input_channels", "task", "output_stride", "naswot", "snip_ssnr", "preset")
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SKIP_SCORING_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    LATENCY_TABLE_FIELD_NUMBER: _ClassVar[int]
    MAX_LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFINEMENT_TIME_LIMIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    CELL_GENERATOR_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    DRAWS_PER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SCORED_CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_LIMIT_FIELD_NUMBER: _ClassVar[int]
    INPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    INPUT_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_STRIDE_FIELD_NUMBER: _ClassVar[int]
    NASWOT_FIELD_NUMBER: _ClassVar[int]
    SNIP_SSNR_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    constraints: _network_pb2.Constraints
    input_size: int
    class_count: int
    candidates: int
    top_k: int
    seed: int
    skip_scoring: bool
    model_version: str
    temperature: float
    latency_table: _latency_pb2.LatencyTable
    max_latency_ms: float
    objective: str
    evaluation_count: int
    refinement_time_limit_seconds: float
    cell_generator: str
    sequence_temperature: float
    draws_per_sequence: int
    scored_candidates: int
    outside_limit: int
    input_width: int
    input_channels: int
    task: _network_pb2.Task
    output_stride: int
    naswot: float
    snip_ssnr: float
    preset: str
    def __init__(self, constraints: _Optional[_Union[_network_pb2.Constraints, _Mapping]] = ..., input_size: _Optional[int] = ..., class_count: _Optional[int] = ..., candidates: _Optional[int] = ..., top_k: _Optional[int] = ..., seed: _Optional[int] = ..., skip_scoring: bool = ..., model_version: _Optional[str] = ..., temperature: _Optional[float] = ..., latency_table: _Optional[_Union[_latency_pb2.LatencyTable, _Mapping]] = ..., max_latency_ms: _Optional[float] = ..., objective: _Optional[str] = ..., evaluation_count: _Optional[int] = ..., refinement_time_limit_seconds: _Optional[float] = ..., cell_generator: _Optional[str] = ..., sequence_temperature: _Optional[float] = ..., draws_per_sequence: _Optional[int] = ..., scored_candidates: _Optional[int] = ..., outside_limit: _Optional[int] = ..., input_width: _Optional[int] = ..., input_channels: _Optional[int] = ..., task: _Optional[_Union[_network_pb2.Task, str]] = ..., output_stride: _Optional[int] = ..., naswot: _Optional[float] = ..., snip_ssnr: _Optional[float] = ..., preset: _Optional[str] = ...) -> None: ...

class GenerationProgress(_message.Message):
    __slots__ = ("step", "done", "total", "elapsed_seconds", "remaining_seconds")
    STEP_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    REMAINING_SECONDS_FIELD_NUMBER: _ClassVar[int]
    step: GenerationStep
    done: int
    total: int
    elapsed_seconds: float
    remaining_seconds: float
    def __init__(self, step: _Optional[_Union[GenerationStep, str]] = ..., done: _Optional[int] = ..., total: _Optional[int] = ..., elapsed_seconds: _Optional[float] = ..., remaining_seconds: _Optional[float] = ...) -> None: ...

class GeneratedNetwork(_message.Message):
    __slots__ = ("network", "counts", "margins", "scores", "sequence", "latency", "parts", "objective_value", "peak_activation_bytes")
    class ScoresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    MARGINS_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    LATENCY_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_VALUE_FIELD_NUMBER: _ClassVar[int]
    PEAK_ACTIVATION_BYTES_FIELD_NUMBER: _ClassVar[int]
    network: _network_pb2.Network
    counts: _network_pb2.Counts
    margins: _containers.RepeatedCompositeFieldContainer[_network_pb2.ConstraintMargin]
    scores: _containers.ScalarMap[str, float]
    sequence: _sequence_pb2.MacroSequence
    latency: _latency_pb2.LatencyEstimate
    parts: _containers.RepeatedScalarFieldContainer[CellPart]
    objective_value: float
    peak_activation_bytes: int
    def __init__(self, network: _Optional[_Union[_network_pb2.Network, _Mapping]] = ..., counts: _Optional[_Union[_network_pb2.Counts, _Mapping]] = ..., margins: _Optional[_Iterable[_Union[_network_pb2.ConstraintMargin, _Mapping]]] = ..., scores: _Optional[_Mapping[str, float]] = ..., sequence: _Optional[_Union[_sequence_pb2.MacroSequence, _Mapping]] = ..., latency: _Optional[_Union[_latency_pb2.LatencyEstimate, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[CellPart, str]]] = ..., objective_value: _Optional[float] = ..., peak_activation_bytes: _Optional[int] = ...) -> None: ...

class QualityPoint(_message.Message):
    __slots__ = ("evaluation_count", "best")
    EVALUATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    evaluation_count: int
    best: float
    def __init__(self, evaluation_count: _Optional[int] = ..., best: _Optional[float] = ...) -> None: ...

class ClosestCandidate(_message.Message):
    __slots__ = ("network", "counts", "margins", "latency", "peak_activation_bytes")
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    MARGINS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_FIELD_NUMBER: _ClassVar[int]
    PEAK_ACTIVATION_BYTES_FIELD_NUMBER: _ClassVar[int]
    network: _network_pb2.Network
    counts: _network_pb2.Counts
    margins: _containers.RepeatedCompositeFieldContainer[_network_pb2.ConstraintMargin]
    latency: _latency_pb2.LatencyEstimate
    peak_activation_bytes: int
    def __init__(self, network: _Optional[_Union[_network_pb2.Network, _Mapping]] = ..., counts: _Optional[_Union[_network_pb2.Counts, _Mapping]] = ..., margins: _Optional[_Iterable[_Union[_network_pb2.ConstraintMargin, _Mapping]]] = ..., latency: _Optional[_Union[_latency_pb2.LatencyEstimate, _Mapping]] = ..., peak_activation_bytes: _Optional[int] = ...) -> None: ...

class DroppedCandidates(_message.Message):
    __slots__ = ("reason", "count")
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    count: int
    def __init__(self, reason: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class StepTiming(_message.Message):
    __slots__ = ("step", "elapsed_seconds")
    STEP_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    step: GenerationStep
    elapsed_seconds: float
    def __init__(self, step: _Optional[_Union[GenerationStep, str]] = ..., elapsed_seconds: _Optional[float] = ...) -> None: ...

class Provenance(_message.Message):
    __slots__ = ("seed", "model_versions", "data_identity", "batch_size", "scoring_input_size", "unscored_count", "objective", "cell_generator", "screened_count", "scoring_input_width")
    class ModelVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _model_pb2.ModelVersion
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ...) -> None: ...
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    DATA_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    SCORING_INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    UNSCORED_COUNT_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    CELL_GENERATOR_FIELD_NUMBER: _ClassVar[int]
    SCREENED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SCORING_INPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    seed: int
    model_versions: _containers.MessageMap[str, _model_pb2.ModelVersion]
    data_identity: str
    batch_size: int
    scoring_input_size: int
    unscored_count: int
    objective: str
    cell_generator: str
    screened_count: int
    scoring_input_width: int
    def __init__(self, seed: _Optional[int] = ..., model_versions: _Optional[_Mapping[str, _model_pb2.ModelVersion]] = ..., data_identity: _Optional[str] = ..., batch_size: _Optional[int] = ..., scoring_input_size: _Optional[int] = ..., unscored_count: _Optional[int] = ..., objective: _Optional[str] = ..., cell_generator: _Optional[str] = ..., screened_count: _Optional[int] = ..., scoring_input_width: _Optional[int] = ...) -> None: ...

class GenerationResult(_message.Message):
    __slots__ = ("networks", "closest", "reason", "generated_count", "feasible_count", "dropped", "timings", "provenance", "warnings", "quality", "outside")
    NETWORKS_FIELD_NUMBER: _ClassVar[int]
    CLOSEST_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    GENERATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FEASIBLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_FIELD_NUMBER: _ClassVar[int]
    networks: _containers.RepeatedCompositeFieldContainer[GeneratedNetwork]
    closest: ClosestCandidate
    reason: str
    generated_count: int
    feasible_count: int
    dropped: _containers.RepeatedCompositeFieldContainer[DroppedCandidates]
    timings: _containers.RepeatedCompositeFieldContainer[StepTiming]
    provenance: Provenance
    warnings: _containers.RepeatedScalarFieldContainer[str]
    quality: _containers.RepeatedCompositeFieldContainer[QualityPoint]
    outside: _containers.RepeatedCompositeFieldContainer[ClosestCandidate]
    def __init__(self, networks: _Optional[_Iterable[_Union[GeneratedNetwork, _Mapping]]] = ..., closest: _Optional[_Union[ClosestCandidate, _Mapping]] = ..., reason: _Optional[str] = ..., generated_count: _Optional[int] = ..., feasible_count: _Optional[int] = ..., dropped: _Optional[_Iterable[_Union[DroppedCandidates, _Mapping]]] = ..., timings: _Optional[_Iterable[_Union[StepTiming, _Mapping]]] = ..., provenance: _Optional[_Union[Provenance, _Mapping]] = ..., warnings: _Optional[_Iterable[str]] = ..., quality: _Optional[_Iterable[_Union[QualityPoint, _Mapping]]] = ..., outside: _Optional[_Iterable[_Union[ClosestCandidate, _Mapping]]] = ...) -> None: ...
