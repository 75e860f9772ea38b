"""Times T-CET in PyTorch: `python bench_scoring.py LAYERS.json [--batch 64] [--threads 2] [--runs 3]`.

LAYERS.json is a layer list (see archgen_reference/layer_list.py). Prints one JSON document: seconds of each run, the time of the
sign-code half and the saliency half, peak resident memory and the score of the last run.

The fastest reasonable way in eager PyTorch: no module hooks on layers that are not needed, codes as float32 so that K is a matrix
product of the tuned library, K taken layer by layer so that codes never pile up, and one autograd call for all saliencies.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import torch

from archgen_reference.batches import cifar10_batch, normal_batch
from archgen_reference.initialisation import initialise
from archgen_reference.layer_list import LayerListNetwork
from archgen_reference.proxies import log_determinant, output_kernels, saliencies, saliency_sums, tcet


def measure(model: LayerListNetwork, images: torch.Tensor, labels: torch.Tensor) -> dict:
    """One T-CET, batch norm in eval mode: total seconds, its two halves, the score."""
    start = time.perf_counter()
    log_determinants = {name: log_determinant(kernel) for name, kernel in output_kernels(model, images).items()}
    middle = time.perf_counter()
    sums = saliency_sums(saliencies(model, images, labels, "eval"))
    score = tcet(log_determinants, sums)
    end = time.perf_counter()
    return {"seconds": end - start, "codeSeconds": middle - start, "saliencySeconds": end - middle, "tcet": score}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layers", type=Path)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--images", type=Path, help="CIFAR-10 binary file; standard normal images without it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    graph = json.loads(options.layers.read_text())
    model = initialise(LayerListNetwork(graph))
    size, classes = graph["values"][graph["input"]]["size"], graph["values"][graph["output"]]["channels"]
    batch = cifar10_batch(options.images, options.batch) if options.images else normal_batch(options.batch, size, classes)
    runs = [measure(model, *batch) for _ in range(options.runs)]
    print(
        json.dumps(
            {
                "seconds": min(run["seconds"] for run in runs),
                "runs": runs,
                "layerCount": sum(layer["kind"] in ("conv", "linear") for layer in graph["layers"]),
                "tcet": runs[-1]["tcet"],
                "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "threads": options.threads,
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
