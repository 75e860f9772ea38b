"""Times training steps of the G-VAE in PyTorch: `python bench_gvae.py FOLDER --threads 2 --steps 30 [--fused]`.

FOLDER holds start.safetensors (parameters), batch.safetensors and config.json as bench/gvae-step.mjs writes them. Prints one JSON document:
milliseconds of each step, processor time of a step after the first five, and the losses.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

from archgen_reference.gvae import Gvae, optimiser, step

WARM_UP = 5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--fused", action="store_true", help="AdamW in one pass")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    config = json.loads((options.folder / "config.json").read_text())
    model = Gvae(config["size"], config["weights"])
    model.load_state_dict(load_file(options.folder / "start.safetensors"))
    batch = load_file(options.folder / "batch.safetensors")
    batch |= {name: batch[name].long() for name in ("positive", "negative")}
    optimizer = optimiser(model, config, options.fused)
    losses, milliseconds = [], []
    for index in range(options.steps):
        if index == WARM_UP:
            processor = time.process_time()
        began = time.perf_counter()
        losses.append(step(model, optimizer, batch, config, index))
        milliseconds.append((time.perf_counter() - began) * 1000)
    cpu = (time.process_time() - processor) * 1000 / (options.steps - WARM_UP)
    print(json.dumps({"torch": torch.__version__, "milliseconds": milliseconds, "cpuMilliseconds": cpu, "losses": losses}))


if __name__ == "__main__":
    main()
