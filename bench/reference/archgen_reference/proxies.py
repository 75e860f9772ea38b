"""Zero-cost proxies with every per-layer value kept, so that two implementations can be compared layer by layer.

A layer is a convolution or linear layer; its name is its module path.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS = (nn.Conv2d, nn.Linear)


def layers(model: nn.Module) -> dict[str, nn.Module]:
    return {name: module for name, module in model.named_modules() if isinstance(module, LAYERS)}


def agreement(codes: Tensor) -> Tensor:
    """K = X X' + (1 - X)(1 - X)' of binary codes X [batch, n]: K_ij = n - Hamming distance, exact in float64.  [batch, batch]

    Two matrix products in float32, whose sums of zeros and ones are exact below 2**24 elements.
    """
    x = codes.float()
    ones = x.sum(1, dtype=torch.float64)
    both = (x @ x.T).double()  # on in both
    return 2 * both - ones[:, None] - ones[None, :] + x.shape[1]


def log_determinant(kernel: Tensor) -> float | None:
    """ln|det K|, or None where K is singular: equal codes, or fewer independent codes than images."""
    if torch.linalg.matrix_rank(kernel, hermitian=True) < kernel.shape[0]:
        return None
    return torch.linalg.slogdet(kernel).logabsdet.item()


@contextmanager
def watching(modules: dict[str, nn.Module], what: str) -> Iterator[dict[str, Tensor]]:
    """Collects the kernel K of each module's sign codes, of its "input" or its "output", while a forward pass runs."""
    kernels: dict[str, Tensor] = {}

    def watch(name: str):
        def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            value = inputs[0] if what == "input" else output
            kernels[name] = agreement(value.detach().flatten(1) > 0)

        return hook

    handles = [module.register_forward_hook(watch(name)) for name, module in modules.items()]
    try:
        yield kernels
    finally:
        for handle in handles:
            handle.remove()


@torch.no_grad()
def output_kernels(model: nn.Module, images: Tensor, bn_mode: str = "eval") -> dict[str, Tensor]:
    """K_l of the sign codes of every layer's output; in eval mode batch norm has fresh statistics."""
    with watching(layers(model), "output") as kernels:
        model.train(bn_mode == "train")(images)
    return kernels


def naswot(model: nn.Module, images: Tensor) -> float | None:
    """ln|det sum_l K_l| over the outputs of all layers."""
    return log_determinant(sum(output_kernels(model, images).values()))


@torch.no_grad()
def naswot_relu(model: nn.Module, images: Tensor) -> float | None:
    """ln|det sum K| over the inputs of all ReLUs, batch norm in train mode (Mellor et al., 2021)."""
    relus = {name: module for name, module in model.named_modules() if isinstance(module, nn.ReLU)}
    with watching(relus, "input") as kernels:
        model.train()(images)
    return log_determinant(sum(kernels.values()))


def saliencies(
    model: nn.Module, images: Tensor, labels: Tensor, bn_mode: str, micro_batch: int | None = None
) -> dict[str, Tensor]:
    """s_l = |w * dL/dw| of every layer's weight, in float64; L is the mean cross-entropy, bn_mode "train" or "eval".

    In eval mode the images are independent, so that gradients of micro-batches may be added up; in train mode the statistics of the
    whole batch couple them.
    """
    if bn_mode == "train" and micro_batch is not None:
        raise ValueError("batch statistics need the whole batch")
    watched = layers(model)
    weights = [module.weight for module in watched.values()]
    model.train(bn_mode == "train")
    gradients = [torch.zeros_like(weight) for weight in weights]
    for x, y in zip(images.split(micro_batch or len(images)), labels.split(micro_batch or len(images)), strict=True):
        loss = F.cross_entropy(model(x), y, reduction="sum") / len(images)
        torch._foreach_add_(gradients, torch.autograd.grad(loss, weights))
    pairs = zip(watched, weights, gradients, strict=True)
    return {name: (w.detach().double() * g.double()).abs() for name, w, g in pairs}


def saliency_sums(saliency: dict[str, Tensor]) -> dict[str, dict[str, float]]:
    """Per layer: number of weights, sum, mean, unbiased standard deviation (0 for a single weight)."""
    return {
        name: {
            "count": s.numel(),
            "sum": s.sum().item(),
            "mean": s.mean().item(),
            "std": s.std().item() if s.numel() > 1 else 0.0,
        }
        for name, s in saliency.items()
    }


def snip_ssnr(sums: dict[str, dict[str, float]]) -> float:
    """sum_l mean(s_l) / std(s_l)."""
    return sum(s["mean"] / s["std"] for s in sums.values() if s["std"] > 0)


def tcet(log_determinants: dict[str, float | None], sums: dict[str, dict[str, float]]) -> float:
    """sum_l lnwot_l * ln(1 + sum(s_l) / std(s_l)); a singular layer counts 0."""
    ratio = torch.tensor([s["sum"] / s["std"] if s["std"] > 0 else 0.0 for s in sums.values()], dtype=torch.float64)
    lnwot = torch.tensor([log_determinants[name] or 0.0 for name in sums], dtype=torch.float64)
    return (lnwot * torch.log1p(ratio)).sum().item()


def score(model: nn.Module, images: Tensor, labels: Tensor, tcet_bn_mode: str = "eval") -> dict:
    """NASWOT, naswot_relu, SNIP-SSNR (batch norm in train mode) and T-CET, with `layers` holding each layer's values."""
    kernels = output_kernels(model, images)
    log_determinants = {name: log_determinant(kernel) for name, kernel in kernels.items()}
    sums = {mode: saliency_sums(saliencies(model, images, labels, mode)) for mode in ("train", "eval")}
    return {
        "naswot": log_determinant(sum(kernels.values())),
        "naswot_relu": naswot_relu(model, images),
        "snip_ssnr": snip_ssnr(sums["train"]),
        "tcet": tcet(log_determinants, sums[tcet_bn_mode]),
        "layers": {
            name: {"logDeterminant": log_determinants[name], "saliency": {mode: sums[mode][name] for mode in sums}}
            for name in sums["train"]
        },
    }
