"""Compares archgen's memory on small devices with what TensorFlow Lite Micro takes: `python check_microcontrollers.py FOLDER/*`.

FOLDERs hold `network-1.json` and the int8 files that `check_conversions.py` wrote: `trained-int8.tflite` of the file that archgen writes itself,
`litert-int8.tflite` of litert-torch. `archgen count` says what the schedule of
docs/tasks.md needs; the interpreter runs each file once and says what it allocated. Fails where the maps of the interpreter take more than the schedule
says, beyond 16 bytes of alignment for each of 64 maps. Prints a table, or with `--json` one document.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from archgen_reference.converters import ARCHGEN
from archgen_reference.microcontroller import arena_of, flatbuffer_of

FILES = {"archgen": "trained-int8.tflite", "litert-torch": "litert-int8.tflite"}
ALIGNMENT = 64 * 16


def compare(folder: Path) -> dict:
    """Schedule and interpreter of one network, in bytes."""
    command = ["node", str(ARCHGEN), "count", "--network", str(folder / "network-1.json"), "--json"]
    counts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {writer: folder / name for writer, name in FILES.items() if (folder / name).exists()}
    arenas = {writer: arena_of(file) for writer, file in found.items()}
    most = counts["peakActivationBytesInt8"] + ALIGNMENT
    return {
        "network": folder.name,
        "peakActivationBytes": counts["peakActivationBytesInt8"],
        "weightBytes": counts["weightBytesInt8"],
        "layerCount": counts["layerCount"],
        "arenas": {writer: asdict(arena) for writer, arena in arenas.items()},
        "flatbuffers": {writer: asdict(flatbuffer_of(file)) for writer, file in found.items()},
        "holds": all(arena.head <= most for arena in arenas.values()),
    }


def kibibytes(value: int, bound: int | None = None) -> str:
    """KiB, with the ratio to a bound."""
    return f"{value / 1024:.1f}" + ("" if bound is None else f" ({value / bound:.3f})")


def table(rows: list[dict]) -> str:
    """Kibibytes and ratios in Markdown; structures, operators and constants of the first file of each network."""
    maps = " | ".join(f"arena, {writer}" for writer in FILES)
    columns = f"network | maps by schedule | {maps} | structures | operators | weights by schedule | constants | file without names"
    lines = [f"| {columns} |", "|---" * (columns.count("|") + 1) + "|"]
    for row in rows:
        heads = {writer: kibibytes(arena["head"], row["peakActivationBytes"]) for writer, arena in row["arenas"].items()}
        writer = next(iter(heads))
        arena, flatbuffer = row["arenas"][writer], row["flatbuffers"][writer]
        cells = [row["network"], kibibytes(row["peakActivationBytes"]), *(heads.get(name, "") for name in FILES), kibibytes(arena["tail"])]
        cells += [str(flatbuffer["operators"]), kibibytes(row["weightBytes"]), kibibytes(flatbuffer["constants"], row["weightBytes"])]
        lines.append(f"| {' | '.join([*cells, kibibytes(flatbuffer['unnamed'])])} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [compare(folder) for folder in options.folders if any((folder / name).exists() for name in FILES.values())]
    print(json.dumps(rows) if options.json else table(rows))
    sys.exit(0 if rows and all(row["holds"] for row in rows) else 1)


if __name__ == "__main__":
    main()
