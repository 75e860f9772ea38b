from archgen.common.v1 import cell_pb2 as _cell_pb2
from archgen.common.v1 import error_pb2 as _error_pb2
from archgen.common.v1 import network_pb2 as _network_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BatchNormMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BATCH_NORM_MODE_UNSPECIFIED: _ClassVar[BatchNormMode]
    BATCH_NORM_MODE_EVAL: _ClassVar[BatchNormMode]
    BATCH_NORM_MODE_TRAIN: _ClassVar[BatchNormMode]

class ProxyDirection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROXY_DIRECTION_UNSPECIFIED: _ClassVar[ProxyDirection]
    PROXY_DIRECTION_MAXIMIZE: _ClassVar[ProxyDirection]
    PROXY_DIRECTION_MINIMIZE: _ClassVar[ProxyDirection]
    PROXY_DIRECTION_NEUTRAL: _ClassVar[ProxyDirection]

class ProxyCost(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROXY_COST_UNSPECIFIED: _ClassVar[ProxyCost]
    PROXY_COST_COUNT: _ClassVar[ProxyCost]
    PROXY_COST_FORWARD: _ClassVar[ProxyCost]
    PROXY_COST_BACKWARD: _ClassVar[ProxyCost]
    PROXY_COST_SEVERAL: _ClassVar[ProxyCost]

class ProxyBatchNorm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROXY_BATCH_NORM_UNSPECIFIED: _ClassVar[ProxyBatchNorm]
    PROXY_BATCH_NORM_EVAL: _ClassVar[ProxyBatchNorm]
    PROXY_BATCH_NORM_TRAIN: _ClassVar[ProxyBatchNorm]
    PROXY_BATCH_NORM_SETTINGS: _ClassVar[ProxyBatchNorm]
    PROXY_BATCH_NORM_NONE: _ClassVar[ProxyBatchNorm]
BATCH_NORM_MODE_UNSPECIFIED: BatchNormMode
BATCH_NORM_MODE_EVAL: BatchNormMode
BATCH_NORM_MODE_TRAIN: BatchNormMode
PROXY_DIRECTION_UNSPECIFIED: ProxyDirection
PROXY_DIRECTION_MAXIMIZE: ProxyDirection
PROXY_DIRECTION_MINIMIZE: ProxyDirection
PROXY_DIRECTION_NEUTRAL: ProxyDirection
PROXY_COST_UNSPECIFIED: ProxyCost
PROXY_COST_COUNT: ProxyCost
PROXY_COST_FORWARD: ProxyCost
PROXY_COST_BACKWARD: ProxyCost
PROXY_COST_SEVERAL: ProxyCost
PROXY_BATCH_NORM_UNSPECIFIED: ProxyBatchNorm
PROXY_BATCH_NORM_EVAL: ProxyBatchNorm
PROXY_BATCH_NORM_TRAIN: ProxyBatchNorm
PROXY_BATCH_NORM_SETTINGS: ProxyBatchNorm
PROXY_BATCH_NORM_NONE: ProxyBatchNorm

class EvaluationSettings(_message.Message):
    __slots__ = ("proxies", "batch_size", "seed", "bn_mode")
    PROXIES_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    BN_MODE_FIELD_NUMBER: _ClassVar[int]
    proxies: _containers.RepeatedScalarFieldContainer[str]
    batch_size: int
    seed: int
    bn_mode: BatchNormMode
    def __init__(self, proxies: _Optional[_Iterable[str]] = ..., batch_size: _Optional[int] = ..., seed: _Optional[int] = ..., bn_mode: _Optional[_Union[BatchNormMode, str]] = ...) -> None: ...

class EvaluationItem(_message.Message):
    __slots__ = ("item_id", "cell", "network")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    CELL_FIELD_NUMBER: _ClassVar[int]
    NETWORK_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    cell: _cell_pb2.Cell
    network: _network_pb2.Network
    def __init__(self, item_id: _Optional[str] = ..., cell: _Optional[_Union[_cell_pb2.Cell, _Mapping]] = ..., network: _Optional[_Union[_network_pb2.Network, _Mapping]] = ...) -> None: ...

class ProxyFailure(_message.Message):
    __slots__ = ("reason", "message")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class ProxyValue(_message.Message):
    __slots__ = ("value", "failure")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    value: float
    failure: ProxyFailure
    def __init__(self, value: _Optional[float] = ..., failure: _Optional[_Union[ProxyFailure, _Mapping]] = ...) -> None: ...

class Score(_message.Message):
    __slots__ = ("values", "counts", "elapsed_seconds", "data_identity")
    class ValuesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ProxyValue
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ProxyValue, _Mapping]] = ...) -> None: ...
    VALUES_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    DATA_IDENTITY_FIELD_NUMBER: _ClassVar[int]
    values: _containers.MessageMap[str, ProxyValue]
    counts: _network_pb2.Counts
    elapsed_seconds: float
    data_identity: str
    def __init__(self, values: _Optional[_Mapping[str, ProxyValue]] = ..., counts: _Optional[_Union[_network_pb2.Counts, _Mapping]] = ..., elapsed_seconds: _Optional[float] = ..., data_identity: _Optional[str] = ...) -> None: ...

