from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LatencyEntry(_message.Message):
    __slots__ = ("operation", "kernel", "in_channels", "out_channels", "resolution", "stride", "latency_ms")
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    KERNEL_FIELD_NUMBER: _ClassVar[int]
    IN_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    OUT_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    operation: str
    kernel: int
    in_channels: int
    out_channels: int
    resolution: int
    stride: int
    latency_ms: float
    def __init__(self, operation: _Optional[str] = ..., kernel: _Optional[int] = ..., in_channels: _Optional[int] = ..., out_channels: _Optional[int] = ..., resolution: _Optional[int] = ..., stride: _Optional[int] = ..., latency_ms: _Optional[float] = ...) -> None: ...

class LatencyTable(_message.Message):
    __slots__ = ("device", "entries")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    device: str
    entries: _containers.RepeatedCompositeFieldContainer[LatencyEntry]
    def __init__(self, device: _Optional[str] = ..., entries: _Optional[_Iterable[_Union[LatencyEntry, _Mapping]]] = ...) -> None: ...

class LatencyEstimate(_message.Message):
    __slots__ = ("latency_ms", "error_ms")
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    ERROR_MS_FIELD_NUMBER: _ClassVar[int]
    latency_ms: float
    error_ms: float
    def __init__(self, latency_ms: _Optional[float] = ..., error_ms: _Optional[float] = ...) -> None: ...
