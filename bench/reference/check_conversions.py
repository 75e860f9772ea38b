"""Converts exported networks to what devices run and compares the answers with PyTorch's: `python check_conversions.py FOLDER/* --out conversions.jsonl`.

FOLDERs are written by `bench/export-networks.mjs`. Nobody trained these networks, so images are patterns under noise, batch norms are calibrated on
them and the last linear layer is fitted to them (`archgen_reference/exported.py`). Float conversions must give the same output to 1e-4 of its largest value (ONNX with batches of 1
and 4); of int8 the share of 64 unseen images is reported whose largest output is the same one, for outputs that are no classes the error. One JSON line a network and conversion;
those that are in the file already are left out, failures are lines too. `--table` prints the file as Markdown.
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

from archgen_reference.converters import CONVERTERS, Converted
from archgen_reference.exported import Subject, calibrate, load_subject

TOLERANCE = 1e-4
AGREEMENT = 0.95
WITH_CLASSES = ("classification", "dense")


def compare(subject: Subject, converted: Converted, images: np.ndarray) -> dict:
    """Largest deviation by the largest output, and the share of images (places of maps) with the same largest output."""
    with torch.no_grad():
        expected = subject.network(torch.from_numpy(images)).numpy()
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
    if subject.task in WITH_CLASSES:
        result["agreement"] = float((found.argmax(1) == expected.argmax(1)).mean())
    return result


def check(subject: Subject, name: str, folder: Path) -> dict:
    """A conversion compared on 64 images in int8 and on 4 in float."""
    quantized = "int" in name
    converted = CONVERTERS[name](subject, folder)
    images = subject.images(64 if quantized else 4, seed=11)[0].numpy()
    result = compare(subject, converted, images)
    passed = result.get("agreement", 1.0) >= AGREEMENT if quantized else result["difference"] <= TOLERANCE
    counts = {"depthwise": converted.depthwise, "expectedDepthwise": subject.depthwise}
    return {**result, **counts, "bytes": converted.file.stat().st_size, "passed": passed}


def failure(error: Exception) -> str:
    """The last line of an error's message."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[-1][:200] if lines else ''}"


def checks(folder: Path, names: list[str]) -> Iterator[dict]:
    """Yields a line for each of the named conversions of a network."""
    subject = load_subject(folder)
    right = round(calibrate(subject), 2) if subject.own_images is None else None
    print(f"{folder.name}: {right} of unseen images right", file=sys.stderr)
    for name in names:
        started = time.time()
        try:
            result = check(subject, name, folder)
        except Exception as error:  # a conversion that fails is a result
            traceback.print_exc()
            result = {"failed": failure(error), "passed": False}
        seconds = round(time.time() - started, 1)
        yield {"network": folder.name, "task": subject.task, "shape": subject.shape, "right": right, "conversion": name, **result, "seconds": seconds}


def cell(line: dict | None) -> str:
    """One conversion of a network in the table."""
    if line is None:
        return ""
    if "failed" in line:
        return "fails"
    kept = f"{line['depthwise']}/{line['expectedDepthwise']}"
    if "int" in line["conversion"]:
        agreement = f"{100 * line['agreement']:.0f} %, " if "agreement" in line else ""
        return f"{agreement}{100 * line['rootMeanSquare']:.0f} %, {kept}"
    return f"{line['difference']:.0e}, {kept}"


def table(lines: list[dict]) -> str:
    """Networks by conversions in Markdown."""
    found = {(line["network"], line["conversion"]): line for line in lines}
    rows = [f"| network | images | task | {' | '.join(CONVERTERS)} |", "|---" * (3 + len(CONVERTERS)) + "|"]
    for network in dict.fromkeys(line["network"] for line in lines):
        first = next(line for line in lines if line["network"] == network)
        cells = [network, "×".join(map(str, first["shape"])), first["task"]]
        rows.append(f"| {' | '.join(cells + [cell(found.get((network, name))) for name in CONVERTERS])} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=Path("conversions.jsonl"))
    parser.add_argument("--only", default=",".join(CONVERTERS), help="conversions, comma-separated")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    lines = [json.loads(line) for line in options.out.read_text().splitlines()] if options.out.exists() else []
    done = {(line["network"], line["conversion"]) for line in lines}
    for folder in options.folders:
        names = [name for name in options.only.split(",") if (folder.name, name) not in done]
        for line in checks(folder, names) if names else []:
            lines.append(line)
            with options.out.open("a") as file:
                print(json.dumps(line), file=file, flush=True)
            print(json.dumps(line), file=sys.stderr)
    if options.table:
        print(table(lines))
    sys.exit(0 if all(line["passed"] for line in lines) else 1)


if __name__ == "__main__":
    main()
