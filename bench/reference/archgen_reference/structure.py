"""How networks pass their signal on: depth, context and halvings back through the autograd graph, effective depth and blur forwards through the modules."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .mobile import HardSwish
from .nasbench201 import Zero


def longest_way(model: nn.Module, images: Tensor, weight: Callable[[object], float]) -> float:
    """Largest sum of weights of nodes on a way back from the logits to the images; what `none` multiplies by zero ends a way."""
    zeros: set = set()
    watch = lambda module, inputs, output: zeros.add(output.grad_fn)  # noqa: E731
    handles = [m.register_forward_hook(watch) for m in model.modules() if isinstance(m, Zero)]
    result = model.eval()(images.clone().requires_grad_(True))
    for handle in handles:
        handle.remove()
    longest: dict = {}

    def from_image(node) -> float:
        if node in longest:
            return longest[node]
        if type(node).__name__ == "AccumulateGrad":
            ways = 0.0 if node.variable.shape == images.shape else -math.inf
        elif node in zeros:
            ways = -math.inf
        else:
            ways = max((from_image(before) for before, _ in node.next_functions if before is not None), default=-math.inf)
            ways += weight(node)
        longest[node] = ways
        return ways

    return from_image(result.grad_fn)


def is_convolution(node) -> bool:
    return type(node).__name__ == "ConvolutionBackward0"


def depth(model: nn.Module, images: Tensor) -> int:
    """Convolutions and linear layers on the longest way."""
    return int(longest_way(model, images, lambda node: is_convolution(node) or type(node).__name__ == "AddmmBackward0"))


def context(model: nn.Module, images: Tensor) -> int:
    """(kernel - 1) * dilation of the convolutions on the way where their sum is largest."""

    def reach(node) -> int:
        return (node._saved_weight.shape[-1] - 1) * node._saved_dilation[0] if is_convolution(node) else 0

    return int(longest_way(model, images, reach))


def halvings(model: nn.Module, images: Tensor) -> float:
    """log2 of the strides on the way where their product is largest."""

    def halved(node) -> float:
        strided = is_convolution(node) or type(node).__name__ == "AvgPool2DBackward0"
        return math.log2(node._saved_stride[0]) if strided else 0.0

    return longest_way(model, images, halved)


def _shared(model: nn.Module, weight: Callable[[nn.Module], float]) -> float:
    """A figure that modules add to, where sums carry equal shares of their terms: pairs of mass and mass * figure run through the model."""

    def normalised(pair: Tensor) -> Tensor:
        return pair / pair[:, :1].clamp_min(1e-30)

    def before(module: nn.Module, inputs: tuple) -> tuple:
        return tuple(normalised(pair) for pair in inputs)

    handles = [module.register_forward_pre_hook(before) for module in model.modules()]
    own = {}
    for module in model.modules():
        if next(module.children(), None) is None and not isinstance(module, Zero):
            own[module] = module.forward
            added = torch.tensor([[[[0.0]], [[weight(module)]]]], dtype=torch.float64)
            module.forward = lambda pair, *gate, added=added: pair + added * pair[:, :1]
    try:
        mass, moment = model(torch.tensor([[[[1.0]], [[0.0]]]], dtype=torch.float64)).flatten().tolist()
    finally:
        for handle in handles:
            handle.remove()
        for module, forward in own.items():
            module.forward = forward
    return moment / mass if mass > 0 else 0.0


def effective_depth(model: nn.Module) -> float:
    """Rectifiers that the signal passes."""
    return _shared(model, lambda module: float(isinstance(module, nn.ReLU | HardSwish)))


def blur(model: nn.Module) -> float:
    """kernel - 1 of the average pools that the signal passes."""
    return _shared(model, lambda module: module.kernel_size - 1.0 if isinstance(module, nn.AvgPool2d) else 0.0)


def imbalance(model: nn.Module, images: Tensor) -> float:
    """ln of the number of map sizes less the entropy of their shares of the multiply-accumulates, from the first convolution's map on."""
    work: dict[int, float] = {}
    sides: list[int] = []

    def watch(module: nn.Conv2d, inputs: tuple, output: Tensor) -> None:
        sides.append(output.shape[-1])
        if inputs[0].shape[-1] > 1:  # behind a pool over the whole map there is none
            halvings = round(math.log2(sides[0] / output.shape[-1]))
            work[halvings] = work.get(halvings, 0.0) + module.weight.numel() / 4**halvings

    handles = [m.register_forward_hook(watch) for m in model.modules() if isinstance(m, nn.Conv2d)]
    model.eval()(images)
    for handle in handles:
        handle.remove()
    shares = [part / sum(work.values()) for part in work.values()]
    return math.log(max(work) + 1) + sum(share * math.log(share) for share in shares)


def structure_logit(model: nn.Module, images: Tensor) -> float:
    """The logit of accuracy that networks of this structure were trained to (docs/accuracy.md)."""
    allowed = 5 * max(3, halvings(model, images))
    linear = {p for module in model.modules() if isinstance(module, nn.Linear) for p in module.parameters()}
    parameters = sum(p.numel() for p in model.parameters() if p not in linear)
    enough = 200_000 * math.sqrt(model(images).shape[1] / 10)
    return (
        1.055
        - 0.036 * max(0, 16 - context(model, images))
        - 0.041 * max(0, blur(model) - 2)
        - 0.024 * max(0, effective_depth(model) - allowed)
        - 0.1 * max(0, math.log(enough / parameters))
        - 0.333 * max(0, imbalance(model, images) - 0.15)
    )
