"""Writes the recorded values that archgen's tests compare with: `python record_layer_fixtures.py [--libs ../../libs]`."""

import argparse
from pathlib import Path

from archgen_reference.fixtures.discrete_diffusion import denoiser_document
from archgen_reference.fixtures.dopri5 import dopri5_document
from archgen_reference.fixtures.encoding import write
from archgen_reference.fixtures.flow import flow_document
from archgen_reference.fixtures.gpt_neo import gpt_neo_document
from archgen_reference.fixtures.gradients import gradient_document
from archgen_reference.fixtures.mixture import mixture_document
from archgen_reference.fixtures.score_diffusion import score_document

FIXTURES = {
    "tensor-graph/fixtures/gradients.json": gradient_document,
    "ccnf/fixtures/flow.json": flow_document,
    "discrete-diffusion/fixtures/denoisers.json": denoiser_document,
    "mixture/fixtures/sklearn.json": mixture_document,
    "ode/fixtures/dopri5.json": dopri5_document,
    "score-diffusion/fixtures/networks.json": score_document,
    "seqgen/fixtures/gpt-neo-tiny.json": gpt_neo_document,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--libs", type=Path, default=Path(__file__).parents[2] / "libs", help="folder of the packages")
    libs = parser.parse_args().libs
    for path, document in FIXTURES.items():
        write(libs / path, document())


if __name__ == "__main__":
    main()
