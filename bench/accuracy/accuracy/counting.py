"""Costs of a network without running it: shapes alone, on PyTorch's meta device."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Costs:
    """Of one image: multiply-accumulates of convolutions and linear layers, parameters, numbers that layers write."""

    macs: int
    parameters: int
    activations: int


def costs(model: nn.Module, size: int, channels: int = 3) -> Costs:
    """Counts by a forward pass of a copy on the meta device, which computes nothing."""
    totals = {"macs": 0, "activations": 0}

    def add(module: nn.Module, _inputs, output) -> None:
        totals["activations"] += output[0].numel()
        if isinstance(module, nn.Conv2d):
            totals["macs"] += output[0].numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            totals["macs"] += module.weight.numel()

    leaves = [module for module in model.modules() if not any(module.children())]
    hooks = [leaf.register_forward_hook(add) for leaf in leaves]
    training = model.training
    model.to("meta").eval()(torch.zeros(1, channels, size, size, device="meta"))
    model.train(training)
    for hook in hooks:
        hook.remove()
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return Costs(totals["macs"], parameters, totals["activations"])
