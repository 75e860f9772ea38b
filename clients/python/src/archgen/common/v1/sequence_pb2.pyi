from archgen.common.v1 import cell_pb2 as _cell_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MacroStage(_message.Message):
    __slots__ = ("cluster", "channels", "stride", "repeats", "exemplar")
    CLUSTER_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    REPEATS_FIELD_NUMBER: _ClassVar[int]
    EXEMPLAR_FIELD_NUMBER: _ClassVar[int]
    cluster: int
    channels: int
    stride: int
    repeats: int
    exemplar: _cell_pb2.Cell
    def __init__(self, cluster: _Optional[int] = ..., channels: _Optional[int] = ..., stride: _Optional[int] = ..., repeats: _Optional[int] = ..., exemplar: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ...) -> None: ...

class MacroSequence(_message.Message):
    __slots__ = ("stages", "final_channels")
    STAGES_FIELD_NUMBER: _ClassVar[int]
    FINAL_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    stages: _containers.RepeatedCompositeFieldContainer[MacroStage]
    final_channels: int
    def __init__(self, stages: _Optional[_Iterable[_Union[MacroStage, _Mapping]]] = ..., final_channels: _Optional[int] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("class_count", "input_size", "parameter_count", "flop_count", "naswot", "snip_ssnr", "depth", "peak_activation_bytes_int8")
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    FLOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    NASWOT_FIELD_NUMBER: _ClassVar[int]
    SNIP_SSNR_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    PEAK_ACTIVATION_BYTES_INT8_FIELD_NUMBER: _ClassVar[int]
    class_count: int
    input_size: int
    parameter_count: int
    flop_count: int
    naswot: float
    snip_ssnr: float
    depth: int
    peak_activation_bytes_int8: int
    def __init__(self, class_count: _Optional[int] = ..., input_size: _Optional[int] = ..., parameter_count: _Optional[int] = ..., flop_count: _Optional[int] = ..., naswot: _Optional[float] = ..., snip_ssnr: _Optional[float] = ..., depth: _Optional[int] = ..., peak_activation_bytes_int8: _Optional[int] = ...) -> None: ...
