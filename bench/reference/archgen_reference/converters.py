"""Conversions of a network to what devices run, each with its interpreter and the number of depthwise convolutions that it kept."""

import copy
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .exported import Subject

ARCHGEN = Path(__file__).parents[3] / "tools/cli/bin/archgen.js"


@dataclass
class Converted:
    """A converted network."""

    run: Callable[[np.ndarray], np.ndarray] | None
    """Images [batch, channels, height, width] to outputs in PyTorch's order of axes; nothing where this machine cannot run it."""
    depthwise: int
    file: Path


def export(folder: Path) -> None:
    """Writes trained.onnx and trained.tflite by archgen itself, with the weights of trained.safetensors."""
    command = ["node", str(ARCHGEN), "export", "--network", str(folder / "network-1.json"), "--weights", str(folder / "trained.safetensors")]
    command += ["--formats", "onnx,tflite", "--out", str(folder), "--name", "trained"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def to_onnxruntime(subject: Subject, folder: Path) -> Converted:
    """The exported ONNX file itself."""
    import onnx
    import onnxruntime
    from onnx import helper

    file = folder / "trained.onnx"
    onnx.checker.check_model(str(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    nodes = [node for node in onnx.load(file).graph.node if node.op_type == "Conv"]
    groups = [helper.get_attribute_value(a) for node in nodes for a in node.attribute if a.name == "group"]
    return Converted(lambda images: session.run(None, {"images": images})[0], sum(g > 1 for g in groups), file)


def to_openvino(subject: Subject, folder: Path) -> Converted:
    """From the ONNX file; depthwise are the group convolutions of the intermediate form."""
    import openvino

    model = openvino.convert_model(folder / "trained.onnx")
    file = folder / "network.xml"
    openvino.save_model(model, file, compress_to_fp16=False)
    hint = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    compiled = openvino.Core().compile_model(model, "CPU", hint)
    depthwise = sum(op.get_type_name() == "GroupConvolution" for op in model.get_ops())
    return Converted(lambda images: compiled(images)[0], depthwise, file.with_suffix(".bin"))


def to_executorch(subject: Subject, folder: Path) -> Converted:
    """Through torch.export and XNNPACK; depthwise are the convolutions with groups before XNNPACK takes them over."""
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import to_edge, to_edge_transform_and_lower
    from executorch.runtime import Runtime

    sample = (torch.zeros(1, *subject.shape),)
    exported = torch.export.export(_folding(subject.network), sample)
    nodes = to_edge(exported).exported_program().graph.nodes
    convolutions = [node for node in nodes if "convolution" in str(node.target)]
    program = to_edge_transform_and_lower(exported, partitioner=[XnnpackPartitioner()]).to_executorch()
    file = folder / "network.pte"
    file.write_bytes(program.buffer)
    content = file.read_bytes()
    loaded = Runtime.get().load_program(content)
    forward = loaded.load_method("forward")

    def run(images: np.ndarray, owners=(content, loaded)) -> np.ndarray:
        # a method does not keep its program alive, nor the program its bytes
        return np.concatenate([forward.execute([torch.from_numpy(image[None])])[0].numpy().copy() for image in images])

    return Converted(run, sum(int(node.args[-1]) > 1 for node in convolutions), file)


class _Affine(nn.Module):
    """A batch norm of inference as a product and a sum."""

    def __init__(self, norm: nn.BatchNorm2d):
        super().__init__()
        scale = (norm.running_var + norm.eps).rsqrt() * (1 if norm.weight is None else norm.weight)
        shift = (0 if norm.bias is None else norm.bias) - norm.running_mean * scale
        self.register_buffer("scale", scale.detach()[:, None, None].clone())
        self.register_buffer("shift", shift.detach()[:, None, None].clone())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale + self.shift


def _folding(network: nn.Module) -> nn.Module:
    """A copy in which batch norms that no convolution before them takes in are products and sums.

    ExecuTorch 1.5 makes depthwise convolutions of those. It names their constants after the scale, so that ones without a scale share the first one's, and
    fails where one follows another.
    """
    traced = torch.fx.symbolic_trace(copy.deepcopy(network))
    modules = dict(traced.named_modules())
    for node in traced.graph.nodes:
        if node.op == "call_module" and isinstance(norm := modules[node.target], nn.BatchNorm2d):
            before = node.args[0]
            is_folded = before.op == "call_module" and isinstance(modules[before.target], nn.Conv2d) and len(before.users) == 1
            if not is_folded:
                traced.set_submodule(node.target, _Affine(norm))
    return traced


def to_coreml(subject: Subject, folder: Path) -> Converted:
    """By CoreML Tools, which convert on any system; Apple's alone run the result."""
    import coremltools

    exported = torch.export.export(subject.network, (torch.zeros(1, *subject.shape),)).run_decompositions({})
    model = coremltools.convert(exported, compute_precision=coremltools.precision.FLOAT32)
    file = folder / "network.mlpackage"
    model.save(str(file))
    convolutions = [op for op in model._mil_program.functions["main"].operations if op.op_type == "conv"]
    weights = next(file.rglob("weight.bin"))
    return Converted(None, sum(int(op.groups.val) > 1 for op in convolutions), weights)


def to_litert(subject: Subject, folder: Path) -> Converted:
    """By litert-torch, images with channels last."""
    import litert_torch

    sample = torch.zeros(1, *subject.shape).permute(0, 2, 3, 1).contiguous()
    outputs = [0] if subject.task in ("dense", "features") else None
    last = litert_torch.to_channel_last_io(subject.network, args=[0], outputs=outputs).eval()
    file = folder / "litert.tflite"
    litert_torch.convert(last, (sample,), strict_export=False).export(str(file))
    return _tflite(file)


def to_archgen(subject: Subject, folder: Path) -> Converted:
    """The TensorFlow Lite file that archgen writes itself."""
    return _tflite(folder / "trained.tflite")


def quantized(source: str, bits: int) -> Callable[[Subject, Path], Converted]:
    """Weights of 8 bits by channel and maps of 8 or 16 bits, by ai-edge-quantizer from a float file of the folder.

    Ranges of maps are the extremes over 64 images as representative set. The quantizer's own way is a moving average of the images'
    extremes: half of all images are then cut off somewhere in every map, and behind 250 maps two thirds of the answers are lost, with 16 bits as with 8.
    """

    def convert(subject: Subject, folder: Path) -> Converted:
        from ai_edge_quantizer import calibrator, quantizer, recipe, recipe_manager
        from ai_edge_quantizer.utils import qsv_utils

        chosen = recipe.static_wi8_ai8() if bits == 8 else recipe.static_wi8_ai16()
        float_file = str(folder / f"{source}.tflite")
        quantizing = quantizer.Quantizer(float_file)
        quantizing.load_quantization_recipe(chosen)
        images = subject.representative().permute(0, 2, 3, 1).contiguous().numpy()
        signature, (argument,) = _signature(float_file)
        manager = recipe_manager.RecipeManager()
        manager.load_quantization_recipe(chosen)
        mode = calibrator.CalibrationMode.CALIBRATION_PRESERVE_ALL_TENSORS
        measuring = calibrator.Calibrator(float_file, num_threads=1, mode=mode, qsv_update_func=qsv_utils.min_max_update)
        measuring.calibrate({signature: [{argument: image[None]} for image in images]}, manager)
        ranges = measuring.get_model_qsvs()
        file = folder / f"{source}-int{bits}.tflite"
        quantizing.quantize(ranges, enable_progress_report=False).export_model(str(file), overwrite=True)
        keep_constants_inside(file)
        return _tflite(file)

    return convert


def keep_constants_inside(file: Path) -> None:
    """Rewrites a .tflite file with its constants in the flatbuffer.

    ai-edge-quantizer puts them behind it from 256 KiB on, where TensorFlow Lite Micro does not look: it takes weights for maps and plans them into the arena.
    """
    from ai_edge_litert.tools import flatbuffer_utils

    flatbuffer_utils.write_model(flatbuffer_utils.read_model_from_bytearray(bytearray(file.read_bytes())), str(file))


def _signature(file: str) -> tuple[str, list[str]]:
    from ai_edge_litert.interpreter import Interpreter

    (name, arguments), *_ = Interpreter(file).get_signature_list().items()
    return name, arguments["inputs"]


def _tflite(file: Path) -> Converted:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(file), num_threads=1)
    interpreter.allocate_tensors()
    (read,), (written,) = interpreter.get_input_details(), interpreter.get_output_details()

    def run(images: np.ndarray) -> np.ndarray:
        return np.concatenate([_one(image) for image in images])

    def _one(image: np.ndarray) -> np.ndarray:
        interpreter.set_tensor(read["index"], _quantized(image.transpose(1, 2, 0)[None], read))
        interpreter.invoke()
        return first_channels(_restored(interpreter.get_tensor(written["index"]), written))

    depthwise = sum(op["op_name"] == "DEPTHWISE_CONV_2D" for op in interpreter._get_ops_details())
    return Converted(run, depthwise, file)


def first_channels(output: np.ndarray) -> np.ndarray:
    """Maps [n, height, width, channels] as [n, channels, height, width]; vectors as they are."""
    return output.transpose(0, 3, 1, 2) if output.ndim == 4 else output


def _quantized(values: np.ndarray, details: dict) -> np.ndarray:
    if details["dtype"] == np.float32:
        return values
    scale, zero = details["quantization"]
    limits = np.iinfo(details["dtype"])
    return np.clip(np.round(values / scale) + zero, limits.min, limits.max).astype(details["dtype"])


def _restored(values: np.ndarray, details: dict) -> np.ndarray:
    if details["dtype"] == np.float32:
        return values
    scale, zero = details["quantization"]
    return (values.astype(np.float32) - zero) * scale


CONVERTERS: dict[str, Callable[[Subject, Path], Converted]] = {
    "onnxruntime": to_onnxruntime,
    "openvino": to_openvino,
    "litert-torch": to_litert,
    "litert-torch-int8": quantized("litert", 8),
    "litert-torch-int16x8": quantized("litert", 16),
    "archgen": to_archgen,
    "archgen-int8": quantized("trained", 8),
    "archgen-int16x8": quantized("trained", 16),
    "executorch": to_executorch,
    "coreml": to_coreml,
}
"""In an order in which each finds what it reads from the one before; `archgen` are TensorFlow Lite files written without a converter."""
