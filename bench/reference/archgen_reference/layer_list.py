"""A network from archgen's list of primitive layers.

The list is the JSON form of archgen's LayerGraph: `{"layers": [{"name", "kind", "inputs", "output", ...}], "values": [{"channels",
"size"}], "input", "output"}`. Modules are registered under the dotted layer names, so a state_dict has archgen's parameter names.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import torch
from torch import Tensor, nn

from .mobile import Scale


class Sum(nn.Module):
    def forward(self, *terms: Tensor) -> Tensor:
        return sum(terms[1:], start=terms[0])


class GlobalAveragePool(nn.AdaptiveAvgPool2d):
    """[batch, channels, h, w] -> [batch, channels]"""

    def __init__(self) -> None:
        super().__init__(1)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x).flatten(1)


def _convolution(layer: dict) -> nn.Module:
    shape = (layer["inChannels"], layer["outChannels"], layer["kernel"], layer["stride"], layer["padding"], layer["dilation"])
    return nn.Conv2d(*shape, layer["groups"], bias=layer["bias"])


MODULES: dict[str, Callable[[dict], nn.Module]] = {
    "conv": _convolution,
    "batch_norm": lambda layer: nn.BatchNorm2d(layer["channels"], eps=1e-5, momentum=0.0, affine=layer["affine"]),
    "relu": lambda layer: nn.ReLU(),
    "hard_swish": lambda layer: nn.Hardswish(),
    "hard_sigmoid": lambda layer: nn.Hardsigmoid(),
    "sigmoid": lambda layer: nn.Sigmoid(),
    "squeeze": lambda layer: nn.AdaptiveAvgPool2d(1),
    "flatten": lambda layer: nn.Flatten(),
    "scale": lambda layer: Scale(),
    "average_pool": lambda layer: nn.AvgPool2d(layer["kernel"], layer["stride"], layer["padding"], count_include_pad=False),
    "add": lambda layer: Sum(),
    "global_average_pool": lambda layer: GlobalAveragePool(),
    "linear": lambda layer: nn.Linear(layer["inFeatures"], layer["outFeatures"]),
}


class LayerListNetwork(nn.Module):
    """Runs the layers in order and forgets each value after its last use."""

    def __init__(self, graph: dict):
        super().__init__()
        self.graph = graph
        last_use = {value: index for index, layer in enumerate(graph["layers"]) for value in layer["inputs"]}
        self.releases = [
            [value for value in set(layer["inputs"]) if last_use[value] == index and value != graph["output"]]
            for index, layer in enumerate(graph["layers"])
        ]
        for layer in graph["layers"]:
            register(self, layer["name"], MODULES[layer["kind"]](layer))
        self.steps = [self.get_submodule(layer["name"]) for layer in graph["layers"]]

    def forward(self, images: Tensor) -> Tensor:
        values = {self.graph["input"]: images}
        for layer, step, released in zip(self.graph["layers"], self.steps, self.releases, strict=True):
            values[layer["output"]] = step(*(values[value] for value in layer["inputs"]))
            for value in released:
                del values[value]
        return values[self.graph["output"]]


def register(root: nn.Module, path: str, module: nn.Module) -> None:
    """Adds a module under a dotted path, making the containers on the way."""
    *containers, leaf = path.split(".")
    for name in containers:
        if name not in root._modules:
            root.add_module(name, nn.Module())
        root = root._modules[name]
    root.add_module(leaf, module)


@torch.no_grad()
def load_parameters(model: nn.Module, parameters: Mapping[str, np.ndarray]) -> None:
    """Copies arrays into the parameters of the same names; a missing, surplus or misshapen one is an error."""
    own = dict(model.named_parameters())
    _same_names(own, parameters)
    for name, parameter in own.items():
        value = torch.tensor(np.asarray(parameters[name]))
        if value.shape != parameter.shape:
            raise ValueError(f"{name}: {tuple(value.shape)} does not fit {tuple(parameter.shape)}")
        parameter.copy_(value)


def _same_names(own: Iterable[str], given: Iterable[str]) -> None:
    if difference := set(own) ^ set(given):
        raise ValueError(f"parameters without a counterpart: {sorted(difference)}")
