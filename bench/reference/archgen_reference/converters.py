"""Conversions of a network to what devices run, each with its interpreter and the number of depthwise convolutions that it kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .exported import Subject


@dataclass
class Converted:
    """A converted network."""

    run: Callable[[np.ndarray], np.ndarray]
    """Images [batch, channels, height, width] to outputs in PyTorch's order of axes."""
    depthwise: int
    file: Path


def to_onnxruntime(subject: Subject, folder: Path) -> Converted:
    """The exported ONNX file itself with the weights of the module: its initialisers have the names of the state_dict."""
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

    model = onnx.load(folder / "network-1.onnx")
    weights = {name: value.numpy() for name, value in subject.network.state_dict().items()}
    for tensor in model.graph.initializer:
        if tensor.name in weights:
            tensor.CopyFrom(numpy_helper.from_array(weights[tensor.name], tensor.name))
    file = folder / "trained.onnx"
    onnx.save(model, file)
    onnx.checker.check_model(str(file), full_check=True)
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    groups = [
        helper.get_attribute_value(a) for node in model.graph.node if node.op_type == "Conv" for a in node.attribute if a.name == "group"
    ]
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
    exported = torch.export.export(subject.network, sample)
    nodes = to_edge(exported).exported_program().graph.nodes
    convolutions = [node for node in nodes if "convolution" in str(node.target)]
    program = to_edge_transform_and_lower(exported, partitioner=[XnnpackPartitioner()]).to_executorch()
    file = folder / "network.pte"
    file.write_bytes(program.buffer)
    forward = Runtime.get().load_program(file.read_bytes()).load_method("forward")

    def run(images: np.ndarray) -> np.ndarray:
        return np.concatenate([forward.execute([torch.from_numpy(image[None])])[0].numpy().copy() for image in images])

    return Converted(run, sum(int(node.args[-1]) > 1 for node in convolutions), file)


def to_tflite(subject: Subject, folder: Path) -> Converted:
    """By litert-torch, images with channels last."""
    import litert_torch

    sample = torch.zeros(1, *subject.shape).permute(0, 2, 3, 1).contiguous()
    outputs = [0] if subject.task in ("dense", "features") else None
    last = litert_torch.to_channel_last_io(subject.network, args=[0], outputs=outputs).eval()
    file = folder / "network.tflite"
    litert_torch.convert(last, (sample,), strict_export=False).export(str(file))
    return _tflite(file)


def to_tflite_int8(subject: Subject, folder: Path) -> Converted:
    """Weights by channel and maps of 8 bits."""
    from ai_edge_quantizer import recipe

    return _quantize(subject, folder, recipe.static_wi8_ai8(), "network-int8.tflite")


def to_tflite_int16x8(subject: Subject, folder: Path) -> Converted:
    """Weights by channel of 8 bits, maps of 16: shows what of an error is the resolution of the maps."""
    from ai_edge_quantizer import recipe

    return _quantize(subject, folder, recipe.static_wi8_ai16(), "network-int16x8.tflite")


def _quantize(subject: Subject, folder: Path, recipe: list, name: str) -> Converted:
    """From the float file by ai-edge-quantizer; ranges of maps are the extremes over 32 images as representative set.

    The quantizer's own way is a moving average of the images' extremes: half of all images are then cut off somewhere in every map, and 250 maps
    behind each other leave two thirds of the answers, with 16 bits as with 8.
    """
    from ai_edge_quantizer import calibrator, quantizer, recipe_manager
    from ai_edge_quantizer.utils import qsv_utils

    quantizing = quantizer.Quantizer(str(folder / "network.tflite"))
    quantizing.load_quantization_recipe(recipe)
    images = subject.images(32, seed=7)[0].permute(0, 2, 3, 1).contiguous().numpy()
    signature, (argument,) = _signature(folder / "network.tflite")
    manager = recipe_manager.RecipeManager()
    manager.load_quantization_recipe(recipe)
    mode = calibrator.CalibrationMode.CALIBRATION_PRESERVE_ALL_TENSORS
    measuring = calibrator.Calibrator(str(folder / "network.tflite"), num_threads=1, mode=mode, qsv_update_func=qsv_utils.min_max_update)
    measuring.calibrate({signature: [{argument: image[None]} for image in images]}, manager)
    ranges = measuring.get_model_qsvs()
    file = folder / name
    quantizing.quantize(ranges, enable_progress_report=False).export_model(str(file), overwrite=True)
    return _tflite(file)


def _signature(file: Path) -> tuple[str, list[str]]:
    from ai_edge_litert.interpreter import Interpreter

    (name, arguments), *_ = Interpreter(str(file)).get_signature_list().items()
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
    "tflite": to_tflite,
    "tflite-int8": to_tflite_int8,
    "tflite-int16x8": to_tflite_int16x8,
    "executorch": to_executorch,
}
"""In an order in which each finds what it reads from the one before."""
