"""The networks of the MobileNetV3 space of Once-for-All and of the MnasNet space of Accel-NASBench.

Module names are those of archgen's layer list, so parameters can be exchanged by name.
"""

import re
from collections import OrderedDict

import torch.nn.functional as F
from torch import Tensor, nn

from .operations import batch_norm, convolution, named


class HardSigmoid(nn.Module):
    """relu6(x + 3) / 6; PyTorch's own has no second derivative."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu6(x + 3) / 6


class HardSwish(nn.Module):
    """x * relu6(x + 3) / 6; PyTorch's own has no second derivative."""

    def forward(self, x: Tensor) -> Tensor:
        return x * F.relu6(x + 3) / 6


ACTIVATIONS = {"relu": nn.ReLU, "hard_swish": HardSwish, "sigmoid": nn.Sigmoid, "hard_sigmoid": HardSigmoid}


class Scale(nn.Module):
    """Multiplies each channel of the first value by the second value's number for it."""

    def forward(self, x: Tensor, gate: Tensor) -> Tensor:
        return x * gate


class SqueezeExcite(nn.Module):
    """x * gate(1x1(relu(1x1(mean x))))."""

    def __init__(self, channels: int, reduced: int, gate: str):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.reduce = convolution(channels, reduced, 1, bias=True)
        self.relu = nn.ReLU()
        self.expand = convolution(reduced, channels, 1, bias=True)
        self.gate = ACTIVATIONS[gate]()
        self.scale = Scale()

    def forward(self, x: Tensor) -> Tensor:
        return self.scale(x, self.gate(self.expand(self.relu(self.reduce(self.pool(x))))))


def conv_norm(c_in: int, c_out: int, kernel: int, stride: int, activation: str, groups: int = 1) -> nn.Module:
    conv = convolution(c_in, c_out, kernel, stride, groups=groups)
    return named(conv=conv, norm=batch_norm(c_out), act=ACTIVATIONS[activation]())


class InvertedResidual(nn.Module):
    """[1x1, norm, act,] depthwise, norm, act, [squeeze-and-excitation,] 1x1, norm, and its input where the shapes agree."""

    def __init__(self, c_in: int, c_out: int, hidden: int, kernel: int, stride: int, activation: str, excite: tuple[int, str] | None):
        super().__init__()
        parts = OrderedDict()
        if hidden != c_in:
            parts["expand"] = conv_norm(c_in, hidden, 1, 1, activation)
        parts["depthwise"] = conv_norm(hidden, hidden, kernel, stride, activation, groups=hidden)
        if excite:
            parts["se"] = SqueezeExcite(hidden, *excite)
        parts["project"] = named(conv=convolution(hidden, c_out, 1), norm=batch_norm(c_out))
        self.parts = list(parts)
        for name, part in parts.items():
            self.add_module(name, part)
        self.residual = stride == 1 and c_in == c_out

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for name in self.parts:
            y = self.get_submodule(name)(y)
        return x + y if self.residual else y


class MobileNetV3(nn.Module):
    """`stages` are lists of layers such as "k5e4"."""

    STAGES = [(24, 2, "relu", False), (40, 2, "relu", True), (80, 2, "hard_swish", False), (112, 1, "hard_swish", True), (160, 2, "hard_swish", True)]

    def __init__(self, stages: list[list[str]], classes: int = 1000):
        super().__init__()
        self.stem = conv_norm(3, 16, 3, 2, "hard_swish")
        self.first = InvertedResidual(16, 16, 16, 3, 1, "relu", None)
        channels, built = 16, []
        for layers, (width, stride, activation, excite) in zip(stages, self.STAGES, strict=True):
            blocks = []
            for index, layer in enumerate(layers):
                kernel, expansion = int(layer[1]), int(layer[3])
                hidden = _divisible(channels * expansion)
                gate = (_divisible(hidden // 4), "hard_sigmoid") if excite else None
                blocks.append(InvertedResidual(channels, width, hidden, kernel, stride if index == 0 else 1, activation, gate))
                channels = width
            built.append(nn.Sequential(*blocks))
        self.stages = nn.Sequential(*built)
        self.head = named(
            conv=convolution(channels, 960, 1),
            norm=batch_norm(960),
            act=HardSwish(),
            pool=nn.AdaptiveAvgPool2d(1),
            mix=convolution(960, 1280, 1),
            mix_act=HardSwish(),
            flatten=nn.Flatten(),
            classifier=nn.Linear(1280, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.stages(self.first(self.stem(images))))


class MnasNet(nn.Module):
    """`blocks` such as "e4k5l2s-…": expansion, kernel, layers, perhaps squeeze-and-excitation."""

    WIDTHS = [(16, 1), (24, 2), (40, 2), (80, 2), (112, 1), (192, 2), (320, 1)]

    def __init__(self, blocks: str, classes: int = 1000):
        super().__init__()
        self.stem = conv_norm(3, 32, 3, 2, "relu")
        channels, built = 32, []
        for text, (width, stride) in zip(blocks.split("-"), self.WIDTHS, strict=True):
            expansion, kernel, layers, excite = re.fullmatch(r"e(\d)k(\d)l(\d)(s?)", text).groups()
            rows = []
            for index in range(int(layers)):
                gate = (channels // 4, "sigmoid") if excite else None
                hidden = channels * int(expansion)
                rows.append(InvertedResidual(channels, width, hidden, int(kernel), stride if index == 0 else 1, "relu", gate))
                channels = width
            built.append(nn.Sequential(*rows))
        self.blocks = nn.Sequential(*built)
        self.head = named(
            conv=convolution(channels, 1280, 1),
            norm=batch_norm(1280),
            act=nn.ReLU(),
            pool=nn.AdaptiveAvgPool2d(1),
            flatten=nn.Flatten(),
            classifier=nn.Linear(1280, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.head(self.blocks(self.stem(images)))


def _divisible(channels: int) -> int:
    nearest = max(8, (channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest


def mobile_blocks(model: MobileNetV3 | MnasNet) -> dict[str, nn.Module]:
    """The blocks by name in order of execution, without the head."""
    name, groups = ("stages", model.stages) if isinstance(model, MobileNetV3) else ("blocks", model.blocks)
    rows = {f"{name}.{s}.{i}": block for s, group in enumerate(groups) for i, block in enumerate(group)}
    first = {"first": model.first} if isinstance(model, MobileNetV3) else {}
    return {"stem": model.stem, **first, **rows}


SPACES = {
    "mobilenetv3": lambda architecture, classes: MobileNetV3(architecture["stages"], classes),
    "mnasnet": lambda architecture, classes: MnasNet(architecture["blocks"], classes),
}
"""Networks by search space, from the JSON form of an architecture."""
