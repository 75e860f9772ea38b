"""Recomputes a recorded score in PyTorch: `python score_record.py DIR [--bn-mode eval|train] [--double]`.

DIR comes from `archgen score --record DIR`: one `.onnx` file with weights, `images.npy` [batch, 3, size, size], `labels.npy` [batch],
and optionally `score.json` with the recorded `naswot`, `snip_ssnr`, `tcet`, `bnMode`, `proxies` and `layers`
(`[{"name", "logDeterminant", "saliency": {"sum", "std"}}]`), and `otherPasses` of the same form. Prints one JSON document with the
recomputed values, and per quantity the largest relative deviation from the recorded layers. Each proxy uses batch norm in the mode it
was recorded in; without a record T-CET uses the mode given, eval by default, and SNIP-SSNR train mode.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch

from archgen_reference.onnx_network import OnnxNetwork
from archgen_reference.proxies import score, snip_ssnr


def recompute(folder: Path, bn_mode: str, double: bool) -> dict:
    """The scores of the recorded network on the recorded batch."""
    model = OnnxNetwork(onnx.load(next(folder.glob("*.onnx"))))
    images = torch.from_numpy(np.load(folder / "images.npy"))
    labels = torch.from_numpy(np.load(folder / "labels.npy").astype(np.int64))
    if double:
        model, images = model.double(), images.double()
    return score(model, images, labels, bn_mode)


def deviations(computed: dict, recorded: list[dict], bn_mode: str) -> dict[str, dict]:
    """Per quantity the layer that deviates most, relative to the larger of both values."""
    worst: dict[str, dict] = {}
    for layer in recorded:
        own = computed[layer["name"]]
        saliency = own["saliency"][bn_mode]
        theirs = layer.get("saliency") or {}
        pairs = {
            "logDeterminant": (own["logDeterminant"] or 0.0, layer.get("logDeterminant")),
            "saliencySum": (saliency["sum"], theirs.get("sum")),
            "saliencyStd": (saliency["std"], theirs.get("std")),
        }
        for quantity, (here, there) in pairs.items():
            if there is None:
                continue
            scale = max(abs(here), abs(there))
            deviation = abs(here - there) / scale if scale > 0 else 0.0
            if deviation >= worst.get(quantity, {"deviation": -1})["deviation"]:
                worst[quantity] = {"deviation": deviation, "layer": layer["name"], "here": here, "recorded": there}
    return worst


def mode_of(proxy: str, passes: list[dict], otherwise: str) -> str:
    """The batch norm mode that a proxy was recorded in."""
    return next((part["bnMode"] for part in passes if proxy in part.get("proxies", ())), otherwise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bn-mode", choices=("eval", "train"), help="of T-CET; the recorded one or eval unless given")
    parser.add_argument("--double", action="store_true", help="compute in float64")
    parser.add_argument("--layers", action="store_true", help="print the values of every layer")
    options = parser.parse_args()
    record_path = options.folder / "score.json"
    record = json.loads(record_path.read_text()) if record_path.exists() else {}
    passes = [record, *record.get("otherPasses", [])] if record else []
    bn_mode = options.bn_mode or mode_of("tcet", passes, "eval")
    ssnr_mode = options.bn_mode or mode_of("snip_ssnr", passes, "train")
    result = recompute(options.folder, bn_mode, options.double)
    layers = result.pop("layers")
    result["snip_ssnr"] = snip_ssnr({name: layer["saliency"][ssnr_mode] for name, layer in layers.items()})
    result["bnModes"] = {"tcet": bn_mode, "snip_ssnr": ssnr_mode}
    result["recorded"] = {key: record[key] for key in ("naswot", "snip_ssnr", "tcet") if key in record}
    result["largestDeviations"] = {part["bnMode"]: deviations(layers, part["layers"], part["bnMode"]) for part in passes}
    print(json.dumps({**result, **({"layers": layers} if options.layers else {})}))


if __name__ == "__main__":
    main()
