"""Times sampling by a denoiser of discrete diffusion in PyTorch: `python bench_denoising.py FOLDER [--count 512] [--steps 20] [--guidance 2]`.

FOLDER is written by `archgen train discrete`. All graphs are asked for the target class of the first metric, if there is one, and are one batch. They are
drawn once before the clock starts. Prints one JSON document: seconds of each run, and node and pair classes of the graphs of the last one.
"""

import argparse
import json
import math
import time
from pathlib import Path

import onnx
import torch
from onnx.numpy_helper import to_array
from torch import Tensor
from torch.nn.functional import one_hot

from archgen_reference.discrete_diffusion import denoiser
from archgen_reference.score_diffusion import Network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=512)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    description = json.loads((options.folder / "denoiser.json").read_text())
    stored = onnx.load(options.folder / "denoiser.onnx").graph.initializer
    weights = {each.name.removesuffix("/float16"): torch.from_numpy(to_array(each).copy()).float() for each in stored}
    with torch.inference_mode():
        sample(weights, description, options)
        runs = [sample(weights, description, options) for _ in range(options.runs)]
    nodes, pairs = runs[-1][1]
    result = {"seconds": [seconds for seconds, _ in runs], "nodes": nodes.flatten().tolist(), "pairs": pairs.flatten().tolist()}
    print(json.dumps({"peer": f"PyTorch {torch.__version__}", **result}))


def sample(weights: dict[str, Tensor], description: dict, options: argparse.Namespace) -> tuple[float, tuple[Tensor, Tensor]]:
    began = time.perf_counter()
    net, size, schedule = Network(weights), description["size"], description["schedule"]
    n = description["shape"]["nodes"]
    upper = torch.triu_indices(n, n, 1)
    node_share, pair_share = (torch.tensor(description["marginals"][name]) for name in ("nodes", "edges"))
    condition = condition_of(description, options.count)
    nodes = torch.multinomial(node_share, options.count * n, True).reshape(options.count, n)
    pairs = torch.multinomial(pair_share, options.count * upper.shape[1], True).reshape(options.count, -1)
    times = [round(schedule["steps"] * (options.steps - i) / options.steps) for i in range(options.steps + 1)]
    for later, earlier in zip(times, times[1:]):
        square = torch.zeros(options.count, n, n, len(pair_share))
        square[:, upper[0], upper[1]] = square[:, upper[1], upper[0]] = one_hot(pairs, len(pair_share)).float()
        told = torch.full((options.count, 1), float(later)) if size["time"] else None
        logits = guided(net, (one_hot(nodes, len(node_share)).float(), square, condition, told), size, options.guidance)
        kept = kept_share(schedule, earlier), kept_share(schedule, later)
        nodes = step_back(nodes, logits[0], node_share, *kept)
        pairs = step_back(pairs, logits[1][:, upper[0], upper[1]], pair_share, *kept)
    return time.perf_counter() - began, (nodes, pairs)


def condition_of(description: dict, count: int) -> Tensor | None:
    metrics = len(description["metrics"])
    if metrics == 0:
        return None
    condition = torch.zeros(count, 2 * metrics)
    condition[:, 1] = 1
    return condition


def guided(net: Network, inputs: tuple, size: dict, guidance: float) -> tuple[Tensor, Tensor]:
    nodes, edges, condition, told = inputs
    if condition is None or guidance == 0:
        return denoiser(net, nodes, edges, condition, told, size)
    twice = [None if x is None else torch.cat([x, x]) for x in (nodes, edges, told)]
    both = denoiser(net, twice[0], twice[1], torch.cat([condition, torch.zeros_like(condition)]), twice[2], size)
    halves = [logits.chunk(2) for logits in both]
    return tuple((1 + guidance) * led - guidance * free for led, free in halves)


def kept_share(schedule: dict, t: int) -> float:
    if t >= schedule["steps"]:
        return 0.0
    offset = schedule["offset"]
    squares = [math.cos(math.pi / 2 * (u + offset) / (1 + offset)) ** 2 for u in (t / schedule["steps"], 0)]
    return squares[0] / squares[1]


def step_back(labels: Tensor, logits: Tensor, share: Tensor, earlier: float, later: float) -> Tensor:
    """A draw of Σ p(x0 | xt) q(xs | xt, x0)."""
    kinds = len(share)
    to_earlier, between, to_later = (kept * torch.eye(kinds) + (1 - kept) * share for kept in (earlier, later / earlier, later))
    estimate = logits.softmax(-1) / to_later[:, labels].movedim(0, -1).clamp_min(1e-30)
    probabilities = (estimate @ to_earlier) * between[:, labels].movedim(0, -1)
    return torch.multinomial(probabilities.reshape(-1, kinds), 1).reshape(labels.shape)


if __name__ == "__main__":
    main()
