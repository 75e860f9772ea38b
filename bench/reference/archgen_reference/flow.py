"""The vector field of the conditional flow, in PyTorch."""

import torch
from torch import Tensor
from torch.nn.functional import layer_norm, silu

CONTEXT_HIDDEN, CONTEXT = 128, 48


def field_shapes(dimension: int, condition: int, hidden: int, layers: int) -> dict[str, tuple[int, ...]]:
    """Shapes of all parameters by name; matrices are [inputs, outputs]."""
    shapes: dict[str, tuple[int, ...]] = {}

    def dense(name: str, inputs: int, outputs: int) -> None:
        shapes[f"{name}.weight"] = (inputs, outputs)
        shapes[f"{name}.bias"] = (outputs,)

    dense("context.hidden", 1 + condition, CONTEXT_HIDDEN)
    dense("context.output", CONTEXT_HIDDEN, CONTEXT)
    dense("rate", CONTEXT, dimension)
    widths = [(f"layers.{i}", hidden if i else dimension, hidden) for i in range(layers)]
    widths.append(("output", hidden + dimension if layers else dimension, dimension))
    for name, inputs, outputs in widths:
        dense(name, inputs, outputs)
        dense(f"{name}.gate", CONTEXT, outputs)
        shapes[f"{name}.shift.weight"] = (CONTEXT, outputs)
    return shapes


def field(parameters: dict[str, Tensor], u: Tensor, t: Tensor, z: Tensor) -> Tensor:
    """g(u, t, z) [batch, D]: ConcatSquash layers in residual pairs, and a rate of the context times the state."""

    def dense(name: str, x: Tensor) -> Tensor:
        return torch.addmm(parameters[f"{name}.bias"], x, parameters[f"{name}.weight"])

    context = silu(dense("context.hidden", torch.cat([2 * t - 1, z], dim=1)))
    context = silu(dense("context.output", context))

    def squash(name: str, x: Tensor) -> Tensor:
        gate = torch.sigmoid(dense(f"{name}.gate", context))
        return dense(name, x) * gate + context @ parameters[f"{name}.shift.weight"]

    def norm(x: Tensor) -> Tensor:
        return layer_norm(x, x.shape[1:])

    layers = sum(name.startswith("layers.") and name.endswith(".gate.weight") for name in parameters)
    linear = dense("rate", context) * u
    if layers == 0:
        return squash("output", u) + linear
    h = squash("layers.0", u)
    for layer in range(1, layers, 2):
        inner = silu(squash(f"layers.{layer}", norm(h)))
        h = h + (squash(f"layers.{layer + 1}", inner) if layer + 1 < layers else inner)
    return squash("output", torch.cat([norm(h), u], dim=1)) + linear
