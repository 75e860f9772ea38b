"""The vector field of the conditional flow, in PyTorch."""

import torch
from torch import Tensor


def field_shapes(dimension: int, condition: int, hidden: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Shapes of all parameters by name; matrices are [inputs, outputs]."""
    shapes: dict[str, tuple[int, ...]] = {}
    widths = [dimension] + [hidden] * layers + [dimension]
    names = [f"layers.{i}" for i in range(layers)] + ["output"]
    for name, inputs, outputs in zip(names, widths, widths[1:]):
        shapes[f"{name}.weight"] = (inputs, outputs)
        shapes[f"{name}.bias"] = (outputs,)
        shapes[f"{name}.gate.weight"] = (1 + condition, outputs)
        shapes[f"{name}.gate.bias"] = (outputs,)
        shapes[f"{name}.shift.weight"] = (1 + condition, outputs)
    return shapes


def field(parameters: dict[str, Tensor], u: Tensor, t: Tensor, z: Tensor) -> Tensor:
    """g(u, t, z) [batch, D]: ConcatSquash layers with tanh, hidden layers after the first added to their input."""
    context = torch.cat([t, z], dim=1)
    layers = sum(name.endswith("weight") for name in parameters) // 3 - 1
    h = u
    for layer in range(layers):
        new = torch.tanh(_concat_squash(parameters, f"layers.{layer}", h, context))
        h = new if layer == 0 else h + new
    return _concat_squash(parameters, "output", h, context)


def _concat_squash(parameters: dict[str, Tensor], name: str, x: Tensor, context: Tensor) -> Tensor:
    weight, bias = parameters[f"{name}.weight"], parameters[f"{name}.bias"]
    gate = torch.sigmoid(context @ parameters[f"{name}.gate.weight"] + parameters[f"{name}.gate.bias"])
    return torch.addmm(bias, x, weight) * gate + context @ parameters[f"{name}.shift.weight"]
