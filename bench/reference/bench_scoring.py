"""Times a score in PyTorch: `python bench_scoring.py LAYERS.json [--score tcet|z] [--batch 64] [--micro-batch N] [--threads 2] [--runs 3]`.

LAYERS.json is a layer list (see archgen_reference/layer_list.py). Prints one JSON document: seconds of each run and the fastest, seconds
from the start of the process to the first score, peak resident memory, the scores, and the operations a second of a large matrix product.

The fastest reasonable way in eager PyTorch: codes as float32 so that K is a matrix product of the tuned library, K taken layer by layer
so that codes never pile up, one autograd call for all saliencies, and, as batch norm is in eval mode for both halves, one forward pass
for codes and saliencies together. With --micro-batch the codes take a pass of their own without gradients and the saliencies are added
up over micro-batches, which bounds memory and can be faster where fresh memory is what costs. The z vector (NASWOT with batch norm in
eval mode, SNIP-SSNR in train mode) needs two forward passes.
"""

import time

# Before the other imports: they are part of the time to a first score.
BEGAN = time.perf_counter()

import argparse
import json
import resource
from functools import partial
from pathlib import Path

import torch

from archgen_reference.batches import cifar10_batch, normal_batch
from archgen_reference.initialisation import initialise
from archgen_reference.layer_list import LayerListNetwork
from archgen_reference.proxies import layers, log_determinant, output_kernels, saliencies, saliency_sums, snip_ssnr, tcet, watching


def measure(model: LayerListNetwork, images: torch.Tensor, labels: torch.Tensor, micro_batch: int | None) -> dict:
    """One T-CET, batch norm in eval mode."""
    start = time.perf_counter()
    if micro_batch is None:
        with watching(layers(model), "output") as kernels:
            saliency = saliencies(model, images, labels, "eval")
    else:
        kernels = output_kernels(model, images)
        saliency = saliencies(model, images, labels, "eval", micro_batch)
    log_determinants = {name: log_determinant(kernel) for name, kernel in kernels.items()}
    score = tcet(log_determinants, saliency_sums(saliency))
    return {"seconds": time.perf_counter() - start, "tcet": score}


def measure_z(model: LayerListNetwork, images: torch.Tensor, labels: torch.Tensor) -> dict:
    """NASWOT and SNIP-SSNR of the z vector."""
    start = time.perf_counter()
    naswot = log_determinant(sum(output_kernels(model, images).values()))
    ssnr = snip_ssnr(saliency_sums(saliencies(model, images, labels, "train")))
    return {"seconds": time.perf_counter() - start, "naswot": naswot, "snipSsnr": ssnr}


def product_rate(size: int = 2048, runs: int = 7) -> float:
    """Floating-point operations a second of the fastest of a few float32 matrix products: the roof of convolutions."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        a @ b
        seconds.append(time.perf_counter() - start)
    return 2 * size**3 / min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layers", type=Path)
    parser.add_argument("--score", choices=["tcet", "z"], default="tcet")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--micro-batch", type=int, help="the whole batch unless given")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--images", type=Path, help="CIFAR-10 binary file; standard normal images without it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    graph = json.loads(options.layers.read_text())
    model = initialise(LayerListNetwork(graph))
    size, classes = graph["values"][graph["input"]]["height"], graph["values"][graph["output"]]["channels"]
    batch = cifar10_batch(options.images, options.batch) if options.images else normal_batch(options.batch, size, classes)
    run = measure_z if options.score == "z" else partial(measure, micro_batch=options.micro_batch)
    runs = [run(model, *batch)]
    cold = time.perf_counter() - BEGAN
    runs += [run(model, *batch) for _ in range(options.runs - 1)]
    print(
        json.dumps(
            {
                "seconds": min(run["seconds"] for run in runs),
                "runs": runs,
                "coldSeconds": cold,
                "layerCount": sum(layer["kind"] in ("conv", "linear") for layer in graph["layers"]),
                "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "productRate": product_rate(),
                "batch": options.batch,
                "microBatch": options.micro_batch,
                "threads": options.threads,
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