class EvaluationResult(_message.Message):
    __slots__ = ("item_id", "index", "score", "error")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    INDEX_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    item_id: str
    index: int
    score: Score
    error: _error_pb2.ItemError
    def __init__(self, item_id: _Optional[str] = ..., index: _Optional[int] = ..., score: _Optional[_Union[Score, _Mapping]] = ..., error: _Optional[_Union[_error_pb2.ItemError, _Mapping]] = ...) -> None: ...

class EvaluateBatchRequest(_message.Message):
    __slots__ = ("items", "settings", "request_id")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[EvaluationItem]
    settings: EvaluationSettings
    request_id: str
    def __init__(self, items: _Optional[_Iterable[_Union[EvaluationItem, _Mapping]]] = ..., settings: _Optional[_Union[EvaluationSettings, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class EvaluateBatchResponse(_message.Message):
    __slots__ = ("results", "settings", "request_id")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[EvaluationResult]
    settings: EvaluationSettings
    request_id: str
    def __init__(self, results: _Optional[_Iterable[_Union[EvaluationResult, _Mapping]]] = ..., settings: _Optional[_Union[EvaluationSettings, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class EvaluateStreamRequest(_message.Message):
    __slots__ = ("item", "settings")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    item: EvaluationItem
    settings: EvaluationSettings
    def __init__(self, item: _Optional[_Union[EvaluationItem, _Mapping]] = ..., settings: _Optional[_Union[EvaluationSettings, _Mapping]] = ...) -> None: ...

class EvaluateStreamResponse(_message.Message):
    __slots__ = ("result",)
    RESULT_FIELD_NUMBER: _ClassVar[int]
    result: EvaluationResult
    def __init__(self, result: _Optional[_Union[EvaluationResult, _Mapping]] = ...) -> None: ...

class ProxyDescription(_message.Message):
    __slots__ = ("name", "direction", "unit", "needs_data", "needs_gradient", "description", "formula", "source", "cost", "batch_norm", "rankings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    NEEDS_DATA_FIELD_NUMBER: _ClassVar[int]
    NEEDS_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    BATCH_NORM_FIELD_NUMBER: _ClassVar[int]
    RANKINGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    direction: ProxyDirection
    unit: str
    needs_data: bool
    needs_gradient: bool
    description: str
    formula: str
    source: str
    cost: ProxyCost
    batch_norm: ProxyBatchNorm
    rankings: _containers.RepeatedCompositeFieldContainer[ProxyRanking]
    def __init__(self, name: _Optional[str] = ..., direction: _Optional[_Union[ProxyDirection, str]] = ..., unit: _Optional[str] = ..., needs_data: bool = ..., needs_gradient: bool = ..., description: _Optional[str] = ..., formula: _Optional[str] = ..., source: _Optional[str] = ..., cost: _Optional[_Union[ProxyCost, str]] = ..., batch_norm: _Optional[_Union[ProxyBatchNorm, str]] = ..., rankings: _Optional[_Iterable[_Union[ProxyRanking, _Mapping]]] = ...) -> None: ...

class Correlation(_message.Message):
    __slots__ = ("value", "low", "high")
    VALUE_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    value: float
    low: float
    high: float
    def __init__(self, value: _Optional[float] = ..., low: _Optional[float] = ..., high: _Optional[float] = ...) -> None: ...

class ProxyRanking(_message.Message):
    __slots__ = ("benchmark", "target", "spearman", "partial", "selection_share", "selected_accuracy")
    BENCHMARK_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    SPEARMAN_FIELD_NUMBER: _ClassVar[int]
    PARTIAL_FIELD_NUMBER: _ClassVar[int]
    SELECTION_SHARE_FIELD_NUMBER: _ClassVar[int]
    SELECTED_ACCURACY_FIELD_NUMBER: _ClassVar[int]
    benchmark: str
    target: str
    spearman: Correlation
    partial: Correlation
    selection_share: float
    selected_accuracy: float
    def __init__(self, benchmark: _Optional[str] = ..., target: _Optional[str] = ..., spearman: _Optional[_Union[Correlation, _Mapping]] = ..., partial: _Optional[_Union[Correlation, _Mapping]] = ..., selection_share: _Optional[float] = ..., selected_accuracy: _Optional[float] = ...) -> None: ...

class ListProxiesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListProxiesResponse(_message.Message):
    __slots__ = ("proxies", "objectives")
    PROXIES_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVES_FIELD_NUMBER: _ClassVar[int]
    proxies: _containers.RepeatedCompositeFieldContainer[ProxyDescription]
    objectives: _containers.RepeatedCompositeFieldContainer[ObjectiveDescription]
    def __init__(self, proxies: _Optional[_Iterable[_Union[ProxyDescription, _Mapping]]] = ..., objectives: _Optional[_Iterable[_Union[ObjectiveDescription, _Mapping]]] = ...) -> None: ...

class ObjectiveDescription(_message.Message):
    __slots__ = ("name", "description", "parts", "rankings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    RANKINGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    parts: _containers.RepeatedScalarFieldContainer[str]
    rankings: _containers.RepeatedCompositeFieldContainer[ProxyRanking]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., parts: _Optional[_Iterable[str]] = ..., rankings: _Optional[_Iterable[_Union[ProxyRanking, _Mapping]]] = ...) -> None: ...
