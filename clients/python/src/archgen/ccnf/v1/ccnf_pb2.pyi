from archgen.common.v1 import cell_pb2 as _cell_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StandardizedVector(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, values: _Optional[_Iterable[float]] = ...) -> None: ...

class LatentCondition(_message.Message):
    __slots__ = ("standardized", "zc_vector", "cluster")
    STANDARDIZED_FIELD_NUMBER: _ClassVar[int]
    ZC_VECTOR_FIELD_NUMBER: _ClassVar[int]
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    standardized: StandardizedVector
    zc_vector: _cell_pb2.ZcVector
    cluster: int
    def __init__(self, standardized: _Optional[_Union[StandardizedVector, _Mapping]] = ..., zc_vector: _Optional[_Union[_cell_pb2.ZcVector, _Mapping]] = ..., cluster: _Optional[int] = ...) -> None: ...

class SampleLatentsRequest(_message.Message):
    __slots__ = ("conditions", "samples_per_condition", "temperature", "seed", "model_version", "request_id")
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_PER_CONDITION_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    conditions: _containers.RepeatedCompositeFieldContainer[LatentCondition]
    samples_per_condition: int
    temperature: float
    seed: int
    model_version: str
    request_id: str
    def __init__(self, conditions: _Optional[_Iterable[_Union[LatentCondition, _Mapping]]] = ..., samples_per_condition: _Optional[int] = ..., temperature: _Optional[float] = ..., seed: _Optional[int] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class SampledLatent(_message.Message):
    __slots__ = ("condition_index", "latent")
    CONDITION_INDEX_FIELD_NUMBER: _ClassVar[int]
    LATENT_FIELD_NUMBER: _ClassVar[int]
    condition_index: int
    latent: _cell_pb2.Latent
    def __init__(self, condition_index: _Optional[int] = ..., latent: _Optional[_Union[_cell_pb2.Latent, _Mapping]] = ...) -> None: ...

class SampleLatentsResponse(_message.Message):
    __slots__ = ("samples", "field_evaluations", "model_version", "seed", "request_id")
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    FIELD_EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    samples: _containers.RepeatedCompositeFieldContainer[SampledLatent]
    field_evaluations: int
    model_version: _model_pb2.ModelVersion
    seed: int
    request_id: str
    def __init__(self, samples: _Optional[_Iterable[_Union[SampledLatent, _Mapping]]] = ..., field_evaluations: _Optional[int] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class ConditionedLatent(_message.Message):
    __slots__ = ("latent", "condition")
    LATENT_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    latent: _cell_pb2.Latent
    condition: LatentCondition
    def __init__(self, latent: _Optional[_Union[_cell_pb2.Latent, _Mapping]] = ..., condition: _Optional[_Union[LatentCondition, _Mapping]] = ...) -> None: ...

class LogDensityRequest(_message.Message):
    __slots__ = ("items", "seed", "model_version", "request_id")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[ConditionedLatent]
    seed: int
    model_version: str
    request_id: str
    def __init__(self, items: _Optional[_Iterable[_Union[ConditionedLatent, _Mapping]]] = ..., seed: _Optional[int] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class LogDensityResponse(_message.Message):
    __slots__ = ("log_densities", "model_version", "seed", "request_id")
    LOG_DENSITIES_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    log_densities: _containers.RepeatedScalarFieldContainer[float]
    model_version: _model_pb2.ModelVersion
    seed: int
    request_id: str
    def __init__(self, log_densities: _Optional[_Iterable[float]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...
