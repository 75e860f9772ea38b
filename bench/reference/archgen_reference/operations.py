"""The nine cell operations as PyTorch modules.

Every operation maps [batch, c_in, h, w] to [batch, c_out, ceil(h/stride), ceil(w/stride)] with "same" padding. Convolutions have no
bias unless said. Module names are those of archgen's layer list, so parameters can be exchanged by name.
"""

from collections import OrderedDict
from collections.abc import Callable
from fractions import Fraction

from torch import nn

Builder = Callable[[int, int, int, int], nn.Module]


def batch_norm(channels: int, affine: bool = True) -> nn.BatchNorm2d:
    """Batch normalisation whose running statistics stay fresh: momentum 0 keeps mean 0 and variance 1 through training passes."""
    return nn.BatchNorm2d(channels, eps=1e-5, momentum=0.0, affine=affine)


def convolution(c_in: int, c_out: int, kernel: int, stride: int = 1, *, dilation: int = 1, groups: int = 1, bias: bool = False):
    """A convolution padded so that stride 1 keeps the size."""
    padding = dilation * (kernel - 1) // 2
    return nn.Conv2d(c_in, c_out, kernel, stride, padding, dilation, groups, bias=bias)


def named(**modules: nn.Module) -> nn.Sequential:
    """A chain of named modules, in the order given."""
    return nn.Sequential(OrderedDict(modules))


def plain_convolution(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Module:
    return named(relu=nn.ReLU(), conv=convolution(c_in, c_out, kernel, stride), norm=batch_norm(c_out))


def separable_convolution(dilation: int) -> Builder:
    def build(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Module:
        return named(
            relu=nn.ReLU(),
            depthwise=convolution(c_in, c_in, kernel, stride, dilation=dilation, groups=c_in),
            pointwise=convolution(c_in, c_out, 1),
            norm=batch_norm(c_out),
        )

    return build


def bottleneck(expansion: Fraction) -> Builder:
    """Inverted (expansion > 1) or ordinary (expansion < 1) bottleneck; the hidden width is floor(expansion * c_in)."""

    def build(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Module:
        hidden = int(expansion * c_in)
        return named(
            relu=nn.ReLU(),
            expand=convolution(c_in, hidden, 1),
            expand_norm=batch_norm(hidden),
            expand_relu=nn.ReLU(),
            depthwise=convolution(hidden, hidden, kernel, stride, groups=hidden),
            depthwise_norm=batch_norm(hidden),
            depthwise_relu=nn.ReLU(),
            project=convolution(hidden, c_out, 1),
            norm=batch_norm(c_out),
        )

    return build


def average_pool(c_in: int, c_out: int, kernel: int, stride: int) -> nn.Module:
    chain = OrderedDict(
        pool=nn.AvgPool2d(kernel, stride, kernel // 2, count_include_pad=False),
        pool_norm=batch_norm(c_in, affine=False),
    )
    if c_in != c_out:
        chain.update(relu=nn.ReLU(), conv=convolution(c_in, c_out, 1, bias=True), norm=batch_norm(c_out))
    return nn.Sequential(chain)


OPERATIONS: dict[str, Builder] = {
    "avg_pool": average_pool,
    "conv": plain_convolution,
    "sep_conv": separable_convolution(dilation=1),
    "dil_conv": separable_convolution(dilation=2),
    "mbconv_2": bottleneck(Fraction(2)),
    "mbconv_3": bottleneck(Fraction(3)),
    "mbconv_6": bottleneck(Fraction(6)),
    "bconv_2": bottleneck(Fraction(1, 2)),
    "bconv_4": bottleneck(Fraction(1, 4)),
}
"""Builders by operation type, called with (c_in, c_out, kernel, stride)."""
