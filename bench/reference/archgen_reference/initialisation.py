"""PyTorch's default initialisation, spelled out."""

import math

import torch
from torch import nn


@torch.no_grad()
def initialise(model: nn.Module, seed: int = 0) -> nn.Module:
    """Weights and biases of convolutions and linear layers uniform on +-1/sqrt(fan_in); batch norm weight 1, bias 0."""
    generator = torch.Generator().manual_seed(seed)
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            bound = 1 / math.sqrt(module.weight[0].numel())
            for parameter in module.parameters(recurse=False):
                parameter.uniform_(-bound, bound, generator=generator)
        elif isinstance(module, nn.BatchNorm2d) and module.affine:
            module.weight.fill_(1)
            module.bias.fill_(0)
    return model
