from archgen.common.v1 import cell_pb2 as _cell_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from archgen.common.v1 import network_pb2 as _network_pb2
from archgen.orchestrator.v1 import generation_pb2 as _generation_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExportFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXPORT_FORMAT_UNSPECIFIED: _ClassVar[ExportFormat]
    EXPORT_FORMAT_ONNX: _ClassVar[ExportFormat]
    EXPORT_FORMAT_PYTORCH: _ClassVar[ExportFormat]
    EXPORT_FORMAT_JSON: _ClassVar[ExportFormat]
    EXPORT_FORMAT_SVG: _ClassVar[ExportFormat]
    EXPORT_FORMAT_PROJECT: _ClassVar[ExportFormat]
    EXPORT_FORMAT_TFLITE: _ClassVar[ExportFormat]
EXPORT_FORMAT_UNSPECIFIED: ExportFormat
EXPORT_FORMAT_ONNX: ExportFormat
EXPORT_FORMAT_PYTORCH: ExportFormat
EXPORT_FORMAT_JSON: ExportFormat
EXPORT_FORMAT_SVG: ExportFormat
EXPORT_FORMAT_PROJECT: ExportFormat
EXPORT_FORMAT_TFLITE: ExportFormat

class GenerateNetworksRequest(_message.Message):
    __slots__ = ("spec", "request_id", "resume_token")
    SPEC_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    spec: _generation_pb2.GenerationSpec
    request_id: str
    resume_token: str
    def __init__(self, spec: _Optional[_Union[_generation_pb2.GenerationSpec, _Mapping]] = ..., request_id: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GenerateNetworksResponse(_message.Message):
    __slots__ = ("progress", "result", "request_id", "resume_token")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    progress: _generation_pb2.GenerationProgress
    result: _generation_pb2.GenerationResult
    request_id: str
    resume_token: str
    def __init__(self, progress: _Optional[_Union[_generation_pb2.GenerationProgress, _Mapping]] = ..., result: _Optional[_Union[_generation_pb2.GenerationResult, _Mapping]] = ..., request_id: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class GenerateNetworksUnaryRequest(_message.Message):
    __slots__ = ("spec", "request_id")
    SPEC_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    spec: _generation_pb2.GenerationSpec
    request_id: str
    def __init__(self, spec: _Optional[_Union[_generation_pb2.GenerationSpec, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class GenerateNetworksUnaryResponse(_message.Message):
    __slots__ = ("result", "request_id")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    result: _generation_pb2.GenerationResult
    request_id: str
    def __init__(self, result: _Optional[_Union[_generation_pb2.GenerationResult, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ExportNetworkRequest(_message.Message):
    __slots__ = ("network", "formats", "seed", "request_id", "scores", "margins", "provenance")
    class ScoresEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    class ProvenanceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SCORES_FIELD_NUMBER: _ClassVar[int]
    MARGINS_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    network: _network_pb2.Network
    formats: _containers.RepeatedScalarFieldContainer[ExportFormat]
    seed: int
    request_id: str
    scores: _containers.ScalarMap[str, float]
    margins: _containers.RepeatedCompositeFieldContainer[_network_pb2.ConstraintMargin]
    provenance: _containers.ScalarMap[str, str]
    def __init__(self, network: _Optional[_Union[_network_pb2.Network, _Mapping]] = ..., formats: _Optional[_Iterable[_Union[ExportFormat, str]]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ..., scores: _Optional[_Mapping[str, float]] = ..., margins: _Optional[_Iterable[_Union[_network_pb2.ConstraintMargin, _Mapping]]] = ..., provenance: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ExportNetworkResponse(_message.Message):
    __slots__ = ("format", "file_name", "media_type", "size_bytes", "offset_bytes", "content")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    OFFSET_BYTES_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    format: ExportFormat
    file_name: str
    media_type: str
    size_bytes: int
    offset_bytes: int
    content: bytes
    def __init__(self, format: _Optional[_Union[ExportFormat, str]] = ..., file_name: _Optional[str] = ..., media_type: _Optional[str] = ..., size_bytes: _Optional[int] = ..., offset_bytes: _Optional[int] = ..., content: _Optional[bytes] = ...) -> None: ...

class ModelFile(_message.Message):
    __slots__ = ("path", "size_bytes", "sha256")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    path: str
    size_bytes: int
    sha256: str
    def __init__(self, path: _Optional[str] = ..., size_bytes: _Optional[int] = ..., sha256: _Optional[str] = ...) -> None: ...

class ModelGenerator(_message.Message):
    __slots__ = ("name", "kind", "space", "files", "metrics", "trained_on")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SPACE_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    TRAINED_ON_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: str
    space: str
    files: _containers.RepeatedScalarFieldContainer[str]
    metrics: _containers.ScalarMap[str, float]
    trained_on: _struct_pb2.Struct
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[str] = ..., space: _Optional[str] = ..., files: _Optional[_Iterable[str]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., trained_on: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("name", "version", "format_version", "labels", "trained_on", "metrics", "files", "generators")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    TRAINED_ON_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    GENERATORS_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: _model_pb2.ModelVersion
    format_version: int
    labels: _containers.RepeatedScalarFieldContainer[str]
    trained_on: _struct_pb2.Struct
    metrics: _containers.ScalarMap[str, float]
    files: _containers.RepeatedCompositeFieldContainer[ModelFile]
    generators: _containers.RepeatedCompositeFieldContainer[ModelGenerator]
    def __init__(self, name: _Optional[str] = ..., version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., format_version: _Optional[int] = ..., labels: _Optional[_Iterable[str]] = ..., trained_on: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., files: _Optional[_Iterable[_Union[ModelFile, _Mapping]]] = ..., generators: _Optional[_Iterable[_Union[ModelGenerator, _Mapping]]] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models", "next_page_token")
    MODELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    next_page_token: str
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetModelRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class GetModelResponse(_message.Message):
    __slots__ = ("model",)
    MODEL_FIELD_NUMBER: _ClassVar[int]
    model: Model
    def __init__(self, model: _Optional[_Union[Model, _Mapping]] = ...) -> None: ...

class PromoteModelRequest(_message.Message):
    __slots__ = ("name", "if_not_worse")
    NAME_FIELD_NUMBER: _ClassVar[int]
    IF_NOT_WORSE_FIELD_NUMBER: _ClassVar[int]
    name: str
    if_not_worse: bool
    def __init__(self, name: _Optional[str] = ..., if_not_worse: bool = ...) -> None: ...

class PromotionComparison(_message.Message):
    __slots__ = ("name", "before", "after")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    name: str
    before: float
    after: float
    def __init__(self, name: _Optional[str] = ..., before: _Optional[float] = ..., after: _Optional[float] = ...) -> None: ...

class PromoteModelResponse(_message.Message):
    __slots__ = ("model", "previous_version", "comparisons")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    model: Model
    previous_version: str
    comparisons: _containers.RepeatedCompositeFieldContainer[PromotionComparison]
    def __init__(self, model: _Optional[_Union[Model, _Mapping]] = ..., previous_version: _Optional[str] = ..., comparisons: _Optional[_Iterable[_Union[PromotionComparison, _Mapping]]] = ...) -> None: ...

class RollbackModelRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class RollbackModelResponse(_message.Message):
    __slots__ = ("model", "previous_version")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_VERSION_FIELD_NUMBER: _ClassVar[int]
    model: Model
    previous_version: str
    def __init__(self, model: _Optional[_Union[Model, _Mapping]] = ..., previous_version: _Optional[str] = ...) -> None: ...

class SampleSynonymsRequest(_message.Message):
    __slots__ = ("cell", "count", "cell_generator", "temperature", "seed", "model_version", "request_id")
    CELL_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    CELL_GENERATOR_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    cell: _cell_pb2.Cell
    count: int
    cell_generator: str
    temperature: float
    seed: int
    model_version: str
    request_id: str
    def __init__(self, cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ..., count: _Optional[int] = ..., cell_generator: _Optional[str] = ..., temperature: _Optional[float] = ..., seed: _Optional[int] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class Synonym(_message.Message):
    __slots__ = ("cell", "distance")
    CELL_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_FIELD_NUMBER: _ClassVar[int]
    cell: _cell_pb2.Cell
    distance: float
    def __init__(self, cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ..., distance: _Optional[float] = ...) -> None: ...

class SampleSynonymsResponse(_message.Message):
    __slots__ = ("synonyms", "cell_generator", "model_versions", "seed", "request_id")
    class ModelVersionsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: _model_pb2.ModelVersion
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ...) -> None: ...
    SYNONYMS_FIELD_NUMBER: _ClassVar[int]
    CELL_GENERATOR_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSIONS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    synonyms: _containers.RepeatedCompositeFieldContainer[Synonym]
    cell_generator: str
    model_versions: _containers.MessageMap[str, _model_pb2.ModelVersion]
    seed: int
    request_id: str
    def __init__(self, synonyms: _Optional[_Iterable[_Union[Synonym, _Mapping]]] = ..., cell_generator: _Optional[str] = ..., model_versions: _Optional[_Mapping[str, _model_pb2.ModelVersion]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...
