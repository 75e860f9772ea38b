"""Checks this package against published figures: `python check_reference.py [--data FOLDER]`.

Without the data folder (CIFAR-10 images, released architectures) the checks that need it are reported as skipped.
"""

import argparse
import json
from pathlib import Path

from archgen_reference.batches import cifar10_batch
from archgen_reference.counts import count
from archgen_reference.imports import BEST_NATS, cell_from_nasbench201, network_from_graphnet
from archgen_reference.initialisation import initialise
from archgen_reference.network import Network, alpha_network
from archgen_reference.proxies import score


def check_best_nats_counts() -> str:
    counts = count(Network(alpha_network(cell_from_nasbench201(BEST_NATS))), 32)
    assert counts["parameterCount"] == 1_148_474 and counts["flopCount"] == 326_665_492 and counts["layerCount"] == 89, counts
    return str(counts)


def check_released(path: Path) -> str:
    records = json.loads(path.read_text())["archs"]
    for record in records:
        counts = count(Network(network_from_graphnet(record)), record["input"])
        assert counts["parameterCount"] == record["params"], (record["set"], record["index"], counts)
        assert counts["flopCount"] == record["flops"], (record["set"], record["index"], counts)
    return f"{len(records)} released architectures exact"


def check_best_nats_scores(path: Path) -> str:
    model = initialise(Network(alpha_network(cell_from_nasbench201(BEST_NATS))))
    scores = score(model, *cifar10_batch(path, 64))
    del scores["layers"]
    assert abs(scores["naswot"] - 790) <= 10, scores
    assert abs(scores["snip_ssnr"] - 80) <= 3, scores
    return str(scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with graphnet/ and cifar10/")
    data = parser.parse_args().data
    print("counts of the best NATS-Bench cell:", check_best_nats_counts())
    if data is None:
        print("released architectures, scores of the best NATS-Bench cell: skipped, no --data")
        return
    print(check_released(data / "graphnet/released-architectures.json"))
    print("scores of the best NATS-Bench cell:", check_best_nats_scores(next((data / "cifar10").glob("*.bin"))))


if __name__ == "__main__":
    main()
