"""Writes every proxy of the parity networks as PyTorch gives it: `python record_parity_fixtures.py [--folder ../../libs/proxies/fixtures]`."""

import argparse
from pathlib import Path

import torch

from archgen_reference.fixtures.encoding import write
from archgen_reference.fixtures.parity import parity_document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[2] / "libs/proxies/fixtures")
    torch.set_num_threads(1)  # the networks are small: more threads only wait for each other
    folder = parser.parse_args().folder
    write(folder / "parity.json", parity_document(folder / "parity-subjects.json"))


if __name__ == "__main__":
    main()
