"""Graph-transformer denoiser of DiNAS, in PyTorch; linear weights are [inputs, outputs]."""

import math

import torch
from torch import Tensor

from archgen_reference.score_diffusion import Network, positions, sinusoids


def denoiser(
    net: Network, nodes: Tensor, edges: Tensor, conditions: Tensor | None, time: Tensor | None, size: dict
) -> tuple[Tensor, Tensor]:
    """Logits of nodes [batch, n, classes] and edges [batch, n, n, 2] from one-hot ones, conditions [batch, width] and time [batch, 1]."""
    n = nodes.shape[1]
    told = []
    if conditions is not None:
        hidden = net.dense("input.condition.hidden", conditions, size["condition"]).relu()
        told.append(net.dense("input.condition.output", hidden, size["condition"]))
    if time is not None:
        told.append(sinusoids(time, size["condition"]))
    x = _embed(net, "input.nodes", nodes, told, size["hidden"]) + positions(n, size["hidden"], nodes.dtype)
    e = _embed(net, "input.pairs", edges, told, size["pair"])
    for layer in range(size["layers"]):
        x, e = _graph_transformer(net, f"layers.{layer}", x, e, size)
    node_logits = _head(net, "output.nodes", x, nodes.shape[-1])
    edge_logits = _head(net, "output.pairs", e, edges.shape[-1])
    return node_logits, (edge_logits + edge_logits.transpose(1, 2)) / 2


def _embed(net: Network, name: str, x: Tensor, told: list[Tensor], width: int) -> Tensor:
    """Classes and all that every place is told, concatenated, through two layers."""
    spread = [vector.reshape(-1, *[1] * (x.dim() - 2), vector.shape[-1]).expand(*x.shape[:-1], -1) for vector in told]
    parts = [("class", x), *((f"told.{i}", vector) for i, vector in enumerate(spread))]
    weight = torch.cat([net.parameter(f"{name}.{part}.weight", value.shape[-1], width) for part, value in parts])
    bias = sum(net.parameter(f"{name}.{part}.bias", width) for part, _ in parts)
    first = (torch.cat([value for _, value in parts], dim=-1) @ weight + bias).relu()
    return net.dense(f"{name}.second", first, width).relu()


def _graph_transformer(net: Network, name: str, x: Tensor, e: Tensor, size: dict) -> tuple[Tensor, Tensor]:
    hidden, pair = size["hidden"], size["pair"]
    query, key, value = (net.dense(f"{name}.{part}", x, hidden) for part in ("query", "key", "value"))
    products = query[:, :, None] * key[:, None] / math.sqrt(hidden / size["heads"])
    scores = products * net.dense(f"{name}.pairScale", e, hidden) + net.dense(f"{name}.pairShift", e, hidden)
    mixed = (scores.softmax(2) * value[:, None]).sum(2)
    x = x + net.dense(f"{name}.nodeOutput", mixed, hidden)
    e = e + net.dense(f"{name}.pairOutput", scores, pair)
    return _feed_forward(net, f"{name}.nodes", x, size["feedForward"]), _feed_forward(net, f"{name}.pairs", e, size["pairFeedForward"])


def _feed_forward(net: Network, name: str, x: Tensor, inner: int) -> Tensor:
    h = net.norm(f"{name}.norm.0", x)
    wide = net.dense(f"{name}.hidden", h, inner).relu()
    return net.norm(f"{name}.norm.1", h + net.dense(f"{name}.output", wide, x.shape[-1]))


def _head(net: Network, name: str, x: Tensor, outputs: int) -> Tensor:
    return net.dense(f"{name}.result", net.dense(f"{name}.hidden", x, x.shape[-1]).relu(), outputs)
