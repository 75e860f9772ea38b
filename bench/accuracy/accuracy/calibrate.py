"""How fast networks train on this device: settings are compared, and the number of epochs follows from the time given."""

import sys
import time
from dataclasses import asdict

import torch
import torch.multiprocessing as mp

from .counting import costs
from .jobs import Job
from .recipe import train
from .work import Settings, trainer_of

STEPS = 20
SAMPLE = 16
MODES = [
    {"precision": "bf16", "channels_last": True, "graph": True},
    {"precision": "bf16", "channels_last": False, "graph": True},
    {"precision": "tf32", "channels_last": True, "graph": True},
    {"precision": "tf32", "channels_last": False, "graph": True},
]
EAGER = [{"precision": "auto", "channels_last": True, "graph": False}]


def step_seconds(job: Job, settings: Settings, mode: dict, kept: dict) -> float:
    """Of one training step after the first ones."""
    recipe = train.Recipe(**{**asdict(settings.recipe), **mode, "epochs": 1})
    trainer = trainer_of(job, settings, recipe, kept)
    on_cuda = settings.device.startswith("cuda")
    repeats = min(STEPS, trainer.data.steps)
    trainer.data.steps = min(trainer.data.steps, 4)
    trainer.train_epoch()
    trainer.step_in_epoch.zero_()
    trainer.steps_done.zero_()
    started = time.monotonic()
    for _ in range(repeats):
        if trainer.captured is None:
            trainer._step(*trainer.data.take(trainer.step_in_epoch))
        else:
            trainer.captured.replay()
    if on_cuda:
        torch.cuda.synchronize()
    return (time.monotonic() - started) / repeats


def measure(jobs: list[Job], settings: Settings, modes: list[dict], results) -> None:
    """Puts (mode, seconds of each job) for every mode that works."""
    torch.set_num_threads(settings.threads)
    kept: dict = {}
    for mode in modes:
        try:
            seconds = [step_seconds(job, settings, mode, kept) for job in jobs]
        except Exception as error:
            print(f"calibration: {mode} failed: {type(error).__name__}: {error}"[:600], file=sys.stderr, flush=True)
            continue
        print(f"calibration: {mode} {[round(1000 * value, 2) for value in seconds]} ms a step", file=sys.stderr, flush=True)
        results.put((mode, seconds))
        if settings.device.startswith("cuda"):
            torch.cuda.empty_cache()
    results.put(None)


def calibrate(jobs: list[Job], settings: Settings) -> tuple[dict, float]:
    """The fastest mode, and the seconds that one step of every job takes in all; in a process of its own."""
    sample = jobs[:: max(1, len(jobs) // SAMPLE)]
    sizes = {job.key: costs(job.build(), 32).activations for job in sample}
    ordered = sorted(sample, key=lambda job: sizes[job.key])
    chosen = [ordered[(2 * i + 1) * len(ordered) // 6] for i in range(3)]
    measured = measured_in_process(chosen, settings, MODES if settings.device.startswith("cuda") else EAGER)
    if not measured:
        print("calibration: no captured step works, going on without", file=sys.stderr, flush=True)
        measured = measured_in_process(chosen, settings, EAGER)
    if not measured:
        raise SystemExit("no setting trains; see the errors above")
    mode, seconds = min(measured, key=lambda result: sum(result[1]))
    rate = sum(seconds) / sum(sizes[job.key] for job in chosen)
    return mode, rate * sum(sizes.values()) / len(sizes) * len(jobs)


def measured_in_process(jobs: list[Job], settings: Settings, modes: list[dict]) -> list[tuple[dict, list[float]]]:
    context = mp.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=measure, args=(jobs, settings, modes, results), daemon=True)
    process.start()
    measured = []
    while process.is_alive() or not results.empty():
        try:
            result = results.get(timeout=2)
        except Exception:  # queue.Empty while it works
            continue
        if result is None:
            break
        measured.append(result)
    process.join(timeout=10)
    return measured
