"""Networks to train: exported Python files and hand-made peers, each under several seeds."""

from dataclasses import dataclass
from pathlib import Path

from torch import nn

from .peers import PEERS, peer
from .recipe import train


@dataclass(frozen=True)
class Job:
    """One training: a network of a group under a seed; a peer has a budget of multiply-accumulates instead of a file."""

    group: str
    name: str
    seed: int
    path: str | None = None
    macs: int = 0

    def build(self) -> nn.Module:
        return peer(self.name, self.macs) if self.path is None else train.load_module(Path(self.path)).Network()

    @property
    def key(self) -> tuple[str, str, int]:
        return self.group, self.name, self.seed


def jobs_of(networks: list[str], peers: str | None) -> list[Job]:
    """From `FOLDER:SEEDS` and `MACS:SEEDS`: the first seed of everything, then the second of everything, and so on."""
    wanted: list[Job] = []
    if peers is not None:
        macs, seeds = with_seeds(peers)
        wanted += [Job("peers", name, seed, macs=number(macs)) for name in PEERS for seed in range(seeds)]
    for text in networks:
        folder, seeds = with_seeds(text)
        files = sorted(Path(folder).glob("*.py"))
        if not files:
            raise SystemExit(f"{folder} holds no networks; prepare.mjs writes them")
        wanted += [Job(Path(folder).name, path.stem, seed, path=str(path)) for path in files for seed in range(seeds)]
    return sorted(wanted, key=lambda job: job.seed)


def with_seeds(text: str) -> tuple[str, int]:
    name, _, seeds = text.rpartition(":")
    return (name, int(seeds)) if name else (text, 1)


def number(text: str) -> int:
    """`30M` or `30000000`."""
    factor = {"K": 10**3, "M": 10**6, "G": 10**9}.get(text[-1].upper())
    return int(text) if factor is None else round(float(text[:-1]) * factor)
