from archgen.common.v1 import cell_pb2 as _cell_pb2
from archgen.common.v1 import error_pb2 as _error_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EncodeCellsRequest(_message.Message):
    __slots__ = ("cells", "model_version", "request_id")
    CELLS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedCompositeFieldContainer[_cell_pb2.Cell]
    model_version: str
    request_id: str
    def __init__(self, cells: _Optional[_Iterable[_Union[_cell_pb2.Cell, _Mapping]]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class EncodedCell(_message.Message):
    __slots__ = ("latent", "error")
    LATENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    latent: _cell_pb2.Latent
    error: _error_pb2.ItemError
    def __init__(self, latent: _Optional[_Union[_cell_pb2.Latent, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class EncodeCellsResponse(_message.Message):
    __slots__ = ("results", "model_version", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[EncodedCell]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[EncodedCell, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DecodeLatentsRequest(_message.Message):
    __slots__ = ("latents", "model_version", "request_id")
    LATENTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    latents: _containers.RepeatedCompositeFieldContainer[_cell_pb2.Latent]
    model_version: str
    request_id: str
    def __init__(self, latents: _Optional[_Iterable[_Union[_cell_pb2.Latent, _Mapping]]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DecodedCell(_message.Message):
    __slots__ = ("cell", "error", "repaired")
    CELL_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    REPAIRED_FIELD_NUMBER: _ClassVar[int]
    cell: _cell_pb2.Cell
    error: _error_pb2.ItemError
    repaired: bool
    def __init__(self, cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ..., repaired: bool = ...) -> None: ...

class DecodeLatentsResponse(_message.Message):
    __slots__ = ("results", "model_version", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DecodedCell]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[DecodedCell, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class PredictZcVectorsRequest(_message.Message):
    __slots__ = ("latents", "model_version", "request_id")
    LATENTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    latents: _containers.RepeatedCompositeFieldContainer[_cell_pb2.Latent]
    model_version: str
    request_id: str
    def __init__(self, latents: _Optional[_Iterable[_Union[_cell_pb2.Latent, _Mapping]]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class PredictedZcVector(_message.Message):
    __slots__ = ("zc_vector", "standardized")
    ZC_VECTOR_FIELD_NUMBER: _ClassVar[int]
    STANDARDIZED_FIELD_NUMBER: _ClassVar[int]
    zc_vector: _cell_pb2.ZcVector
    standardized: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, zc_vector: _Optional[_Union[_cell_pb2.ZcVector, _Mapping]] = ..., standardized: _Optional[_Iterable[float]] = ...) -> None: ...

class PredictZcVectorsResponse(_message.Message):
    __slots__ = ("results", "model_version", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[PredictedZcVector]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[PredictedZcVector, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class SampleCellsRequest(_message.Message):
    __slots__ = ("count", "seed", "model_version", "request_id")
    COUNT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    count: int
    seed: int
    model_version: str
    request_id: str
    def __init__(self, count: _Optional[int] = ..., seed: _Optional[int] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class SampleCellsResponse(_message.Message):
    __slots__ = ("results", "model_version", "seed", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DecodedCell]
    model_version: _model_pb2.ModelVersion
    seed: int
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[DecodedCell, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class ListClustersRequest(_message.Message):
    __slots__ = ("model_version", "request_id")
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    model_version: str
    request_id: str
    def __init__(self, model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class Cluster(_message.Message):
    __slots__ = ("cluster", "weight", "mean", "cheapest_cell")
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    CHEAPEST_CELL_FIELD_NUMBER: _ClassVar[int]
    cluster: int
    weight: float
    mean: PredictedZcVector
    cheapest_cell: _cell_pb2.Cell
    def __init__(self, cluster: _Optional[int] = ..., weight: _Optional[float] = ..., mean: _Optional[_Union[PredictedZcVector, _Mapping]] = ..., cheapest_cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ...) -> None: ...

class ListClustersResponse(_message.Message):
    __slots__ = ("clusters", "model_version", "request_id")
    CLUSTERS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    clusters: _containers.RepeatedCompositeFieldContainer[Cluster]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, clusters: _Optional[_Iterable[_Union[Cluster, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class AssignClustersRequest(_message.Message):
    __slots__ = ("cells", "model_version", "request_id")
    CELLS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedCompositeFieldContainer[_cell_pb2.Cell]
    model_version: str
    request_id: str
    def __init__(self, cells: _Optional[_Iterable[_Union[_cell_pb2.Cell, _Mapping]]] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class ClusterAssignment(_message.Message):
    __slots__ = ("cluster", "probability", "predicted")
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FIELD_NUMBER: _ClassVar[int]
    cluster: int
    probability: float
    predicted: PredictedZcVector
    def __init__(self, cluster: _Optional[int] = ..., probability: _Optional[float] = ..., predicted: _Optional[_Union[PredictedZcVector, _Mapping]] = ...) -> None: ...

class AssignedCell(_message.Message):
    __slots__ = ("assignment", "error")
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    assignment: ClusterAssignment
    error: _error_pb2.ItemError
    def __init__(self, assignment: _Optional[_Union[ClusterAssignment, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class AssignClustersResponse(_message.Message):
    __slots__ = ("results", "model_version", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[AssignedCell]
    model_version: _model_pb2.ModelVersion
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[AssignedCell, _Mapping]]] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...
