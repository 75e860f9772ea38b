"""How fast networks train on this device: what preparing and one step cost, in the fastest setting; the number of epochs follows from the time given."""

import sys
import time
from dataclasses import asdict, dataclass

import torch
import torch.multiprocessing as mp

from .counting import costs
from .jobs import Job
from .recipe import train
from .work import Settings, trainer_of

STEPS = 20
STEP_SECONDS = 1.0
SAMPLE = 8
MODES = [
    {"precision": "bf16", "channels_last": True, "graph": True},
    {"precision": "tf32", "channels_last": False, "graph": True},
]
EAGER = [{"precision": "auto", "channels_last": True, "graph": False}]


@dataclass(frozen=True)
class Measured:
    """Seconds of a network in a setting: building, first steps and capture (`prepare`), and one step from then on."""

    mode: dict
    prepare: float
    step: float

    def seconds(self, epochs: int, steps: float) -> float:
        return self.prepare + epochs * steps * self.step


def epochs_that_fit(measured: Measured, jobs: int, steps: float, seconds: float, processes: int, on_cpu: bool) -> int:
    """Epochs for every job, or 0 where preparing them alone takes longer than `seconds`.

    Preparing is work of the host and runs in all processes at once. Steps do so on a CPU only: processes take turns on a GPU.
    """
    left = 0.85 * seconds - jobs * measured.prepare / processes
    return max(0, int(left / (jobs * steps * measured.step / (processes if on_cpu else 1))))


def measure_job(job: Job, settings: Settings, mode: dict, kept: dict) -> Measured:
    """The first steps, a capture among them, count as preparing; then at most STEPS steps or STEP_SECONDS."""
    started = time.monotonic()
    recipe = train.Recipe(**{**asdict(settings.recipe), **mode, "epochs": 1})
    trainer = trainer_of(job, settings, recipe, kept)
    repeats = min(STEPS, trainer.data.steps)
    trainer.data.steps = min(trainer.data.steps, 4 if mode["graph"] else 1)
    trainer.train_epoch()
    trainer.step_in_epoch.zero_()
    trainer.steps_done.zero_()
    ready, done = time.monotonic(), 0
    while done < repeats and time.monotonic() - ready < STEP_SECONDS:
        trainer.step_in_epoch.zero_()
        if trainer.captured is None:
            trainer._step(*trainer.data.take(trainer.step_in_epoch))
        else:
            trainer.captured.replay()
        if settings.device.startswith("cuda"):
            torch.cuda.synchronize()
        done += 1
    return Measured(mode, ready - started, (time.monotonic() - ready) / done)


def measure(jobs: list[Job], settings: Settings, modes: list[dict], seconds: float, results) -> None:
    """The first job warms the device up; the second is measured in one mode, and in others while there is time."""
    torch.set_num_threads(settings.threads)
    kept: dict = {}
    started, last = time.monotonic(), 0.0
    for i, mode in enumerate(modes):
        if i > 0 and time.monotonic() - started + last > seconds:
            break
        begun = time.monotonic()
        try:
            if i == 0:
                measure_job(jobs[0], settings, mode, kept)
            measured = measure_job(jobs[1], settings, mode, kept)
        except Exception as error:
            print(f"calibration: {mode} failed: {type(error).__name__}: {error}"[:600], file=sys.stderr, flush=True)
            continue
        last = time.monotonic() - begun
        print(f"calibration: {mode} prepared in {measured.prepare:.2f} s, {1000 * measured.step:.1f} ms a step", file=sys.stderr, flush=True)
        results.put(measured)
    results.put(None)


def calibrate(jobs: list[Job], settings: Settings, modes: list[dict] | None, seconds: float, steps: float) -> Measured:
    """Of the given modes (None: all), the one in which a network of middle size ends `steps` steps first; in a process of its own."""
    sample = sorted(jobs[:: max(1, len(jobs) // SAMPLE)], key=lambda job: costs(job.build(), 32).activations)
    chosen = [sample[0], sample[len(sample) // 2]]
    on_cuda = settings.device.startswith("cuda")
    measured = measured_in_process(chosen, settings, modes or (MODES if on_cuda else EAGER), seconds)
    if not measured and on_cuda and modes is None:
        print("calibration: no captured step works, going on without", file=sys.stderr, flush=True)
        measured = measured_in_process(chosen, settings, EAGER, seconds)
    if not measured:
        raise SystemExit("no setting trains; see the errors above")
    return min(measured, key=lambda result: result.seconds(1, steps))


def measured_in_process(jobs: list[Job], settings: Settings, modes: list[dict], seconds: float) -> list[Measured]:
    context = mp.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=measure, args=(jobs, settings, modes, seconds, results), daemon=True)
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
