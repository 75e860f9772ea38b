"""The network that NAS-Bench-201 trains, with that benchmark's own semantics."""

import re
from collections import OrderedDict

import torch
from torch import Tensor, nn

from .operations import batch_norm, convolution, named


class Zero(nn.Module):
    """The operation `none`."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros_like(x) * x


def _active_convolution(c_in: int, c_out: int, kernel: int, stride: int = 1) -> nn.Module:
    return named(relu=nn.ReLU(), conv=convolution(c_in, c_out, kernel, stride), norm=batch_norm(c_out))


EDGE_OPERATIONS = {
    "none": lambda channels: named(zero=Zero()),
    "skip_connect": lambda channels: nn.Identity(),
    "nor_conv_1x1": lambda channels: _active_convolution(channels, channels, 1),
    "nor_conv_3x3": lambda channels: _active_convolution(channels, channels, 3),
    "avg_pool_3x3": lambda channels: named(pool=nn.AvgPool2d(3, 1, 1, count_include_pad=False)),
}


class BenchmarkCell(nn.Module):
    """Four nodes; node 0 is the input, every other one the sum over its incoming edges, node 3 the output."""

    def __init__(self, architecture: str, channels: int):
        super().__init__()
        groups = architecture.split("+")
        self.edges = [(int(source), to, name) for to, group in enumerate(groups, 1) for name, source in re.findall(r"(\w+)~(\d)", group)]
        for source, to, name in self.edges:
            self.add_module(f"edge{source}{to}", EDGE_OPERATIONS[name](channels))

    def forward(self, x: Tensor) -> Tensor:
        nodes = [x]
        for node in (1, 2, 3):
            terms = [self.get_submodule(f"edge{source}{to}")(nodes[source]) for source, to, _ in self.edges if to == node]
            nodes.append(sum(terms[1:], start=terms[0]))
        return nodes[3]


class ResidualBlock(nn.Module):
    """Halves the image: two 3x3 convolutions beside a 2x2 average pool and a 1x1 convolution without batch norm."""

    def __init__(self, c_in: int, c_out: int):
        super().__init__()
        self.first = _active_convolution(c_in, c_out, 3, 2)
        self.second = _active_convolution(c_out, c_out, 3)
        self.shortcut = named(pool=nn.AvgPool2d(2, 2), conv=convolution(c_in, c_out, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.second(self.first(x))


class NasBench201Network(nn.Module):
    """Stem, 3 x 5 cells at 16, 32 and 64 channels with residual blocks between them, head."""

    def __init__(self, architecture: str, classes: int = 10):
        super().__init__()
        self.stem = named(conv=convolution(3, 16, 3), norm=batch_norm(16))
        self.stages = nn.ModuleList(
            nn.Sequential(*(BenchmarkCell(architecture, channels) for _ in range(5))) for channels in (16, 32, 64)
        )
        self.blocks = nn.ModuleList([ResidualBlock(16, 32), ResidualBlock(32, 64)])
        head = OrderedDict(norm=batch_norm(64), relu=nn.ReLU(), pool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten())
        self.head = nn.Sequential(OrderedDict(head, classifier=nn.Linear(64, classes)))

    def forward(self, images: Tensor) -> Tensor:  # [batch, 3, size, size] -> [batch, classes]
        x = self.stages[0](self.stem(images))
        x = self.stages[1](self.blocks[0](x))
        return self.head(self.stages[2](self.blocks[1](x)))
