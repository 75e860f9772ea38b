"""The G-VAE of archgen in PyTorch: the same parameters by name, the same loss (science: eq. 4-5), the same optimiser."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NODES, SLOTS, TYPES, KERNELS, FEATURES, PROXIES = 9, 6, 9, 3, 15, 4
FIRST_SLOT, FIRST_KERNEL_FEATURE = 2, 12
GRAPH_LAYERS = 4
INITIAL_LOG_STD = -2.0
STATE_SCALE = 0.25


class Dense(nn.Module):
    """Fully connected, with the weight stored [inputs, outputs]."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.t(), self.bias)


class Mlp(nn.Module):
    def __init__(self, inputs: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.hidden, self.output = Dense(inputs, hidden), Dense(hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.output(torch.relu(self.hidden(x)))


class Encoder(nn.Module):
    def __init__(self, hidden: int, latent: int) -> None:
        super().__init__()
        first = FEATURES + NODES
        widths = [first] + [hidden] * (GRAPH_LAYERS - 1)
        self.graph = nn.ModuleList(Dense(2 * width, hidden) for width in widths)
        self.norm = nn.ModuleList(nn.LayerNorm(hidden) for _ in widths)
        self.readout = nn.ModuleDict({"states": Dense(NODES * hidden, 2 * latent), "graph": Dense(NODES * 3 * first, 2 * latent)})
        self.register_buffer("positions", torch.eye(NODES), persistent=False)

    def forward(self, adjacency: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        degrees = adjacency.sum(2, keepdim=True).clamp(min=1) * adjacency.sum(1, keepdim=True).clamp(min=1)
        along = adjacency / degrees.sqrt()
        against = along.transpose(1, 2)
        states = torch.cat([features, self.positions.expand(len(features), -1, -1)], 2)
        direct = [states]
        for layer, (dense, norm) in enumerate(zip(self.graph, self.norm, strict=True)):
            messages = torch.cat([along @ states, against @ states], 2)
            if layer == 0:
                direct.append(messages)
            states = torch.relu(norm(dense(messages)))
        readout = self.readout["states"]((states * STATE_SCALE).flatten(1)) + self.readout["graph"](torch.cat(direct, 2).flatten(1))
        mean, log_std = readout.chunk(2, 1)
        return mean, log_std + INITIAL_LOG_STD


class Decoder(nn.Module):
    def __init__(self, latent: int, hidden: int) -> None:
        super().__init__()
        self.features = Mlp(latent, hidden, SLOTS * (TYPES + KERNELS))
        self.edges = Mlp(latent, hidden, NODES * (NODES - 1) // 2)

    def forward(self, latent: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        types, kernels = self.features(latent).split([SLOTS * TYPES, SLOTS * KERNELS], 1)
        return self.edges(latent), types.view(-1, SLOTS, TYPES), kernels.view(-1, SLOTS, KERNELS)


class Gvae(nn.Module):
    def __init__(self, size: dict, weights: dict) -> None:
        super().__init__()
        self.encoder = Encoder(size["hidden"], size["latent"])
        self.decoder = Decoder(size["latent"], size["mlp"])
        self.predictor = Mlp(size["latent"], size["mlp"], PROXIES)
        self.weights = weights
        rows, columns = torch.triu_indices(NODES, NODES, 1)
        self.register_buffer("pairs", rows * NODES + columns, persistent=False)

    def loss(self, batch: dict[str, Tensor]) -> Tensor:
        adjacency, features, zc, weights = batch["adjacency"], batch["features"], batch["zc"], self.weights
        mean, log_std = self.encoder(adjacency, features)
        latent = mean + log_std.exp() * batch["noise"]
        edges, types, kernels = self.decoder(latent)
        slots = features[:, FIRST_SLOT : FIRST_SLOT + SLOTS]
        positive = torch.tensor(float(weights["positiveFeature"]))
        bce = F.binary_cross_entropy_with_logits
        reconstruction = (
            bce(edges, adjacency.flatten(1)[:, self.pairs], reduction="sum")
            + weighted_bce(types, slots[..., :TYPES], positive)
            + weighted_bce(kernels, slots[..., FIRST_KERNEL_FEATURE:], positive)
        ) / len(features)
        kl = 0.5 * (mean.square() + (2 * log_std).exp() - 1 - 2 * log_std).sum() / len(features)
        anchors = mean[: len(zc)]
        near, far = (((anchors - anchors[batch[name]]).square().sum(1) + 1e-8).sqrt() for name in ("positive", "negative"))
        triplet = torch.relu(near - far + weights["tripletMargin"]).mean()
        predictor = (self.predictor(latent[: len(zc)]) - zc).square().sum() / len(zc)
        return reconstruction + weights["beta"] * kl + weights["triplet"] * triplet + weights["predictor"] * predictor


def weighted_bce(logits: Tensor, targets: Tensor, positive: Tensor) -> Tensor:
    """Sum of the cross-entropies, those of present features weighted as a whole (not only their logarithm of p)."""
    return F.binary_cross_entropy_with_logits(logits, targets, weight=1 + (positive - 1) * targets, reduction="sum")


def optimiser(model: Gvae, config: dict, fused: bool) -> torch.optim.AdamW:
    return torch.optim.AdamW(model.parameters(), lr=config["learningRate"], weight_decay=config["weightDecay"], fused=fused)


def step(model: Gvae, optimizer: torch.optim.AdamW, batch: dict[str, Tensor], config: dict, index: int) -> float:
    """One training step: cosine rate, clipped gradient, AdamW. Returns the loss before it."""
    for group in optimizer.param_groups:
        group["lr"] = config["learningRate"] / 2 * (1 + math.cos(math.pi * min(1, index / config["steps"])))
    optimizer.zero_grad(set_to_none=True)
    loss = model.loss(batch)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), config["clipNorm"])
    optimizer.step()
    return loss.item()
