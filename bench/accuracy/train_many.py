"""Trains many networks by one recipe on one device, side by side: a JSON line a network, as each ends.

    python train_many.py --networks FOLDER:SEEDS … --peers 30M:3 --data FOLDER --out results.jsonl --minutes 5

FOLDER holds exported Python files (prepare.mjs writes them). Jobs that OUT already has are left out, so that the same command goes on where
it stopped. `--epochs auto` measures the device and takes as many epochs as fit; every network gets the same number.
"""

import argparse
import json
import re
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch

from accuracy.calibrate import calibrate, epochs_that_fit
from accuracy.data import load
from accuracy.jobs import jobs_of
from accuracy.recipe import train
from accuracy.work import Settings, cpu_threads, run_all


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", action="append", default=[], metavar="FOLDER:SEEDS")
    parser.add_argument("--peers", metavar="MACS:SEEDS", help="hand-made networks of so many multiply-accumulates at most")
    parser.add_argument("--data", type=Path, required=True, help="Fashion-MNIST's folder, a CIFAR binary or an .npz file")
    parser.add_argument("--out", type=Path, required=True, help="JSON lines")
    parser.add_argument("--minutes", type=float, default=1e6, help="end after so long, whatever is left")
    parser.add_argument("--epochs", default="auto", help="a number, or auto")
    parser.add_argument("--max-epochs", type=int, default=30, help="of auto")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--lr", type=float, default=0.2)
    parser.add_argument("--flip", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--optimizer", default="sgd", choices=("sgd", "adamw"))
    parser.add_argument("--weight-decay", type=float, default=5e-4)
    parser.add_argument("--calibration-seconds", type=float, default=10.0, help="about so long the device is measured")
    parser.add_argument("--mode", type=json.loads, help='precision, channels_last and graph as JSON; skips measuring with --epochs N')
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--limit", type=int, help="images of each split")
    parser.add_argument("--threads", type=int, help="of each process; the cores shared out without it")
    parser.add_argument("--match", default="", metavar="REGEX", help="only networks whose GROUP/NAME matches")
    parser.add_argument("--only", type=int, help="the first so many jobs")
    return parser.parse_args()


def main() -> None:
    started = time.monotonic()
    options = parse()
    jobs = jobs_of(options.networks, options.peers)
    done = {(line["group"], line["name"], line["seed"]) for line in read_lines(options.out) if "accuracy" in line}
    jobs = [job for job in jobs if job.key not in done and re.search(options.match, f"{job.group}/{job.name}")][: options.only]
    recipe = train.Recipe(epochs=1, batch=options.batch, lr=options.lr, flip=options.flip, optimizer=options.optimizer,
                          weight_decay=options.weight_decay, warmup=1.0)  # fmt: skip
    settings = Settings(recipe, str(options.data), options.device, options.threads or cpu_threads(options.processes), options.limit, 0)
    deadline = started + 60 * options.minutes
    print(f"{len(jobs)} networks to train, {len(done)} done", file=sys.stderr, flush=True)
    if not jobs:
        return
    recipe = fitted(recipe, jobs, settings, options, deadline)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("a") as file:
        for result in run_all(jobs, replace(settings, recipe=recipe, deadline=deadline), options.processes):
            file.write(f"{json.dumps({**result, 'data': options.data.name, 'recipe': asdict(recipe)})}\n")
            file.flush()
            shown = f"{result['accuracy']:.4f} in {result['seconds']} s" if "accuracy" in result else result
            print(f"{time.monotonic() - started:6.1f} s  {result['group']}/{result['name']} seed {result['seed']}: {shown}",
                  file=sys.stderr, flush=True)  # fmt: skip


def fitted(recipe: train.Recipe, jobs: list, settings: Settings, options: argparse.Namespace, deadline: float) -> train.Recipe:
    """The recipe in the fastest mode, with the epochs that fit."""
    if options.mode is not None and options.epochs != "auto":
        return replace(recipe, **options.mode, epochs=int(options.epochs))
    training, validation = load(options.data, 0, options.limit)
    steps = max(1, len(training.labels) // recipe.batch)
    measured = calibrate(jobs, settings, options.mode and [options.mode], options.calibration_seconds, steps)
    recipe = replace(recipe, **measured.mode)
    if options.epochs != "auto":
        return replace(recipe, epochs=int(options.epochs))
    left = deadline - time.monotonic()
    # Validation is forward alone: a third of a step an image.
    once = len(validation.labels) / recipe.batch / 3 * measured.step
    measured = replace(measured, prepare=measured.prepare + once)
    epochs = epochs_that_fit(measured, len(jobs), steps, left, options.processes, options.device == "cpu")
    if epochs == 0:
        print(f"{left:.0f} s do not suffice for one epoch of {len(jobs)} networks: the last ones are left out; "
              "give more --minutes or fewer networks (--match, --only)", file=sys.stderr, flush=True)  # fmt: skip
    chosen = max(1, min(options.max_epochs, epochs))
    print(f"{measured.mode}: {chosen} epochs of {len(jobs)} networks in {left:.0f} s", file=sys.stderr, flush=True)
    return replace(recipe, epochs=chosen)


def read_lines(path: Path) -> list[dict]:
    """Complete lines only: a killed run may leave half a line."""
    if not path.exists():
        return []
    text = path.read_text()
    path.write_text(text := text[: text.rfind("\n") + 1])
    return [json.loads(line) for line in text.splitlines()]


if __name__ == "__main__":
    main()
