"""Writes every proxy of the parity networks as PyTorch gives it: `python record_parity_fixtures.py [--folder ../../libs/proxies/fixtures]`."""

import argparse
from pathlib import Path

from archgen_reference.fixtures.encoding import write
from archgen_reference.fixtures.parity import parity_document


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[2] / "libs/proxies/fixtures")
    folder = parser.parse_args().folder
    write(folder / "parity.json", parity_document(folder / "parity-subjects.json"))


if __name__ == "__main__":
    main()
