"""Processes that train networks side by side on one device."""

import gc
import os
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.multiprocessing as mp

from .counting import costs
from .data import folds, load
from .jobs import Job
from .recipe import train


# Networks that share a device go faster when others have ended: deep ones, which take longest, were given up too early.
SPEED_UP = 4


@dataclass(frozen=True)
class Settings:
    """Shared by all processes; `deadline` is of the monotonic clock, which processes of one machine share."""

    recipe: train.Recipe
    data: str
    device: str
    threads: int
    limit: int | None
    deadline: float


def open_data(settings: Settings, recipe: train.Recipe, kept: dict) -> train.DeviceData:
    """The data of a seed; splits are read once a process and stay on the device."""
    path = Path(settings.data)
    fold = recipe.seed % folds(path)
    if fold not in kept:
        splits = load(path, fold, settings.limit)
        device = torch.device(settings.device)
        kept[fold] = tuple(train.Split(part.images.to(device), part.labels.to(device)) for part in splits)
    return train.DeviceData(*kept[fold], recipe)


def trainer_of(job: Job, settings: Settings, recipe: train.Recipe, kept: dict) -> train.Trainer:
    torch.manual_seed(recipe.seed)
    return train.Trainer(job.build(), open_data(settings, recipe, kept), recipe, torch.device(settings.device))


def train_job(job: Job, settings: Settings, kept: dict) -> dict:
    """Trains to the end of the recipe, or says that the time does not suffice as soon as that is seen."""
    started = time.monotonic()
    counted = costs(job.build(), 32)
    recipe = train.Recipe(**{**train.asdict(settings.recipe), "seed": job.seed})
    trainer = trainer_of(job, settings, recipe, kept)
    losses: list[float] = []
    reported = first = time.monotonic()
    while trainer.epoch < recipe.epochs:
        losses.append(round(trainer.train_epoch(), 5))
        now = time.monotonic()
        if now - reported > 60:
            reported = now
            print(f"{job.group}/{job.name} seed {job.seed}: epoch {trainer.epoch} of {recipe.epochs}, loss {losses[-1]}", file=sys.stderr, flush=True)
        # The first epoch also warms up and captures: from the second on, the time of an epoch is known.
        first = now if trainer.epoch == 1 else first
        needed = (now - first) / max(1, trainer.epoch - 1) * (recipe.epochs - trainer.epoch)
        if now + needed / SPEED_UP > settings.deadline:
            return {"group": job.group, "name": job.name, "seed": job.seed, "skipped": f"time, after {trainer.epoch} epochs"}
    return {
        "group": job.group,
        "name": job.name,
        "seed": job.seed,
        **trainer.evaluate(),
        "losses": losses,
        "macs": counted.macs,
        "parameters": counted.parameters,
        "activations": counted.activations,
        "epochs": recipe.epochs,
        "precision": trainer.precision,
        "graph": trainer.captured is not None,
        "seconds": round(time.monotonic() - started, 2),
    }


def worker(settings: Settings, queue, results) -> None:
    """Takes jobs until there are none; a network that fails is a result too."""
    torch.set_num_threads(settings.threads)
    kept: dict = {}
    while (job := queue.get()) is not None:
        if time.monotonic() > settings.deadline - 2:
            results.put({"group": job.group, "name": job.name, "seed": job.seed, "skipped": "time"})
            continue
        try:
            results.put(train_job(job, settings, kept))
        except Exception as error:
            traceback.print_exc(limit=4, file=sys.stderr)
            results.put({"group": job.group, "name": job.name, "seed": job.seed, "failed": f"{type(error).__name__}: {error}"[:300]})
        if settings.device.startswith("cuda"):
            # The memory of a captured step is not used again before it is given back.
            gc.collect()
            torch.cuda.empty_cache()
    results.put(None)


def run_all(jobs: list[Job], settings: Settings, processes: int):
    """Yields a result for each job as it ends."""
    context = mp.get_context("spawn")
    queue, results = context.Queue(), context.Queue()
    for job in [*jobs, *[None] * processes]:
        queue.put(job)
    workers = [context.Process(target=worker, args=(settings, queue, results), daemon=True) for _ in range(processes)]
    for process in workers:
        process.start()
    running = processes
    while running:
        try:
            result = results.get(timeout=5)
        except Exception:  # queue.Empty: see whether anybody still works
            if not any(process.is_alive() for process in workers) or time.monotonic() > settings.deadline + 8:
                break
            continue
        if result is None:
            running -= 1
        else:
            yield result
    for process in workers:
        process.join(timeout=1)
        if process.is_alive():
            process.kill()


def cpu_threads(processes: int) -> int:
    return max(1, (os.cpu_count() or 1) // processes)
