from archgen.common.v1 import cell_pb2 as _cell_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Task(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TASK_UNSPECIFIED: _ClassVar[Task]
    TASK_CLASSIFICATION: _ClassVar[Task]
    TASK_MULTILABEL: _ClassVar[Task]
    TASK_REGRESSION: _ClassVar[Task]
    TASK_DENSE: _ClassVar[Task]
    TASK_FEATURES: _ClassVar[Task]

class ConstraintKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSTRAINT_KIND_UNSPECIFIED: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MIN_FLOP_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_FLOP_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MIN_MAC_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_MAC_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MIN_PARAMETER_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_PARAMETER_COUNT: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_WEIGHT_BYTES_INT8: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_WEIGHT_BYTES_FLOAT32: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_INT8: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_FLOAT32: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MAX_DEPTH: _ClassVar[ConstraintKind]
TASK_UNSPECIFIED: Task
TASK_CLASSIFICATION: Task
TASK_MULTILABEL: Task
TASK_REGRESSION: Task
TASK_DENSE: Task
TASK_FEATURES: Task
CONSTRAINT_KIND_UNSPECIFIED: ConstraintKind
CONSTRAINT_KIND_MIN_FLOP_COUNT: ConstraintKind
CONSTRAINT_KIND_MAX_FLOP_COUNT: ConstraintKind
CONSTRAINT_KIND_MIN_MAC_COUNT: ConstraintKind
CONSTRAINT_KIND_MAX_MAC_COUNT: ConstraintKind
CONSTRAINT_KIND_MIN_PARAMETER_COUNT: ConstraintKind
CONSTRAINT_KIND_MAX_PARAMETER_COUNT: ConstraintKind
CONSTRAINT_KIND_MAX_WEIGHT_BYTES_INT8: ConstraintKind
CONSTRAINT_KIND_MAX_WEIGHT_BYTES_FLOAT32: ConstraintKind
CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_INT8: ConstraintKind
CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_FLOAT32: ConstraintKind
CONSTRAINT_KIND_MAX_DEPTH: ConstraintKind

class Stem(_message.Message):
    __slots__ = ("channels", "stride")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    channels: int
    stride: int
    def __init__(self, channels: _Optional[int] = ..., stride: _Optional[int] = ...) -> None: ...

class Stage(_message.Message):
    __slots__ = ("cell", "channels", "stride", "repeats")
    CELL_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    REPEATS_FIELD_NUMBER: _ClassVar[int]
    cell: _cell_pb2.Cell
    channels: int
    stride: int
    repeats: int
    def __init__(self, cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ..., channels: _Optional[int] = ..., stride: _Optional[int] = ..., repeats: _Optional[int] = ...) -> None: ...

class Network(_message.Message):
    __slots__ = ("input_size", "class_count", "stem", "stages", "final_channels", "hash", "input_width", "input_channels", "task")
    INPUT_SIZE_FIELD_NUMBER: _ClassVar[int]
    CLASS_COUNT_FIELD_NUMBER: _ClassVar[int]
    STEM_FIELD_NUMBER: _ClassVar[int]
    STAGES_FIELD_NUMBER: _ClassVar[int]
    FINAL_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    INPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    INPUT_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    TASK_FIELD_NUMBER: _ClassVar[int]
    input_size: int
    class_count: int
    stem: Stem
    stages: _containers.RepeatedCompositeFieldContainer[Stage]
    final_channels: int
    hash: str
    input_width: int
    input_channels: int
    task: Task
    def __init__(self, input_size: _Optional[int] = ..., class_count: _Optional[int] = ..., stem: _Optional[_Union[Stem, _Mapping]] = ..., stages: _Optional[_Iterable[_Union[Stage, _Mapping]]] = ..., final_channels: _Optional[int] = ..., hash: _Optional[str] = ..., input_width: _Optional[int] = ..., input_channels: _Optional[int] = ..., task: _Optional[_Union[Task, str]] = ...) -> None: ...

class Counts(_message.Message):
    __slots__ = ("parameter_count", "mac_count", "flop_count", "layer_count")
    PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAC_COUNT_FIELD_NUMBER: _ClassVar[int]
    FLOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    LAYER_COUNT_FIELD_NUMBER: _ClassVar[int]
    parameter_count: int
    mac_count: int
    flop_count: int
    layer_count: int
    def __init__(self, parameter_count: _Optional[int] = ..., mac_count: _Optional[int] = ..., flop_count: _Optional[int] = ..., layer_count: _Optional[int] = ...) -> None: ...

class Constraints(_message.Message):
    __slots__ = ("min_flop_count", "max_flop_count", "min_mac_count", "max_mac_count", "min_parameter_count", "max_parameter_count", "max_weight_bytes_int8", "max_weight_bytes_float32", "max_peak_activation_bytes_int8", "max_peak_activation_bytes_float32", "max_depth")
    MIN_FLOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_FLOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_MAC_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_MAC_COUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_PARAMETER_COUNT_FIELD_NUMBER: _ClassVar[int]
    MAX_WEIGHT_BYTES_INT8_FIELD_NUMBER: _ClassVar[int]
    MAX_WEIGHT_BYTES_FLOAT32_FIELD_NUMBER: _ClassVar[int]
    MAX_PEAK_ACTIVATION_BYTES_INT8_FIELD_NUMBER: _ClassVar[int]
    MAX_PEAK_ACTIVATION_BYTES_FLOAT32_FIELD_NUMBER: _ClassVar[int]
    MAX_DEPTH_FIELD_NUMBER: _ClassVar[int]
    min_flop_count: int
    max_flop_count: int
    min_mac_count: int
    max_mac_count: int
    min_parameter_count: int
    max_parameter_count: int
    max_weight_bytes_int8: int
    max_weight_bytes_float32: int
    max_peak_activation_bytes_int8: int
    max_peak_activation_bytes_float32: int
    max_depth: int
    def __init__(self, min_flop_count: _Optional[int] = ..., max_flop_count: _Optional[int] = ..., min_mac_count: _Optional[int] = ..., max_mac_count: _Optional[int] = ..., min_parameter_count: _Optional[int] = ..., max_parameter_count: _Optional[int] = ..., max_weight_bytes_int8: _Optional[int] = ..., max_weight_bytes_float32: _Optional[int] = ..., max_peak_activation_bytes_int8: _Optional[int] = ..., max_peak_activation_bytes_float32: _Optional[int] = ..., max_depth: _Optional[int] = ...) -> None: ...

class ConstraintMargin(_message.Message):
    __slots__ = ("kind", "limit", "actual", "relative_margin")
    KIND_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    RELATIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    kind: ConstraintKind
    limit: int
    actual: int
    relative_margin: float
    def __init__(self, kind: _Optional[_Union[ConstraintKind, str]] = ..., limit: _Optional[int] = ..., actual: _Optional[int] = ..., relative_margin: _Optional[float] = ...) -> None: ...
