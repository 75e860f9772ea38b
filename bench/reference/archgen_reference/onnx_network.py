"""An exported ONNX network as a PyTorch module, node by node, so that it can be differentiated and run in float64."""

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor, nn

from .layer_list import Sum, register


class OnnxNetwork(nn.Module):
    """Modules are registered under the dotted names of the nodes; parameters are the initialisers of the same names.

    Only the operators that exported networks contain are known; another one is a KeyError with its name.
    """

    def __init__(self, model: onnx.ModelProto):
        super().__init__()
        graph = model.graph
        arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
        self.images_name, self.logits_name = graph.input[0].name, graph.output[0].name
        self.size = graph.input[0].type.tensor_type.shape.dim[2].dim_value
        self.steps = []
        for node in graph.node:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            weights = [arrays[name] for name in node.input if name in arrays]
            names = [name for name in node.input if name in arrays]
            module = MODULES[node.op_type](attributes, weights, names)
            register(self, node.name, module)
            self.steps.append((module, [name for name in node.input if name not in arrays], node.output[0]))

    def forward(self, images: Tensor) -> Tensor:
        values = {self.images_name: images}
        for module, inputs, output in self.steps:
            values[output] = module(*(values[name] for name in inputs))
        return values[self.logits_name]


def _filled(module: nn.Module, names: tuple[str, ...], arrays: list[np.ndarray]) -> nn.Module:
    with torch.no_grad():
        for name, array in zip(names, arrays, strict=True):
            getattr(module, name).copy_(torch.tensor(array))
    return module


def _convolution(attributes: dict, weights: list[np.ndarray], _: list[str]) -> nn.Module:
    outputs, per_group, *kernel = weights[0].shape
    groups = attributes.get("group", 1)
    stride, dilation, pads = (attributes.get(key, default) for key, default in _WINDOW_DEFAULTS.items())
    module = nn.Conv2d(per_group * groups, outputs, kernel, stride, pads[:2], dilation, groups, bias=len(weights) > 1)
    return _filled(module, ("weight", "bias")[: len(weights)], weights)


_WINDOW_DEFAULTS = {"strides": [1, 1], "dilations": [1, 1], "pads": [0, 0, 0, 0]}


def _batch_norm(attributes: dict, weights: list[np.ndarray], names: list[str]) -> nn.Module:
    affine = names[0].endswith(".weight")
    epsilon = float(f"{attributes.get('epsilon', 1e-5):.7g}")  # stored as float32, meant as the decimal
    module = nn.BatchNorm2d(len(weights[0]), eps=epsilon, momentum=0.0, affine=affine)
    if affine:
        _filled(module, ("weight", "bias"), weights[:2])
    return _filled(module, ("running_mean", "running_var"), weights[2:])


def _average_pool(attributes: dict, *_: list) -> nn.Module:
    stride, _, pads = (attributes.get(key, default) for key, default in _WINDOW_DEFAULTS.items())
    counted = attributes.get("count_include_pad", 0) == 1
    return nn.AvgPool2d(attributes["kernel_shape"], stride, pads[:2], count_include_pad=counted)


def _gemm(attributes: dict, weights: list[np.ndarray], _: list[str]) -> nn.Module:
    assert attributes.get("transB") == 1, "exported linear layers store their weight as [out, in]"
    outputs, inputs = weights[0].shape
    return _filled(nn.Linear(inputs, outputs), ("weight", "bias"), weights)


MODULES = {
    "Conv": _convolution,
    "BatchNormalization": _batch_norm,
    "Relu": lambda *_: nn.ReLU(),
    "AveragePool": _average_pool,
    "Sum": lambda *_: Sum(),
    "GlobalAveragePool": lambda *_: nn.AdaptiveAvgPool2d(1),
    "Flatten": lambda *_: nn.Flatten(),
    "Gemm": _gemm,
    "Identity": lambda *_: nn.Identity(),
}
