from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OperationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OPERATION_TYPE_UNSPECIFIED: _ClassVar[OperationType]
    OPERATION_TYPE_AVG_POOL: _ClassVar[OperationType]
    OPERATION_TYPE_CONV: _ClassVar[OperationType]
    OPERATION_TYPE_SEP_CONV: _ClassVar[OperationType]
    OPERATION_TYPE_DIL_CONV: _ClassVar[OperationType]
    OPERATION_TYPE_MBCONV_2: _ClassVar[OperationType]
    OPERATION_TYPE_MBCONV_3: _ClassVar[OperationType]
    OPERATION_TYPE_MBCONV_6: _ClassVar[OperationType]
    OPERATION_TYPE_BCONV_2: _ClassVar[OperationType]
    OPERATION_TYPE_BCONV_4: _ClassVar[OperationType]
OPERATION_TYPE_UNSPECIFIED: OperationType
OPERATION_TYPE_AVG_POOL: OperationType
OPERATION_TYPE_CONV: OperationType
OPERATION_TYPE_SEP_CONV: OperationType
OPERATION_TYPE_DIL_CONV: OperationType
OPERATION_TYPE_MBCONV_2: OperationType
OPERATION_TYPE_MBCONV_3: OperationType
OPERATION_TYPE_MBCONV_6: OperationType
OPERATION_TYPE_BCONV_2: OperationType
OPERATION_TYPE_BCONV_4: OperationType

class Operation(_message.Message):
    __slots__ = ("type", "kernel")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_FIELD_NUMBER: _ClassVar[int]
    type: OperationType
    kernel: int
    def __init__(self, type: _Optional[_Union[OperationType, str]] = ..., kernel: _Optional[int] = ...) -> None: ...

class Edge(_message.Message):
    __slots__ = ("to",)
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    to: int
    def __init__(self, to: _Optional[int] = ..., **kwargs) -> None: ...

class Cell(_message.Message):
    __slots__ = ("operations", "edges", "hash")
    OPERATIONS_FIELD_NUMBER: _ClassVar[int]
    EDGES_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    operations: _containers.RepeatedCompositeFieldContainer[Operation]
    edges: _containers.RepeatedCompositeFieldContainer[Edge]
    hash: str
    def __init__(self, operations: _Optional[_Iterable[_Union[Operation, _Mapping]]] = ..., edges: _Optional[_Iterable[_Union[Edge, _Mapping]]] = ..., hash: _Optional[str] = ...) -> None: ...

class Latent(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, values: _Optional[_Iterable[float]] = ...) -> None: ...

class ZcVector(_message.Message):
    __slots__ = ("naswot", "snip_ssnr", "parameter_count", "flop_count")
    NASWOT_FIELD_NUMBER: _ClassVar[int]
    SNIP_SSNR_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    FLOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    naswot: float
    snip_ssnr: float
    parameter_count: float
    flop_count: float
    def __init__(self, naswot: _Optional[float] = ..., snip_ssnr: _Optional[float] = ..., parameter_count: _Optional[float] = ..., flop_count: _Optional[float] = ...) -> None: ...
