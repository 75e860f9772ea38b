from archgen.common.v1 import cell_pb2 as _cell_pb2
from archgen.common.v1 import model_pb2 as _model_pb2
from archgen.common.v1 import network_pb2 as _network_pb2
from archgen.common.v1 import sequence_pb2 as _sequence_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Decoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECODING_UNSPECIFIED: _ClassVar[Decoding]
    DECODING_GREEDY: _ClassVar[Decoding]
    DECODING_SAMPLED: _ClassVar[Decoding]
DECODING_UNSPECIFIED: Decoding
DECODING_GREEDY: Decoding
DECODING_SAMPLED: Decoding

class GenerateSequencesRequest(_message.Message):
    __slots__ = ("condition", "constraints", "count", "decoding", "temperature", "seed", "model_version", "request_id")
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    DECODING_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    condition: _sequence_pb2.Condition
    constraints: _network_pb2.Constraints
    count: int
    decoding: Decoding
    temperature: float
    seed: int
    model_version: str
    request_id: str
    def __init__(self, condition: _Optional[_Union[_sequence_pb2.Condition, _Mapping]] = ..., constraints: _Optional[_Union[_network_pb2.Constraints, _Mapping]] = ..., count: _Optional[int] = ..., decoding: _Optional[_Union[Decoding, str]] = ..., temperature: _Optional[float] = ..., seed: _Optional[int] = ..., model_version: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class BudgetCell(_message.Message):
    __slots__ = ("cluster", "cell")
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    CELL_FIELD_NUMBER: _ClassVar[int]
    cluster: int
    cell: _cell_pb2.Cell
    def __init__(self, cluster: _Optional[int] = ..., cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ...) -> None: ...

class GenerateSequencesResponse(_message.Message):
    __slots__ = ("sequences", "shortfall_reason", "model_version", "seed", "request_id", "budget_cells")
    SEQUENCES_FIELD_NUMBER: _ClassVar[int]
    SHORTFALL_REASON_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BUDGET_CELLS_FIELD_NUMBER: _ClassVar[int]
    sequences: _containers.RepeatedCompositeFieldContainer[_sequence_pb2.MacroSequence]
    shortfall_reason: str
    model_version: _model_pb2.ModelVersion
    seed: int
    request_id: str
    budget_cells: _containers.RepeatedCompositeFieldContainer[BudgetCell]
    def __init__(self, sequences: _Optional[_Iterable[_Union[_sequence_pb2.MacroSequence, _Mapping]]] = ..., shortfall_reason: _Optional[str] = ..., model_version: _Optional[_Union[_model_pb2.ModelVersion, _Mapping]] = ..., seed: _Optional[int] = ..., request_id: _Optional[str] = ..., budget_cells: _Optional[_Iterable[_Union[BudgetCell, _Mapping]]] = ...) -> None: ...
