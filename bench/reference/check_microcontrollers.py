"""Compares archgen's memory on small devices with what TensorFlow Lite Micro takes: `python check_microcontrollers.py FOLDER/*`.

FOLDERs hold `network-1.json` and the `network-int8.tflite` that `check_conversions.py` wrote. `archgen count` says what the schedule of
docs/tasks.md needs; the interpreter runs the file once and says what it allocated. Fails where the maps of the interpreter take more than the schedule
says, beyond 16 bytes of alignment for each of 64 maps. Prints a table, or with `--json` one document.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from archgen_reference.microcontroller import arena_of, flatbuffer_of

ARCHGEN = Path(__file__).parents[2] / "tools/cli/bin/archgen.js"
ALIGNMENT = 64 * 16


def compare(folder: Path) -> dict:
    """Schedule and interpreter of one network, in bytes."""
    command = ["node", str(ARCHGEN), "count", "--network", str(folder / "network-1.json"), "--json"]
    counts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    file = folder / "network-int8.tflite"
    arena, flatbuffer = arena_of(file), flatbuffer_of(file)
    return {
        "network": folder.name,
        "peakActivationBytes": counts["peakActivationBytesInt8"],
        "weightBytes": counts["weightBytesInt8"],
        "layerCount": counts["layerCount"],
        "arena": asdict(arena),
        "flatbuffer": asdict(flatbuffer),
        "holds": arena.head <= counts["peakActivationBytesInt8"] + ALIGNMENT,
    }


def table(rows: list[dict]) -> str:
    """Kibibytes and ratios in Markdown."""
    head = "network | maps by schedule | arena, maps and scratch | ratio | arena, structures | operators | weights by schedule | constants | ratio | file without names"
    lines = [f"| {head} |", "|---" * 10 + "|"]
    for row in rows:
        arena, flatbuffer = row["arena"], row["flatbuffer"]
        kibibytes = [row["peakActivationBytes"], arena["head"], arena["tail"], row["weightBytes"], flatbuffer["constants"], flatbuffer["unnamed"]]
        peak, head, tail, weights, constants, unnamed = (f"{value / 1024:.1f}" for value in kibibytes)
        ratios = [f"{arena['head'] / row['peakActivationBytes']:.2f}", f"{flatbuffer['constants'] / row['weightBytes']:.3f}"]
        cells = [row["network"], peak, head, ratios[0], tail, str(flatbuffer["operators"]), weights, constants, ratios[1], unnamed]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = [compare(folder) for folder in options.folders if (folder / "network-int8.tflite").exists()]
    print(json.dumps(rows) if options.json else table(rows))
    sys.exit(0 if rows and all(row["holds"] for row in rows) else 1)


if __name__ == "__main__":
    main()
