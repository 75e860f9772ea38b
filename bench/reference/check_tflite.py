"""Runs TensorFlow Lite files of archgen in LiteRT and TensorFlow Lite Micro and compares with onnxruntime: `python check_tflite.py FOLDER`.

FOLDER is written by `node bench/tflite-networks.mjs --out FOLDER`: NAME.onnx and NAME.tflite hold the same network with the same weights. Each answers the same four
images, LiteRT one by one and as a batch, with its built-in kernels and with XNNPACK. Fails where an answer differs by more than 1e-4 of the largest output, where the
image does not matter to the output, or where a depthwise convolution is none. Prints a table in Markdown: `spread` is the largest difference between answers to
different images, `onnxruntime` that between onnxruntime with and without its graph optimisations, both by the largest output.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from ai_edge_litert.interpreter import Interpreter, OpResolverType

from archgen_reference.converters import first_channels
from archgen_reference.microcontroller import micro_answers

TOLERANCE = 1e-4
KERNELS = {"LiteRT": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES, "XNNPACK": OpResolverType.AUTO}


def litert(file: Path, images: np.ndarray, kernels: OpResolverType) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Answers to the images one by one and as one batch, and the operators."""
    alone, together = (Interpreter(str(file), num_threads=1, experimental_op_resolver_type=kernels) for _ in range(2))
    runner = alone.get_signature_runner("serving_default")
    single = np.concatenate([next(iter(runner(images=image[None]).values())) for image in images])
    operators = [op["op_name"] for op in alone._get_ops_details()]
    (read,), (written,) = together.get_input_details(), together.get_output_details()
    together.resize_tensor_input(read["index"], images.shape)
    together.allocate_tensors()
    together.set_tensor(read["index"], images)
    together.invoke()
    return first_channels(single), first_channels(together.get_tensor(written["index"])), operators


def micro(file: Path, images: np.ndarray) -> np.ndarray | str:
    """Answers of TensorFlow Lite Micro's interpreter, or why there are none."""
    try:
        return first_channels(micro_answers(file, images))
    except Exception as error:  # a file that does not run is a result
        return f"{type(error).__name__}: {error}"


def images_of(shape: list[int]) -> np.ndarray:
    """Four images of noise, each with a contrast and a colour of its own."""
    random = np.random.default_rng(3)
    noise, colours = random.standard_normal((4, *shape)), random.standard_normal((4, shape[0], 1, 1))
    contrasts = np.array([0.5, 1, 1.5, 2]).reshape(4, 1, 1, 1)
    return (contrasts * noise + colours).astype(np.float32)


def onnx_answers(file: Path, images: np.ndarray, level: onnxruntime.GraphOptimizationLevel) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return session.run(None, {"images": images})[0]


def check(file: Path) -> dict:
    """One network: deviations by the largest output."""
    graph = onnx.load(file.with_suffix(".onnx")).graph
    shape = [side.dim_value for side in graph.input[0].type.tensor_type.shape.dim[1:]]
    images = images_of(shape)
    levels = onnxruntime.GraphOptimizationLevel
    expected, plain = (onnx_answers(file.with_suffix(".onnx"), images, level) for level in (levels.ORT_ENABLE_ALL, levels.ORT_DISABLE_ALL))
    largest = np.abs(expected).max()
    last = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    deviations, operators = {}, []
    for name, kernels in KERNELS.items():
        single, batch, found = litert(file, last, kernels)
        assert single.shape == batch.shape == expected.shape, (single.shape, batch.shape, expected.shape)
        deviations[name] = max(np.abs(answer - expected).max() / largest for answer in (single, batch))
        operators = operators or found
    answer = micro(file, last[:1])
    if not isinstance(answer, str):
        deviations["TensorFlow Lite Micro"] = np.abs(answer - expected[:1]).max() / largest
    groups = [a.i for node in graph.node for a in node.attribute if a.name == "group"]
    return {
        "network": file.stem,
        "images": "×".join(map(str, shape)),
        "outputs": "×".join(map(str, expected.shape[1:])),
        "operators": len(operators),
        "depthwise": (operators.count("DEPTHWISE_CONV_2D"), sum(group > 1 for group in groups)),
        "rounding": float(np.abs(plain - expected).max() / largest),
        "spread": float(np.abs(expected - expected[:1]).max() / largest),
        "deviations": deviations,
        "micro": answer if isinstance(answer, str) else "",
        "bytes": file.stat().st_size,
    }


def passes(row: dict) -> bool:
    kept, expected = row["depthwise"]
    return kept == expected and row["spread"] > 100 * TOLERANCE and all(value <= TOLERANCE for value in row["deviations"].values())


def table(rows: list[dict]) -> str:
    columns = [*KERNELS, "TensorFlow Lite Micro"]
    lines = [f"| network | images | outputs | operators | depthwise | MB | spread | onnxruntime | {' | '.join(columns)} |", "|---" * (8 + len(columns)) + "|"]
    for row in rows:
        kept, expected = row["depthwise"]
        values = [f"{row['deviations'][name]:.0e}" if name in row["deviations"] else row["micro"] for name in columns]
        cells = [row["network"], row["images"], row["outputs"], str(row["operators"]), f"{kept}/{expected}", f"{row['bytes'] / 1e6:.1f}"]
        cells += [f"{row['spread']:.2f}", f"{row['rounding']:.0e}"]
        lines.append(f"| {' | '.join(cells + values)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    rows = [check(file) for file in sorted(options.folder.glob("*.tflite"))]
    print(table(rows))
    failed = [row["network"] for row in rows if not passes(row)]
    print(f"{len(rows)} networks, {len(failed)} fail {failed or ''}", file=sys.stderr)
    sys.exit(1 if failed or not rows else 0)


if __name__ == "__main__":
    main()
