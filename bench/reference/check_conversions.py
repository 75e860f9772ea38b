"""Converts exported networks to what devices run and compares the answers with PyTorch's: `python check_conversions.py FOLDER/* --out conversions.jsonl`.

FOLDERs are written by `bench/export-networks.mjs`. Each network is first trained in rounds of `--steps` steps on patterns under noise (`archgen_reference/training.py`; minutes), of which
it keeps `trained.safetensors`, and `archgen export --weights` writes its ONNX and TensorFlow Lite files. Float conversions must give the same output to 1e-4 of its largest value
(with batches of 1 and 4); of int8 the share of 256 images that neither training nor quantizer saw is reported whose answer is the same one (the class; of multilabel each label; of dense
tasks each place), 95 % at least, and for all tasks the error. Depthwise convolutions must stay depthwise. One JSON line a network and conversion; those that are in the file already are left out, failures are lines too.
`--table` prints the file as Markdown.
"""

import argparse
import copy
import json
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from archgen_reference.converters import CONVERTERS, Converted, export
from archgen_reference.exported import Subject, load_subject
from archgen_reference.training import TASKS, score, train

TOLERANCE = 1e-4
AGREEMENT = 0.95
ANSWERS = {
    "classification": lambda outputs: outputs.argmax(1),
    "dense": lambda outputs: outputs.argmax(1),
    "multilabel": lambda outputs: outputs > 0,
}
"""What outputs say, by task; values and features say no more than they are."""


def compare(subject: Subject, converted: Converted, images: np.ndarray) -> dict:
    """Largest deviation by the largest output, and the share of answers that are the same."""
    with torch.no_grad():
        expected = np.concatenate([subject.network(part).numpy() for part in torch.from_numpy(images).split(32)])
        exact = copy.deepcopy(subject.network).double()(torch.from_numpy(images[:4]).double()).numpy()
    found = converted.run(images)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    again = np.concatenate([converted.run(images[i : i + 1]) for i in range(4)])
    batches = np.abs(again - found[:4]).max()
    result = {
        "difference": float(np.abs(found - expected).max() / np.abs(expected).max()),
        "rounding": float(np.abs(expected[:4] - exact).max() / np.abs(exact).max()),
        "batchDifference": float(batches / np.abs(expected).max()),
        "rootMeanSquare": float(np.sqrt(((found - expected) ** 2).mean() / expected.var())),
    }
    if subject.task in ANSWERS:
        answer = ANSWERS[subject.task]
        result["agreement"] = float((answer(found) == answer(expected)).mean())
    return result


def check(subject: Subject, name: str, folder: Path) -> dict:
    """A conversion compared on 256 images in integers and on 4 in float."""
    quantized = is_quantized(name)
    converted = CONVERTERS[name](subject, folder)
    counts = {"depthwise": converted.depthwise, "expectedDepthwise": subject.depthwise, "bytes": converted.file.stat().st_size}
    kept = converted.depthwise >= subject.depthwise
    if converted.run is None:
        return {**counts, "passed": kept}
    result = compare(subject, converted, subject.unseen(256 if quantized else 4)[0].numpy())
    close = result.get("agreement", 1.0) >= AGREEMENT if quantized else max(result["difference"], result["batchDifference"]) <= TOLERANCE
    return {**result, **counts, "passed": kept and close}


def is_quantized(name: str) -> bool:
    return "-int" in name


def failure(error: Exception) -> str:
    """The last line of an error's message."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1][:200] if lines else ''}"


def trained(folder: Path, steps: int) -> tuple[Subject, float]:
    """The network with the weights of trained.safetensors, made unless they are there, and its score on unseen images."""
    subject, file = load_subject(folder), folder / "trained.safetensors"
    if not file.exists():
        elsewhere = subject.pictures is not None
        result = score(subject.network, TASKS[subject.task], subject, subject.unseen(256)) if elsewhere else train(subject, steps)
        save_file({name: value.contiguous() for name, value in subject.network.state_dict().items()}, file, {"score": str(round(result, 3))})
    subject.network.load_state_dict(load_file(file))
    with safe_open(file, "pt") as opened:
        return subject, float(opened.metadata()["score"])


def checks(folder: Path, names: list[str], steps: int) -> Iterator[dict]:
    """Yields a line for each of the named conversions of a network."""
    subject, reached = trained(folder, steps)
    print(f"{folder.name}: score {reached} on unseen images", file=sys.stderr)
    export(folder)
    for name in names:
        started = time.time()
        try:
            result = check(subject, name, folder)
        except Exception as error:  # a conversion that fails is a result
            traceback.print_exc()
            result = {"failed": failure(error), "passed": False}
        seconds = round(time.time() - started, 1)
        yield {"network": folder.name, "task": subject.task, "shape": subject.shape, "score": reached, "conversion": name, **result, "seconds": seconds}


def cell(line: dict | None) -> str:
    """One conversion of a network in the table."""
    if line is None:
        return ""
    if "failed" in line:
        return "fails"
    kept = f"{line['depthwise']}/{line['expectedDepthwise']}"
    if "difference" not in line:
        return f"not run, {kept}"
    if is_quantized(line["conversion"]):
        agreement = f"{100 * line['agreement']:.1f} %, " if "agreement" in line else ""
        return f"{agreement}{100 * line['rootMeanSquare']:.0f} %, {kept}"
    return f"{line['difference']:.0e}, {kept}"


def table(lines: list[dict]) -> str:
    """Networks by conversions in Markdown."""
    found = {(line["network"], line["conversion"]): line for line in lines}
    rows = [f"| network | images | task | score | {' | '.join(CONVERTERS)} |", "|---" * (4 + len(CONVERTERS)) + "|"]
    for network in dict.fromkeys(line["network"] for line in lines):
        first = next(line for line in lines if line["network"] == network)
        cells = [network, "×".join(map(str, first["shape"])), first["task"], f"{first['score']:.2f}"]
        rows.append(f"| {' | '.join(cells + [cell(found.get((network, name))) for name in CONVERTERS])} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=Path("conversions.jsonl"))
    parser.add_argument("--only", default=",".join(CONVERTERS), help="conversions, comma-separated")
    parser.add_argument("--steps", type=int, default=60, help="of a round of training, 16 images each")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    lines = [json.loads(line) for line in options.out.read_text().splitlines()] if options.out.exists() else []
    done = {(line["network"], line["conversion"]) for line in lines}
    for folder in options.folders:
        names = [name for name in options.only.split(",") if (folder.name, name) not in done]
        for line in checks(folder, names, options.steps) if names else []:
            lines.append(line)
            with options.out.open("a") as file:
                print(json.dumps(line), file=file, flush=True)
            print(json.dumps(line), file=sys.stderr)
    if options.table:
        print(table(lines))
    sys.exit(0 if all(line["passed"] for line in lines) else 1)


if __name__ == "__main__":
    main()
