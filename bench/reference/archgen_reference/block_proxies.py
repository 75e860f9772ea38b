"""Proxies that look at features and at whole blocks: AZ-NAS, SWAP, MeCo, depth and activations; batch norm in train mode.

A block is the stem, a cell or the fixed block between two stages; the features of a head's convolution are one, too.
"""

import math

import numpy as np
import torch
from torch import Tensor, nn

from .mobile import MnasNet, MobileNetV3, mobile_blocks
from .nasbench201 import NasBench201Network
from .proxies import layers
from .random_streams import Stream


def blocks(model: nn.Module) -> dict[str, nn.Module]:
    """The blocks by name in order of execution, without the head."""
    if isinstance(model, (MobileNetV3, MnasNet)):
        return mobile_blocks(model)
    cells = {f"stages.{s}.{r}": cell for s, stage in enumerate(model.stages) for r, cell in enumerate(stage)}
    if isinstance(model, NasBench201Network):
        before = {1: ("blocks.0", model.blocks[0]), 2: ("blocks.1", model.blocks[1])}
        ordered = {}
        for name, cell in cells.items():
            if name.endswith(".0") and (stage := int(name.split(".")[1])) in before:
                ordered[before[stage][0]] = before[stage][1]
            ordered[name] = cell
        cells = ordered
    return {"stem": model.stem, **cells}


def features(model: nn.Module, images: Tensor) -> dict[str, Tensor]:
    """What every block hands on, in order, attached to the graph."""
    model.train()
    found: dict[str, Tensor] = {}
    watched = blocks(model)
    parts = dict(model.head.named_children())
    if "conv" in parts:
        watched["head"] = parts.get("act", parts["norm"])
    keep = lambda name: lambda module, inputs, output: found.__setitem__(name, output)  # noqa: E731
    handles = [module.register_forward_hook(keep(name)) for name, module in watched.items()]
    model(images)
    for handle in handles:
        handle.remove()
    return found


def entropies(model: nn.Module, images: Tensor) -> list[float]:
    """Of each block: -sum p ln p of the shares p of the eigenvalues of its channels' covariance over images and positions."""
    found = []
    with torch.no_grad():
        for y in features(model, images).values():
            samples = y.permute(0, 2, 3, 1).flatten(0, 2)
            eigenvalues = torch.linalg.eigvalsh(torch.cov(samples.T, correction=0).reshape(y.shape[1], y.shape[1])).clamp(min=0)
            total = eigenvalues.sum()
            shares = eigenvalues[eigenvalues > 0] / total
            found.append(-(shares * shares.log()).sum().item() if total > 0 else 0.0)
    return found


def progressivity(found: list[float]) -> float:
    return min(after - before for before, after in zip(found[:-1], found[1:], strict=True))


def trainability(model: nn.Module, images: Tensor, seed: int) -> float | None:
    """mean_b -sigma_b - 1/sigma_b, sigma the spectral norm of mean h g' for random signs g and h = (d block / d input)' g; None for an
    identity block or one that passes no gradient."""
    stream = Stream.of_seed(seed).fork("block-jacobians")
    found = list(features(model, images).items())
    terms = []
    for (_, x), (name, y) in zip(found[:-1], found[1:], strict=True):
        u = stream.fork(f"{name}.").uniform(y.numel())
        g = torch.from_numpy(np.where(u < 0.5, -1.0, 1.0)).reshape(y.shape).to(y)
        (h,) = torch.autograd.grad(y, x, g, retain_graph=True)
        if h.shape == g.shape and torch.equal(h, g):
            return None
        stride = math.ceil(x.shape[2] / y.shape[2])
        missing = stride * y.shape[2] - x.shape[2]
        h = nn.functional.pixel_unshuffle(nn.functional.pad(h, (0, missing, 0, missing)), stride)
        rows = [t.permute(0, 2, 3, 1).flatten(0, 2) for t in (h, g)]
        sigma = torch.linalg.matrix_norm(rows[0].T @ rows[1] / len(rows[0]), ord=2).item()
        if sigma == 0:
            return None
        terms.append(-sigma - 1 / sigma)
    return sum(terms) / len(terms)


@torch.no_grad()
def swap(model: nn.Module, images: Tensor) -> int:
    """Number of distinct columns among the binary codes [images, units] of all ReLU inputs."""
    model.train()
    codes: list[Tensor] = []
    watch = lambda module, inputs, output: codes.append((inputs[0] > 0).flatten(1).T)  # noqa: E731
    handles = [m.register_forward_hook(watch) for m in model.modules() if isinstance(m, nn.ReLU)]
    model(images)
    for handle in handles:
        handle.remove()
    return len(torch.unique(torch.cat(codes), dim=0))


def swap_regularised(patterns: int, parameters: int, peak: float = 5, spread: float = 25) -> float:
    return patterns * math.exp(-((parameters / 1e6 - peak) ** 2) / spread)


@torch.no_grad()
def meco(model: nn.Module, images: Tensor) -> float:
    """sum_l lambda_min of the Pearson correlations of the channels of convolution l over the positions of the first image."""
    model.train()
    found: list[float] = []

    def watch(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        channels, positions = output.shape[1], output[0, 0].numel()
        if channels < positions:
            correlations = torch.corrcoef(output[0].flatten(1)).reshape(channels, channels).nan_to_num(0)
            found.append(max(0.0, torch.linalg.eigvalsh(correlations).min().item()))

    handles = [m.register_forward_hook(watch) for m in model.modules() if isinstance(m, nn.Conv2d)]
    model(images[:1])
    for handle in handles:
        handle.remove()
    return sum(found)


@torch.no_grad()
def activations(model: nn.Module, images: Tensor) -> int:
    """Elements of the outputs of all convolutions and linear layers for one image."""
    found: list[int] = []
    watch = lambda module, inputs, output: found.append(output[0].numel())  # noqa: E731
    handles = [m.register_forward_hook(watch) for m in layers(model).values()]
    model.eval()(images[:1])
    for handle in handles:
        handle.remove()
    return sum(found)
