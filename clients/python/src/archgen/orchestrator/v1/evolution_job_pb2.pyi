import datetime

from archgen.common.v1 import latency_pb2 as _latency_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from archgen.common.v1 import network_pb2 as _network_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.longrunning import operations_pb2 as _operations_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SearchStrategy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEARCH_STRATEGY_UNSPECIFIED: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_HL_EVO: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_AGEING: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_RANDOM: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_PARETO: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_CELLS: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_HL_EVO_MEANS: _ClassVar[SearchStrategy]
    SEARCH_STRATEGY_BO: _ClassVar[SearchStrategy]

class ParetoCost(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PARETO_COST_UNSPECIFIED: _ClassVar[ParetoCost]
    PARETO_COST_PARAMETER_COUNT: _ClassVar[ParetoCost]
    PARETO_COST_MAC_COUNT: _ClassVar[ParetoCost]
    PARETO_COST_FLOP_COUNT: _ClassVar[ParetoCost]
    PARETO_COST_PEAK_ACTIVATION_BYTES: _ClassVar[ParetoCost]
    PARETO_COST_LATENCY: _ClassVar[ParetoCost]

class CellOrigin(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CELL_ORIGIN_UNSPECIFIED: _ClassVar[CellOrigin]
    CELL_ORIGIN_MODEL: _ClassVar[CellOrigin]
    CELL_ORIGIN_RANDOM: _ClassVar[CellOrigin]

class EvolutionJobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVOLUTION_JOB_STATE_UNSPECIFIED: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_CREATED: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_QUEUED: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_RUNNING: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_CANCELLED: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_FAILED: _ClassVar[EvolutionJobState]
    EVOLUTION_JOB_STATE_SUCCEEDED: _ClassVar[EvolutionJobState]
SEARCH_STRATEGY_UNSPECIFIED: SearchStrategy
SEARCH_STRATEGY_HL_EVO: SearchStrategy
SEARCH_STRATEGY_AGEING: SearchStrategy
SEARCH_STRATEGY_RANDOM: SearchStrategy
SEARCH_STRATEGY_PARETO: SearchStrategy
SEARCH_STRATEGY_CELLS: SearchStrategy
SEARCH_STRATEGY_HL_EVO_MEANS: SearchStrategy
SEARCH_STRATEGY_BO: SearchStrategy
PARETO_COST_UNSPECIFIED: ParetoCost
PARETO_COST_PARAMETER_COUNT: ParetoCost
PARETO_COST_MAC_COUNT: ParetoCost
PARETO_COST_FLOP_COUNT: ParetoCost
PARETO_COST_PEAK_ACTIVATION_BYTES: ParetoCost
PARETO_COST_LATENCY: ParetoCost
CELL_ORIGIN_UNSPECIFIED: CellOrigin
CELL_ORIGIN_MODEL: CellOrigin
CELL_ORIGIN_RANDOM: CellOrigin
EVOLUTION_JOB_STATE_UNSPECIFIED: EvolutionJobState
EVOLUTION_JOB_STATE_CREATED: EvolutionJobState
EVOLUTION_JOB_STATE_QUEUED: EvolutionJobState
EVOLUTION_JOB_STATE_RUNNING: EvolutionJobState
EVOLUTION_JOB_STATE_CANCELLED: EvolutionJobState
EVOLUTION_JOB_STATE_FAILED: EvolutionJobState
EVOLUTION_JOB_STATE_SUCCEEDED: EvolutionJobState

class ScoreTable(_message.Message):
    __slots__ = ("space", "column", "rows", "row_count")
    SPACE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    space: str
    column: str
    rows: _containers.RepeatedCompositeFieldContainer[ScoreTableRow]
    row_count: int
    def __init__(self, space: _Optional[str] = ..., column: _Optional[str] = ..., rows: _Optional[_Iterable[_Union[ScoreTableRow, _Mapping]]] = ..., row_count: _Optional[int] = ...) -> None: ...

class ScoreTableRow(_message.Message):
    __slots__ = ("architecture", "value")
    ARCHITECTURE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    architecture: str
    value: float
    def __init__(self, architecture: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...

class EvolutionJobSpec(_message.Message):
    __slots__ = ("constraints", "input_size", "class_count", "objective", "evaluation_count", "population_size", "seed", "parallelism", "strategy", "cells", "temperature", "model_version", "scoring_input_size", "scoring_batch_size", "pareto_costs", "latency_table", "max_latency_ms", "max_peak_activation_bytes", "input_width", "input_channels", "task", "output_stride", "cell_generator", "score_table")
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    EVALUATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    PARALLELISM_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SCORING_INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    SCORING_BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    PARETO_COSTS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_TABLE_FIELD_NUMBER: _ClassVar[int]
    MAX_LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_PEAK_ACTIVATION_BYTES_FIELD_NUMBER: _ClassVar[int]
    INPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    INPUT_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_STRIDE_FIELD_NUMBER: _ClassVar[int]
    CELL_GENERATOR_FIELD_NUMBER: _ClassVar[int]
    SCORE_TABLE_FIELD_NUMBER: _ClassVar[int]
    constraints: _network_pb2.Constraints
    input_size: int
    class_count: int
    objective: str
    evaluation_count: int
    population_size: int
    seed: int
    parallelism: int
    strategy: SearchStrategy
    cells: CellOrigin
    temperature: float
    model_version: str
    scoring_input_size: int
    scoring_batch_size: int
    pareto_costs: _containers.RepeatedScalarFieldContainer[ParetoCost]
    latency_table: _latency_pb2.LatencyTable
    max_latency_ms: float
    max_peak_activation_bytes: int
    input_width: int
    input_channels: int
    task: _network_pb2.Task
    output_stride: int
    cell_generator: str
    score_table: ScoreTable
    def __init__(self, constraints: _Optional[_Union[_network_pb2.Constraints, _Mapping]] = ..., input_size: _Optional[int] = ..., class_count: _Optional[int] = ..., objective: _Optional[str] = ..., evaluation_count: _Optional[int] = ..., population_size: _Optional[int] = ..., seed: _Optional[int] = ..., parallelism: _Optional[int] = ..., strategy: _Optional[_Union[SearchStrategy, str]] = ..., cells: _Optional[_Union[CellOrigin, str]] = ..., temperature: _Optional[float] = ..., model_version: _Optional[str] = ..., scoring_input_size: _Optional[int] = ..., scoring_batch_size: _Optional[int] = ..., pareto_costs: _Optional[_Iterable[_Union[ParetoCost, str]]] = ..., latency_table: _Optional[_Union[_latency_pb2.LatencyTable, _Mapping]] = ..., max_latency_ms: _Optional[float] = ..., max_peak_activation_bytes: _Optional[int] = ..., input_width: _Optional[int] = ..., input_channels: _Optional[int] = ..., task: _Optional[_Union[_network_pb2.Task, str]] = ..., output_stride: _Optional[int] = ..., cell_generator: _Optional[str] = ..., score_table: _Optional[_Union[ScoreTable, _Mapping]] = ...) -> None: ...

class JobProblem(_message.Message):
    __slots__ = ("reason", "message", "since_time")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    SINCE_TIME_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    since_time: _timestamp_pb2.Timestamp
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., since_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PopulationStatistics(_message.Message):
    __slots__ = ("size", "best", "mean", "worst")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    WORST_FIELD_NUMBER: _ClassVar[int]
    size: int
    best: float
    mean: float
    worst: float
    def __init__(self, size: _Optional[int] = ..., best: _Optional[float] = ..., mean: _Optional[float] = ..., worst: _Optional[float] = ...) -> None: ...

class DroppedProposals(_message.Message):
    __slots__ = ("reason", "count")
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    count: int
    def __init__(self, reason: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class EvolutionProgress(_message.Message):
    __slots__ = ("evaluated", "in_flight", "phase", "best", "population", "evaluations_per_second", "dropped", "remaining", "pareto_front")
    EVALUATED_FIELD_NUMBER: _ClassVar[int]
    IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    BEST_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    EVALUATIONS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    DROPPED_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    PARETO_FRONT_FIELD_NUMBER: _ClassVar[int]
    evaluated: int
    in_flight: int
    phase: str
    best: Evaluation
    population: PopulationStatistics
    evaluations_per_second: float
    dropped: _containers.RepeatedCompositeFieldContainer[DroppedProposals]
    remaining: _duration_pb2.Duration
    pareto_front: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, evaluated: _Optional[int] = ..., in_flight: _Optional[int] = ..., phase: _Optional[str] = ..., best: _Optional[_Union[Evaluation, _Mapping]] = ..., population: _Optional[_Union[PopulationStatistics, _Mapping]] = ..., evaluations_per_second: _Optional[float] = ..., dropped: _Optional[_Iterable[_Union[DroppedProposals, _Mapping]]] = ..., remaining: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., pareto_front: _Optional[_Iterable[int]] = ...) -> None: ...

class EvolutionJob(_message.Message):
    __slots__ = ("name", "spec", "state", "create_time", "start_time", "end_time", "run_count", "problem", "progress", "model_version", "executor_id")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    RUN_COUNT_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_ID_FIELD_NUMBER: _ClassVar[int]
    name: str
    spec: EvolutionJobSpec
    state: EvolutionJobState
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    run_count: int
    problem: JobProblem
    progress: EvolutionProgress
    model_version: _model_pb2.ModelVersion
    executor_id: str
    def __init__(self, name: _Optional[str] = ..., spec: _Optional[_Union[EvolutionJobSpec, _Mapping]] = ..., state: _Optional[_Union[EvolutionJobState, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., run_count: _Optional[int] = ..., problem: _Optional[_Union[JobProblem, _Mapping]] = ..., progress: _Optional[_Union[EvolutionProgress, _Mapping]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., executor_id: _Optional[str] = ...) -> None: ...

class Evaluation(_message.Message):
    __slots__ = ("name", "index", "network", "counts", "score", "json", "latency", "peak_activation_bytes", "constraint_excess", "architecture")
    NAME_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    JSON_FIELD_NUMBER: _ClassVar[int]
    LATENCY_FIELD_NUMBER: _ClassVar[int]
    PEAK_ACTIVATION_BYTES_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_EXCESS_FIELD_NUMBER: _ClassVar[int]
    ARCHITECTURE_FIELD_NUMBER: _ClassVar[int]
    name: str
    index: int
    network: _network_pb2.Network
    counts: _network_pb2.Counts
    score: float
    json: str
    latency: _latency_pb2.LatencyEstimate
    peak_activation_bytes: int
    constraint_excess: float
    architecture: str
    def __init__(self, name: _Optional[str] = ..., index: _Optional[int] = ..., network: _Optional[_Union[_network_pb2.Network, _Mapping]] = ..., counts: _Optional[_Union[_network_pb2.Counts, _Mapping]] = ..., score: _Optional[float] = ..., json: _Optional[str] = ..., latency: _Optional[_Union[_latency_pb2.LatencyEstimate, _Mapping]] = ..., peak_activation_bytes: _Optional[int] = ..., constraint_excess: _Optional[float] = ..., architecture: _Optional[str] = ...) -> None: ...

class CreateEvolutionJobRequest(_message.Message):
    __slots__ = ("evolution_job", "evolution_job_id", "validate_only", "request_id")
    EVOLUTION_JOB_FIELD_NUMBER: _ClassVar[int]
    EVOLUTION_JOB_ID_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    evolution_job: EvolutionJob
    evolution_job_id: str
    validate_only: bool
    request_id: str
    def __init__(self, evolution_job: _Optional[_Union[EvolutionJob, _Mapping]] = ..., evolution_job_id: _Optional[str] = ..., validate_only: bool = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateEvolutionJobResponse(_message.Message):
    __slots__ = ("evolution_job",)
    EVOLUTION_JOB_FIELD_NUMBER: _ClassVar[int]
    evolution_job: EvolutionJob
    def __init__(self, evolution_job: _Optional[_Union[EvolutionJob, _Mapping]] = ...) -> None: ...

class RunEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetEvolutionJobResponse(_message.Message):
    __slots__ = ("evolution_job",)
    EVOLUTION_JOB_FIELD_NUMBER: _ClassVar[int]
    evolution_job: EvolutionJob
    def __init__(self, evolution_job: _Optional[_Union[EvolutionJob, _Mapping]] = ...) -> None: ...

class ListEvolutionJobsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEvolutionJobsResponse(_message.Message):
    __slots__ = ("evolution_jobs", "next_page_token")
    EVOLUTION_JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    evolution_jobs: _containers.RepeatedCompositeFieldContainer[EvolutionJob]
    next_page_token: str
    def __init__(self, evolution_jobs: _Optional[_Iterable[_Union[EvolutionJob, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class WatchEvolutionJobResponse(_message.Message):
    __slots__ = ("evolution_job",)
    EVOLUTION_JOB_FIELD_NUMBER: _ClassVar[int]
    evolution_job: EvolutionJob
    def __init__(self, evolution_job: _Optional[_Union[EvolutionJob, _Mapping]] = ...) -> None: ...

class CancelEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class CancelEvolutionJobResponse(_message.Message):
    __slots__ = ("evolution_job",)
    EVOLUTION_JOB_FIELD_NUMBER: _ClassVar[int]
    evolution_job: EvolutionJob
    def __init__(self, evolution_job: _Optional[_Union[EvolutionJob, _Mapping]] = ...) -> None: ...

class ResumeEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteEvolutionJobRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeleteEvolutionJobResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListEvaluationsRequest(_message.Message):
    __slots__ = ("parent", "page_size", "page_token")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    page_token: str
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEvaluationsResponse(_message.Message):
    __slots__ = ("evaluations", "next_page_token")
    EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    evaluations: _containers.RepeatedCompositeFieldContainer[Evaluation]
    next_page_token: str
    def __init__(self, evaluations: _Optional[_Iterable[_Union[Evaluation, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetEvaluationRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetEvaluationResponse(_message.Message):
    __slots__ = ("evaluation",)
    EVALUATION_FIELD_NUMBER: _ClassVar[int]
    evaluation: Evaluation
    def __init__(self, evaluation: _Optional[_Union[Evaluation, _Mapping]] = ...) -> None: ...

class SummarizeHistoryRequest(_message.Message):
    __slots__ = ("name", "max_points")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_POINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    max_points: int
    def __init__(self, name: _Optional[str] = ..., max_points: _Optional[int] = ...) -> None: ...

class EvaluationPoint(_message.Message):
    __slots__ = ("index", "score", "counts", "latency_ms", "peak_activation_bytes", "constraint_excess", "on_front", "best_so_far")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    PEAK_ACTIVATION_BYTES_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_EXCESS_FIELD_NUMBER: _ClassVar[int]
    ON_FRONT_FIELD_NUMBER: _ClassVar[int]
    BEST_SO_FAR_FIELD_NUMBER: _ClassVar[int]
    index: int
    score: float
    counts: _network_pb2.Counts
    latency_ms: float
    peak_activation_bytes: int
    constraint_excess: float
    on_front: bool
    best_so_far: bool
    def __init__(self, index: _Optional[int] = ..., score: _Optional[float] = ..., counts: _Optional[_Union[_network_pb2.Counts, _Mapping]] = ..., latency_ms: _Optional[float] = ..., peak_activation_bytes: _Optional[int] = ..., constraint_excess: _Optional[float] = ..., on_front: bool = ..., best_so_far: bool = ...) -> None: ...

class PopulationPoint(_message.Message):
    __slots__ = ("evaluation_count", "population")
    EVALUATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    evaluation_count: int
    population: PopulationStatistics
    def __init__(self, evaluation_count: _Optional[int] = ..., population: _Optional[_Union[PopulationStatistics, _Mapping]] = ...) -> None: ...

class SummarizeHistoryResponse(_message.Message):
    __slots__ = ("evaluation_count", "points", "population")
    EVALUATION_COUNT_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    evaluation_count: int
    points: _containers.RepeatedCompositeFieldContainer[EvaluationPoint]
    population: _containers.RepeatedCompositeFieldContainer[PopulationPoint]
    def __init__(self, evaluation_count: _Optional[int] = ..., points: _Optional[_Iterable[_Union[EvaluationPoint, _Mapping]]] = ..., population: _Optional[_Iterable[_Union[PopulationPoint, _Mapping]]] = ...) -> None: ...

class ExportHistoryRequest(_message.Message):
    __slots__ = ("name", "start_line")
    NAME_FIELD_NUMBER: _ClassVar[int]
    START_LINE_FIELD_NUMBER: _ClassVar[int]
    name: str
    start_line: int
    def __init__(self, name: _Optional[str] = ..., start_line: _Optional[int] = ...) -> None: ...

class ExportHistoryResponse(_message.Message):
    __slots__ = ("lines", "next_line")
    LINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_LINE_FIELD_NUMBER: _ClassVar[int]
    lines: str
    next_line: int
    def __init__(self, lines: _Optional[str] = ..., next_line: _Optional[int] = ...) -> None: ...

class TrainSequenceGeneratorRequest(_message.Message):
    __slots__ = ("evolution_jobs", "version", "base_version", "step_count", "seed", "keep", "drop_probability", "pretrained", "anew")
    EVOLUTION_JOBS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    BASE_VERSION_FIELD_NUMBER: _ClassVar[int]
    STEP_COUNT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    KEEP_FIELD_NUMBER: _ClassVar[int]
    DROP_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    PRETRAINED_FIELD_NUMBER: _ClassVar[int]
    ANEW_FIELD_NUMBER: _ClassVar[int]
    evolution_jobs: _containers.RepeatedScalarFieldContainer[str]
    version: str
    base_version: str
    step_count: int
    seed: int
    keep: float
    drop_probability: float
    pretrained: str
    anew: bool
    def __init__(self, evolution_jobs: _Optional[_Iterable[str]] = ..., version: _Optional[str] = ..., base_version: _Optional[str] = ..., step_count: _Optional[int] = ..., seed: _Optional[int] = ..., keep: _Optional[float] = ..., drop_probability: _Optional[float] = ..., pretrained: _Optional[str] = ..., anew: bool = ...) -> None: ...

class TrainSequenceGeneratorMetadata(_message.Message):
    __slots__ = ("step", "step_count", "validation_loss", "create_time")
    STEP_FIELD_NUMBER: _ClassVar[int]
    STEP_COUNT_FIELD_NUMBER: _ClassVar[int]
    VALIDATION_LOSS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    step: int
    step_count: int
    validation_loss: float
    create_time: _timestamp_pb2.Timestamp
    def __init__(self, step: _Optional[int] = ..., step_count: _Optional[int] = ..., validation_loss: _Optional[float] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
