"""Whole networks: a stem, stages of repeated cells, and a head."""

from collections import OrderedDict

from torch import Tensor, nn

from .cell import Cell
from .operations import batch_norm, convolution, named


class Network(nn.Module):
    """A network in archgen's JSON form.

    `{"input": {"size", "channels"}, "classes", "stem": {"channels", "stride"},
    "stages": [{"cell", "channels", "stride", "repeats"}], "finalChannels": int | null}`; without final channels the head is
    BN, ReLU, global average pool, linear.
    """

    def __init__(self, network: dict):
        super().__init__()
        stem = network["stem"]
        self.size = network["input"]["size"]
        self.stem = named(conv=convolution(3, stem["channels"], 3, stem["stride"]), norm=batch_norm(stem["channels"]))
        channels = stem["channels"]
        stages = []
        for stage in network["stages"]:
            stages.append(_stage(stage, channels))
            channels = stage["channels"]
        self.stages = nn.Sequential(*stages)
        self.head = _head(channels, network["finalChannels"], network["classes"])

    def forward(self, images: Tensor) -> Tensor:  # [batch, 3, size, size] -> [batch, classes]
        return self.head(self.stages(self.stem(images)))


def _stage(stage: dict, c_in: int) -> nn.Sequential:
    channels = stage["channels"]
    first = Cell(stage["cell"], c_in, channels, stage["stride"])
    rest = [Cell(stage["cell"], channels, channels, 1) for _ in range(stage["repeats"] - 1)]
    return nn.Sequential(first, *rest)


def _head(channels: int, final_channels: int | None, classes: int) -> nn.Sequential:
    chain = OrderedDict(input_norm=batch_norm(channels), relu=nn.ReLU())
    if final_channels is not None:
        chain.update(conv=convolution(channels, final_channels, 1), norm=batch_norm(final_channels))
    chain.update(pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), classifier=nn.Linear(final_channels or channels, classes))
    return nn.Sequential(chain)


def alpha_network(cell: dict, classes: int = 10, size: int = 32) -> dict:
    """The network that scores one cell: 17 copies, 5 at 16 channels, 6 at 32 and 6 at 64, in archgen's JSON form.

    Written, as there, in stages of at most four repeats.
    """
    plan = [(16, 1, 4), (16, 1, 1), (32, 2, 4), (32, 1, 2), (64, 2, 4), (64, 1, 2)]
    stages = [{"cell": cell, "channels": c, "stride": s, "repeats": r} for c, s, r in plan]
    return {
        "input": {"size": size, "channels": 3},
        "classes": classes,
        "stem": {"channels": 16, "stride": 1},
        "stages": stages,
        "finalChannels": None,
    }

