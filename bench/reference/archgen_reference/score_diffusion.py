"""Score network and noise-aware predictor of DiffusionNAG, in PyTorch; linear weights are [inputs, outputs]."""

import math

import torch
from torch import Tensor
from torch.nn.functional import elu, layer_norm, silu

LONGEST = 10_000


class Network:
    """Layers over a dictionary of parameters. Without a value for a name, `make` draws one of the shape."""

    def __init__(self, parameters: dict[str, Tensor], make=None):
        self.parameters = parameters
        self.make = make

    def parameter(self, name: str, *shape: int) -> Tensor:
        if name not in self.parameters:
            self.parameters[name] = self.make(*shape)
        return self.parameters[name]

    def dense(self, name: str, x: Tensor, outputs: int) -> Tensor:
        return x @ self.parameter(f"{name}.weight", x.shape[-1], outputs) + self.parameter(f"{name}.bias", outputs)

    def norm(self, name: str, x: Tensor) -> Tensor:
        width = x.shape[-1]
        return layer_norm(x, (width,), self.parameter(f"{name}.weight", width), self.parameter(f"{name}.bias", width))

    def noise_embedding(self, name: str, sigma: Tensor, width: int, hidden: int) -> Tensor:
        return self.dense(f"{name}.output", silu(self.dense(f"{name}.hidden", sinusoids(sigma, width), hidden)), width)


def sinusoids(values: Tensor, width: int) -> Tensor:
    """Sines, then cosines of a time or noise level [batch, 1]."""
    half = width // 2
    frequencies = torch.exp(-math.log(LONGEST) * torch.arange(half, dtype=values.dtype) / (half - 1))
    angles = values * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def adjacency_of(successors: list[list[int]], dtype: torch.dtype) -> Tensor:
    matrix = torch.zeros(len(successors), len(successors), dtype=dtype)
    for node, targets in enumerate(successors):
        matrix[node, targets] = 1
    return matrix


def positions(count: int, width: int, dtype: torch.dtype) -> Tensor:
    rates = LONGEST ** (-torch.arange(0, width, 2, dtype=dtype) / width)
    angles = torch.arange(count, dtype=dtype)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=2).reshape(count, width)


def score_network(net: Network, x: Tensor, sigma: Tensor, successors: list[list[int]], size: dict) -> Tensor:
    """s(x, σ): x [batch, nodes, operations], sigma [batch, 1]."""
    batch, nodes, operations = x.shape
    hidden, heads = size["hidden"], size["heads"]
    kind = size["parameterization"]
    level = sigma[:, :, None]
    scale = (1 + level**2).sqrt()
    open_pairs = adjacency_of(successors, x.dtype) > 0
    if size.get("attention") == "neighbours":
        open_pairs = open_pairs | open_pairs.T | torch.eye(nodes, dtype=torch.bool)
    else:
        open_pairs |= ~open_pairs.any(1, keepdim=True)

    inputs = x if kind == "score" else x / scale
    h = math.sqrt(hidden) * net.dense("operation", inputs, hidden)
    h = h + net.noise_embedding("noise", sigma, hidden, size["time"])[:, None]
    if size["positions"]:
        loud = math.sqrt(hidden) if size["positions"] == "scaled" else 1
        h = h + loud * positions(nodes, hidden, x.dtype)
    outputs = []
    for i in range(size["blocks"]):
        name = f"blocks.{i}"
        normalized = net.norm(f"{name}.attention.norm", h)
        query, key, value = (
            net.dense(f"{name}.attention.{part}", normalized, hidden).reshape(batch, nodes, heads, -1).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(2, 3) / math.sqrt(hidden // heads)
        mixed = scores.masked_fill(~open_pairs, -math.inf).softmax(-1) @ value
        h = h + net.dense(f"{name}.attention.output", mixed.transpose(1, 2).reshape(batch, nodes, hidden), hidden)
        wide = net.dense(f"{name}.feedForward.hidden", net.norm(f"{name}.feedForward.norm", h), size["feedForward"]).relu()
        h = h + net.dense(f"{name}.feedForward.output", wide, hidden)
        outputs.append(net.norm(f"{name}.norm", h))
    out = elu(net.dense("output.0", torch.cat(outputs, dim=2), size["output"]))
    out = elu(net.dense("output.1", out, size["output"]))
    out = net.dense("output.2", out, operations)
    if kind == "estimate":
        estimate = x / scale**2 + level * out / scale
        return (estimate - x) / level**2
    return out / level if kind == "noise" else out


def predictor_network(net: Network, x: Tensor, sigma: Tensor, successors: list[list[int]], size: dict) -> Tensor:
    """f(x, σ), the standardised property: [batch, 1]."""
    nodes, hidden = x.shape[1], size["hidden"]
    adjacency = adjacency_of(successors, x.dtype)
    along, back = ((a + torch.eye(nodes, dtype=x.dtype)) for a in (adjacency, adjacency.T))
    along, back = (a / a.sum(1, keepdim=True) for a in (along, back))
    h = net.dense("operation", x, hidden) + net.noise_embedding("noise", sigma, hidden, hidden)[:, None]
    h = h + net.parameter("position", 1, nodes, hidden)
    for i in range(size["layers"]):
        normalized = net.norm(f"layers.{i}.norm", h)
        forward = silu(along @ net.dense(f"layers.{i}.forward", normalized, hidden))
        backward = silu(back @ net.dense(f"layers.{i}.backward", normalized, hidden))
        h = h + (forward + backward) / 2
    return net.dense("output.1", silu(net.dense("output.0", h.mean(1), size["output"])), 1)
