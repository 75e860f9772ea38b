"""Hand-made networks for 32-pixel images, scaled in width to a budget of multiply-accumulates.

Written from the papers' tables, without squeeze-excite. Where the original is for 224 pixels, the first reductions are left out so
that the last map has 4 x 4 pixels, as is usual for 32-pixel images. Widths are multiples of 4 instead of 8, to come close to a budget.
"""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor, nn

from .counting import costs

Width = Callable[[int], int]


def convolution(c_in: int, c_out: int, kernel: int = 1, stride: int = 1, groups: int = 1, relu: bool = True) -> nn.Sequential:
    layers = [nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(c_out)]
    return nn.Sequential(*layers, *([nn.ReLU()] if relu else []))


def head(channels: int, classes: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes)]


class InvertedResidual(nn.Module):
    """Expansion, depthwise convolution, projection without ReLU; a shortcut where shapes agree (Sandler et al. 2018)."""

    def __init__(self, c_in: int, c_out: int, expansion: int, kernel: int, stride: int):
        super().__init__()
        hidden = c_in * expansion
        self.shortcut = stride == 1 and c_in == c_out
        self.body = nn.Sequential(
            *([convolution(c_in, hidden)] if expansion > 1 else []),
            convolution(hidden, hidden, kernel, stride, hidden),
            convolution(hidden, c_out, relu=False),
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.shortcut else self.body(x)


def inverted_residuals(width: Width, rows: list[tuple[int, int, int, int, int]], classes: int) -> nn.Module:
    """Rows of (expansion, channels, repeats, stride, kernel) between a stem of 32 and a last convolution of 1,280 channels."""
    channels = width(32)
    layers: list[nn.Module] = [convolution(3, channels, 3)]
    for expansion, wide, repeats, stride, kernel in rows:
        for i in range(repeats):
            layers.append(InvertedResidual(channels, width(wide), expansion, kernel, stride if i == 0 else 1))
            channels = width(wide)
    return nn.Sequential(*layers, convolution(channels, width(1280)), *head(width(1280), classes))


def mobilenet_v2(width: Width, classes: int) -> nn.Module:
    """Sandler et al. 2018, table 2; the stem and the stage of 24 channels keep their size."""
    rows = [(1, 16, 1, 1), (6, 24, 2, 1), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
    return inverted_residuals(width, [(*row, 3) for row in rows], classes)


def mnasnet(width: Width, classes: int) -> nn.Module:
    """MnasNet-B1, the one without squeeze-excite (Tan et al. 2019)."""
    rows = [(1, 16, 1, 1, 3), (3, 24, 3, 1, 3), (3, 40, 3, 2, 5), (6, 80, 3, 2, 5), (6, 96, 2, 1, 3), (6, 192, 4, 2, 5), (6, 320, 1, 1, 3)]
    return inverted_residuals(width, rows, classes)


class BasicBlock(nn.Module):
    """Two 3 x 3 convolutions and a shortcut (He et al. 2016)."""

    def __init__(self, c_in: int, c_out: int, stride: int):
        super().__init__()
        self.body = nn.Sequential(convolution(c_in, c_out, 3, stride), convolution(c_out, c_out, 3, relu=False))
        same = stride == 1 and c_in == c_out
        self.shortcut = nn.Identity() if same else convolution(c_in, c_out, 1, stride, relu=False)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + self.shortcut(x))


def resnet(width: Width, classes: int, widths: tuple[int, ...], repeats: int) -> nn.Module:
    channels = width(widths[0])
    layers: list[nn.Module] = [convolution(3, channels, 3)]
    for stage, wide in enumerate(widths):
        for i in range(repeats):
            layers.append(BasicBlock(channels, width(wide), 2 if stage > 0 and i == 0 else 1))
            channels = width(wide)
    return nn.Sequential(*layers, *head(channels, classes))


def resnet20(width: Width, classes: int) -> nn.Module:
    """He et al. 2016, section 4.2: three stages of three blocks."""
    return resnet(width, classes, (16, 32, 64), 3)


def resnet18(width: Width, classes: int) -> nn.Module:
    """The four stages of two blocks of the ImageNet network."""
    return resnet(width, classes, (64, 128, 256, 512), 2)


class ShuffleUnit(nn.Module):
    """Half of the channels pass, the other half is convolved; then both are interleaved (Ma et al. 2018)."""

    def __init__(self, c_in: int, c_out: int, stride: int):
        super().__init__()
        self.split, half = stride == 1, c_out // 2
        c_branch = half if self.split else c_in
        self.branch = nn.Sequential(
            convolution(c_branch, half), convolution(half, half, 3, stride, half, relu=False), convolution(half, half)
        )
        down = [convolution(c_in, c_in, 3, stride, c_in, relu=False), convolution(c_in, half)]
        self.other = nn.Identity() if self.split else nn.Sequential(*down)

    def forward(self, x: Tensor) -> Tensor:
        passed, convolved = x.chunk(2, 1) if self.split else (x, x)
        both = torch.cat([self.other(passed), self.branch(convolved)], 1)
        n, c, h, w = both.shape
        return both.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


def shufflenet_v2(width: Width, classes: int) -> nn.Module:
    """Ma et al. 2018, table 5 (1x), without the first two reductions."""
    channels = width(24)
    layers: list[nn.Module] = [convolution(3, channels, 3)]
    for wide, repeats in ((116, 4), (232, 8), (464, 4)):
        for i in range(repeats):
            layers.append(ShuffleUnit(channels, width(wide), 2 if i == 0 else 1))
            channels = width(wide)
    return nn.Sequential(*layers, convolution(channels, width(1024)), *head(width(1024), classes))


PEERS: dict[str, Callable[[Width, int], nn.Module]] = {
    "mobilenet_v2": mobilenet_v2,
    "mnasnet_b1": mnasnet,
    "shufflenet_v2": shufflenet_v2,
    "resnet20": resnet20,
    "resnet18": resnet18,
}


def peer(name: str, macs: int, size: int = 32, classes: int = 10) -> nn.Module:
    """The widest version of a peer within a budget of multiply-accumulates."""
    return scaled(name, widest(name, macs, size, classes), classes)


def scaled(name: str, scale: float, classes: int) -> nn.Module:
    return PEERS[name](lambda channels: max(4, round(channels * scale / 4) * 4), classes)


@lru_cache
def widest(name: str, macs: int, size: int, classes: int) -> float:
    def fits(scale: float) -> bool:
        with torch.device("meta"):
            return costs(scaled(name, scale, classes), size).macs <= macs

    low, high = 0.05, 4.0
    if not fits(low):
        raise ValueError(f"{name} does not fit {macs:,} multiply-accumulates; allow more")
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
