"""Checks the exported forms of a network against each other: `python check_exports.py --network N.json --pytorch N.py --onnx N.onnx`.

The JSON form is built by this package's own Network. Its counts are the reference; the exported PyTorch file must compile and have
the same parameter names and counts; the ONNX file must pass ONNX's full checker and run in onnxruntime. With the ONNX file's weights,
and running statistics of random images so that no signal fades away, all three must give the same logits in float64, where rounding
cannot hide a difference (float32 differs visibly after 300 batch norms). Prints one JSON document.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import nn

from archgen_reference.counts import count
from archgen_reference.exported import load_module
from archgen_reference.network import Network
from archgen_reference.onnx_network import OnnxNetwork


def check(network: Path, pytorch: Path, onnx_path: Path, tolerance: float) -> dict:
    document = json.loads(network.read_text())
    size = document["input"]["size"]
    reference = Network(document).eval()
    module = load_module(pytorch)
    exported = module.Network().eval()
    counts = count(reference, size)
    assert count(exported, size) == counts, "counts of the PyTorch file differ"
    assert module.PARAMETER_COUNT == counts["parameterCount"]
    shapes = {name: tuple(p.shape) for name, p in reference.named_parameters()}
    assert {name: tuple(p.shape) for name, p in exported.named_parameters()} == shapes, "parameter names or shapes differ"
    onnx.checker.check_model(str(onnx_path), full_check=True)
    model = onnx.load(onnx_path)
    module.load_onnx_weights(reference, str(onnx_path))
    module.load_onnx_weights(exported, str(onnx_path))
    difference = logit_difference(reference, exported, OnnxNetwork(model), size)
    assert difference <= 1e-9, f"logits differ by {difference} of their scale"
    runtime = runtime_difference(exported, model, size)
    assert runtime <= tolerance, f"onnxruntime differs by {runtime} of the logits' scale"
    return {**counts, "logitDifference": difference, "runtimeDifference": runtime}


@torch.no_grad()
def logit_difference(reference: nn.Module, exported: nn.Module, interpreted: nn.Module, size: int) -> float:
    """Largest deviation from the reference's logits in float64, relative to their spread over images."""
    images = torch.randn(4, 3, size, size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    models = [model.double() for model in (reference, exported, interpreted)]
    for model in models:
        take_statistics(model, images)
    expected, *others = (model(images) for model in models)
    return max((other - expected).abs().max() for other in others).item() / expected.std(dim=0).mean().item()


@torch.no_grad()
def runtime_difference(exported: nn.Module, model: onnx.ModelProto, size: int) -> float:
    """Largest deviation of onnxruntime from PyTorch, both float32 with the file's own weights and fresh statistics."""
    exported = type(exported)().eval()
    initializers = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in model.graph.initializer}
    exported.load_state_dict({name: initializers.get(name, value) for name, value in exported.state_dict().items()})
    images = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(1))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    expected = exported(images).numpy()
    return float(np.abs(session.run(["logits"], {"images": images.numpy()})[0] - expected).max() / np.abs(expected).max())


def take_statistics(model: nn.Module, images: torch.Tensor) -> None:
    """Sets the running statistics of every batch norm to those of these images."""
    norms = [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    model.train()(images)
    model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--pytorch", type=Path, required=True)
    parser.add_argument("--onnx", type=Path, required=True)
    parser.add_argument("--tolerance", type=float, default=1e-5)
    options = parser.parse_args()
    print(json.dumps(check(options.network, options.pytorch, options.onnx, options.tolerance)))


if __name__ == "__main__":
    main()
