from archgen.common.v1 import model_pb2 as _model_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Guide(_message.Message):
    __slots__ = ("predictor", "strength")
    PREDICTOR_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    predictor: str
    strength: float
    def __init__(self, predictor: _Optional[str] = ..., strength: _Optional[float] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("metric",)
    METRIC_FIELD_NUMBER: _ClassVar[int]
    CLASS_FIELD_NUMBER: _ClassVar[int]
    metric: str
    def __init__(self, metric: _Optional[str] = ..., **kwargs) -> None: ...

class LatencyBound(_message.Message):
    __slots__ = ("device", "max_latency_ms")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    MAX_LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    device: str
    max_latency_ms: float
    def __init__(self, device: _Optional[str] = ..., max_latency_ms: _Optional[float] = ...) -> None: ...

class SampleArchitecturesRequest(_message.Message):
    __slots__ = ("space", "generator", "count", "seed", "steps", "guides", "conditions", "latency", "model_version", "request_id", "guidance")
    SPACE_FIELD_NUMBER: _ClassVar[int]
    GENERATOR_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    GUIDES_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    LATENCY_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GUIDANCE_FIELD_NUMBER: _ClassVar[int]
    space: str
    generator: str
    count: int
    seed: int
    steps: int
    guides: _containers.RepeatedCompositeFieldContainer[Guide]
    conditions: _containers.RepeatedCompositeFieldContainer[Condition]
    latency: LatencyBound
    model_version: str
    request_id: str
    guidance: float
    def __init__(self, space: _Optional[str] = ..., generator: _Optional[str] = ..., count: _Optional[int] = ..., seed: _Optional[int] = ..., steps: _Optional[int] = ..., guides: _Optional[_Iterable[_Union[Guide, _Mapping]]] = ..., conditions: _Optional[_Iterable[_Union[Condition, _Mapping]]] = ..., latency: _Optional[_Union[LatencyBound, _Mapping]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ..., guidance: _Optional[float] = ...) -> None: ...

class SampledArchitecture(_message.Message):
    __slots__ = ("architecture_json", "valid", "parameter_count", "mac_count", "predicted")
    class PredictedEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    ARCHITECTURE_JSON_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAC_COUNT_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FIELD_NUMBER: _ClassVar[int]
    architecture_json: str
    valid: bool
    parameter_count: int
    mac_count: int
    predicted: _containers.ScalarMap[str, float]
    def __init__(self, architecture_json: _Optional[str] = ..., valid: bool = ..., parameter_count: _Optional[int] = ..., mac_count: _Optional[int] = ..., predicted: _Optional[_Mapping[str, float]] = ...) -> None: ...

class SampledArchitectures(_message.Message):
    __slots__ = ("samples",)
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    samples: _containers.RepeatedCompositeFieldContainer[SampledArchitecture]
    def __init__(self, samples: _Optional[_Iterable[_Union[SampledArchitecture, _Mapping]]] = ...) -> None: ...

class SamplingSummary(_message.Message):
    __slots__ = ("generated_count", "validity", "uniqueness", "nearest", "model_version", "seed", "request_id")
    GENERATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_FIELD_NUMBER: _ClassVar[int]
    UNIQUENESS_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    generated_count: int
    validity: float
    uniqueness: float
    nearest: SampledArchitecture
    model_version: _model_pb2.ModelVersion
    seed: int
    request_id: str
    def __init__(self, generated_count: _Optional[int] = ..., validity: _Optional[float] = ..., uniqueness: _Optional[float] = ..., nearest: _Optional[_Union[SampledArchitecture, _Mapping]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class SampleArchitecturesResponse(_message.Message):
    __slots__ = ("found", "summary")
    FOUND_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    found: SampledArchitectures
    summary: SamplingSummary
    def __init__(self, found: _Optional[_Union[SampledArchitectures, _Mapping]] = ..., summary: _Optional[_Union[SamplingSummary, _Mapping]] = ...) -> None: ...

class PredictPropertiesRequest(_message.Message):
    __slots__ = ("space", "architectures_json", "properties", "model_version", "request_id")
    SPACE_FIELD_NUMBER: _ClassVar[int]
    ARCHITECTURES_JSON_FIELD_NUMBER: _ClassVar[int]
    PROPERTIES_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    space: str
    architectures_json: _containers.RepeatedScalarFieldContainer[str]
    properties: _containers.RepeatedScalarFieldContainer[str]
    model_version: str
    request_id: str
    def __init__(self, space: _Optional[str] = ..., architectures_json: _Optional[_Iterable[str]] = ..., properties: _Optional[_Iterable[str]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class PredictedProperties(_message.Message):
    __slots__ = ("values",)
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.ScalarMap[str, float]
    def __init__(self, values: _Optional[_Mapping[str, float]] = ...) -> None: ...

class PredictPropertiesResponse(_message.Message):
    __slots__ = ("results", "model_version", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[PredictedProperties]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[PredictedProperties, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ListGeneratorsRequest(_message.Message):
    __slots__ = ("model_version",)
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    model_version: str
    def __init__(self, model_version: _Optional[str] = ...) -> None: ...

class Generator(_message.Message):
    __slots__ = ("name", "space", "trained_architecture_count", "predictors", "devices", "conditions")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPACE_FIELD_NUMBER: _ClassVar[int]
    TRAINED_ARCHITECTURE_COUNT_FIELD_NUMBER: _ClassVar[int]
    PREDICTORS_FIELD_NUMBER: _ClassVar[int]
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    CONDITIONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    space: str
    trained_architecture_count: int
    predictors: _containers.RepeatedCompositeFieldContainer[Predictor]
    devices: _containers.RepeatedScalarFieldContainer[str]
    conditions: _containers.RepeatedCompositeFieldContainer[ConditionMetric]
    def __init__(self, name: _Optional[str] = ..., space: _Optional[str] = ..., trained_architecture_count: _Optional[int] = ..., predictors: _Optional[_Iterable[_Union[Predictor, _Mapping]]] = ..., devices: _Optional[_Iterable[str]] = ..., conditions: _Optional[_Iterable[_Union[ConditionMetric, _Mapping]]] = ...) -> None: ...

class ConditionMetric(_message.Message):
    __slots__ = ("metric", "classes")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    metric: str
    classes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, metric: _Optional[str] = ..., classes: _Optional[_Iterable[str]] = ...) -> None: ...

class Predictor(_message.Message):
    __slots__ = ("name", "target", "trained_row_count")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    TRAINED_ROW_COUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    target: str
    trained_row_count: int
    def __init__(self, name: _Optional[str] = ..., target: _Optional[str] = ..., trained_row_count: _Optional[int] = ...) -> None: ...

class ListGeneratorsResponse(_message.Message):
    __slots__ = ("generators", "model_version")
    GENERATORS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    generators: _containers.RepeatedCompositeFieldContainer[Generator]
    model_version: _model_pb2.ModelVersion
    def __init__(self, generators: _Optional[_Iterable[_Union[Generator, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ...) -> None: ...
