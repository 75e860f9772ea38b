"""Parameters, multiply-accumulates and FLOPs of a module, counted by running one image through it under hooks."""

import torch
from torch import Tensor, nn

from .mobile import HardSigmoid, HardSwish, Scale


def _convolution(module: nn.Conv2d, x: Tensor, y: Tensor) -> tuple[int, int]:
    macs = y[0].numel() * module.weight[0].numel()
    return macs, 2 * (macs + (y[0].numel() if module.bias is not None else 0))


def _linear(module: nn.Linear, x: Tensor, y: Tensor) -> tuple[int, int]:
    macs = module.weight.numel()
    return macs, 2 * (macs + (module.out_features if module.bias is not None else 0))


def _batch_norm(module: nn.BatchNorm2d, x: Tensor, y: Tensor) -> tuple[int, int]:
    return 0, 2 * x[0].numel() * (2 if module.affine else 1)


def _per_input_element(module: nn.Module, x: Tensor, y: Tensor) -> tuple[int, int]:
    return 0, 2 * x[0].numel()


RULES = {
    nn.Conv2d: _convolution,
    nn.Linear: _linear,
    nn.BatchNorm2d: _batch_norm,
    nn.ReLU: _per_input_element,
    HardSwish: _per_input_element,
    HardSigmoid: _per_input_element,
    nn.Hardswish: _per_input_element,
    nn.Hardsigmoid: _per_input_element,
    nn.Sigmoid: _per_input_element,
    Scale: _per_input_element,
    nn.AvgPool2d: _per_input_element,
    nn.AdaptiveAvgPool2d: _per_input_element,
}
"""(macCount, flopCount) of one image by module type; what is not listed (additions, reshapes) is free."""


@torch.no_grad()
def count(model: nn.Module, size: int) -> dict[str, int]:
    """Returns parameterCount, macCount, flopCount and layerCount (convolutions and linear layers) for a size x size image."""
    totals = {"parameterCount": sum(p.numel() for p in model.parameters()), "macCount": 0, "flopCount": 0, "layerCount": 0}

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        macs, flops = RULES[type(module)](module, inputs[0], output)
        totals["macCount"] += macs
        totals["flopCount"] += flops
        totals["layerCount"] += isinstance(module, (nn.Conv2d, nn.Linear))

    handles = [module.register_forward_hook(hook) for module in model.modules() if type(module) in RULES]
    training = model.training
    model.eval()(torch.zeros(1, 3, size, size))
    model.train(training)
    for handle in handles:
        handle.remove()
    return totals
