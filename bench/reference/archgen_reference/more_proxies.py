"""The proxies beyond NASWOT, SNIP-SSNR and T-CET, each from its definition; batch norm in train mode unless said.

A layer is a convolution or linear layer; its biases take no part.
"""

import copy
import math
from contextlib import contextmanager

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .proxies import layers


def weight_gradients(model: nn.Module, images: Tensor, labels: Tensor, *, graph: bool = False) -> list[Tensor]:
    """dL/dw of every layer in order, L the mean cross-entropy, batch norm in the model's current mode."""
    weights = [module.weight for module in layers(model).values()]
    return list(torch.autograd.grad(F.cross_entropy(model(images), labels), weights, create_graph=graph))


def grad_norm(model: nn.Module, images: Tensor, labels: Tensor, bn_mode: str) -> float:
    """sum_l |dL/dw_l|_2."""
    model.train(bn_mode == "train")
    return sum(gradient.norm().item() for gradient in weight_gradients(model, images, labels))


def l2_norm(model: nn.Module) -> float:
    """sum_l |w_l|_2."""
    return sum(module.weight.norm().item() for module in layers(model).values())


def zico(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """sum_l ln sum_w mean|g| / std(g) over two minibatches, the halves of the images; std with n in the denominator."""
    model.train()
    middle = len(images) // 2
    halves = [weight_gradients(model, x, y) for x, y in ((images[:middle], labels[:middle]), (images[middle:], labels[middle:]))]
    total = 0.0
    for pair in zip(*halves, strict=True):
        gradients = torch.stack(pair)
        std = gradients.std(0, unbiased=False)
        ratios = gradients.abs().mean(0)[std > 0] / std[std > 0]
        if len(ratios) and ratios.sum() > 0:
            total += math.log(ratios.sum().item())
    return total


@torch.no_grad()
def zen(model: nn.Module, x: Tensor, noise: Tensor, alpha: float = 0.01) -> float:
    """ln mean_n sum|f(x) - f(x + alpha e)| + sum_BN ln sqrt(mean_c var_c), f the input of the global average pool.

    The model's weights are to be standard normal, its biases zero.
    """
    model.train()
    features: list[Tensor] = []
    variances: list[Tensor] = []
    pool = [module for module in model.modules() if isinstance(module, nn.AdaptiveAvgPool2d)][-1]  # squeezes come before
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    handles = [pool.register_forward_hook(lambda module, inputs, output: features.append(inputs[0]))]
    watch = lambda module, inputs, output: variances.append(inputs[0].var((0, 2, 3), unbiased=False).mean())  # noqa: E731
    watched = [norm.register_forward_hook(watch) for norm in norms]
    model(x)
    for handle in watched:
        handle.remove()
    model(x + alpha * noise)
    handles[0].remove()
    moved = (features[0] - features[1]).abs().sum((1, 2, 3)).mean().item()
    return math.log(moved) + sum(math.log(v.item()) / 2 for v in variances if v > 0)


def jacob_cov(model: nn.Module, images: Tensor, k: float = 1e-5) -> float:
    """-sum_i ln(v_i + k) + 1/(v_i + k), v the eigenvalues of the correlations between the images' gradients of the summed logits."""
    model.train()
    images = images.clone().requires_grad_(True)
    (jacobian,) = torch.autograd.grad(model(images).sum(), images)
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(jacobian.flatten(1).numpy()))
    return float(-np.sum(np.log(eigenvalues + k) + 1 / (eigenvalues + k)))


def fisher(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """sum_l sum_c 1/2 mean_n (sum_hw a dL/da)^2, a the output of layer l."""
    model.train()
    with _outputs(model) as outputs:
        loss = F.cross_entropy(model(images), labels)
    total = 0.0
    for a, g in zip(outputs, torch.autograd.grad(loss, outputs), strict=True):
        product = (a * g).flatten(2).sum(2) if a.ndim == 4 else a * g
        total += product.pow(2).mean(0).mul(0.5).sum().item()
    return total


@contextmanager
def _outputs(model: nn.Module):
    outputs: list[Tensor] = []
    handles = [m.register_forward_hook(lambda module, inputs, output: outputs.append(output)) for m in layers(model).values()]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()


def grasp(model: nn.Module, images: Tensor, labels: Tensor) -> float:
    """sum -w * (H g) for the gradient g of all weights, H the Hessian of the mean cross-entropy."""
    model.train()
    weights = [module.weight for module in layers(model).values()]
    gradients = weight_gradients(model, images, labels, graph=True)
    along = sum((g * g.detach()).sum() for g in gradients)
    products = torch.autograd.grad(along, weights)
    return -sum((w * p).sum().item() for w, p in zip(weights, products, strict=True))


def synflow(model: nn.Module, size: int) -> float:
    """ln sum_l sum w dR/dw, R the sum of the logits of an image of ones; no batch norm, magnitudes of all parameters."""
    positive = copy.deepcopy(model).double().eval()
    for parent in list(positive.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(parent, name, nn.Identity())
    with torch.no_grad():
        for parameter in positive.parameters():
            parameter.abs_()
    weights = [module.weight for module in layers(positive).values()]
    gradients = torch.autograd.grad(positive(torch.ones(1, 3, size, size, dtype=torch.float64)).sum(), weights)
    return math.log(sum((w * g).sum().item() for w, g in zip(weights, gradients, strict=True)))
