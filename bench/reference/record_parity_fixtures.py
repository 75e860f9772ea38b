"""Writes every proxy of the parity networks as PyTorch gives it: `python record_parity_fixtures.py [--only NAME ...]`."""

import argparse
import json
from pathlib import Path

import torch

from archgen_reference.fixtures.encoding import write
from archgen_reference.fixtures.parity import parity_document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[2] / "libs/proxies/fixtures")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="record these subjects anew and keep the others")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the networks are small: more threads only wait for each other
    target = options.folder / "parity.json"
    kept = json.loads(target.read_text())["subjects"] if options.only else []
    known = {record["name"]: record for record in kept if record["name"] not in options.only}
    write(target, parity_document(options.folder / "parity-subjects.json", known))


if __name__ == "__main__":
    main()
