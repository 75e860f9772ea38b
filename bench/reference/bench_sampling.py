"""Times torchdiffeq's dopri5 on a flow: `python bench_sampling.py FIELD.onnx START.json [--threads 2] [--runs 3]`.

FIELD.onnx holds the weights, START.json the state at t = 0 (`u`), the conditions (`z`), the end time and the tolerance. The flow is
run once before the clock starts. Prints one JSON document: seconds of each run, evaluations of the field, the end state.
"""

import argparse
import json
import time
from pathlib import Path

import onnx
import torch
import torchdiffeq
from onnx.numpy_helper import to_array

from archgen_reference.flow import field


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("field", type=Path)
    parser.add_argument("start", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    graph = onnx.load(options.field).graph
    parameters = {
        tensor.name.removesuffix("/float16"): torch.from_numpy(to_array(tensor).copy()).float()
        for tensor in graph.initializer
    }
    start = json.loads(options.start.read_text())
    u, z = torch.tensor(start["u"]), torch.tensor(start["z"])
    with torch.inference_mode():
        sample(parameters, u, z, start)
        runs = [sample(parameters, u, z, start) for _ in range(options.runs)]
    print(
        json.dumps(
            {
                "peer": f"torchdiffeq {torchdiffeq.__version__}, PyTorch {torch.__version__}",
                "seconds": [seconds for seconds, _, _ in runs],
                "evaluations": runs[0][1],
                "end": runs[0][2].flatten().tolist(),
            }
        )
    )


def sample(parameters: dict, u: torch.Tensor, z: torch.Tensor, start: dict) -> tuple[float, int, torch.Tensor]:
    evaluations = 0

    def rate(t: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
        nonlocal evaluations
        evaluations += 1
        return field(parameters, state, t.expand(len(state), 1), z)

    began = time.perf_counter()
    times = torch.tensor([0.0, start["endTime"]])
    end = torchdiffeq.odeint(rate, u, times, method="dopri5", rtol=start["tolerance"], atol=start["tolerance"])[-1]
    return time.perf_counter() - began, evaluations, end


if __name__ == "__main__":
    main()
