"""Trains an exported network on patterns under noise, a task that small networks do, so that its outputs are told apart by more than rounding."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .exported import Subject, resized


@dataclass(frozen=True)
class Task:
    """Loss and score of outputs for what is seen in images (`Subject.images`)."""

    loss: Callable[[Tensor, Tensor, Subject], Tensor]
    score: Callable[[Tensor, Tensor, Subject], Tensor]
    """1 is best: the share of right answers, or of the values' variance that is explained."""


def _explained(outputs: Tensor, seen: Tensor, subject: Subject) -> Tensor:
    wanted = subject.targets[seen]
    return 1 - (outputs - wanted).square().mean() / wanted.var()


def _places(outputs: Tensor, seen: Tensor) -> Tensor:
    return resized(seen[:, None], outputs.shape[2:])


TASKS = {
    "classification": Task(
        lambda outputs, seen, subject: functional.cross_entropy(outputs, seen),
        lambda outputs, seen, subject: (outputs.argmax(1) == seen).float().mean(),
    ),
    "multilabel": Task(
        lambda outputs, seen, subject: functional.binary_cross_entropy_with_logits(outputs, subject.targets[seen]),
        lambda outputs, seen, subject: ((outputs > 0) == (subject.targets[seen] > 0)).float().mean(),
    ),
    "regression": Task(lambda outputs, seen, subject: functional.mse_loss(outputs, subject.targets[seen]), _explained),
    "dense": Task(
        lambda outputs, seen, subject: functional.cross_entropy(outputs, _places(outputs, seen)),
        lambda outputs, seen, subject: (outputs.argmax(1) == _places(outputs, seen)).float().mean(),
    ),
}


ROUNDS, ENOUGH = 4, 0.98


def train(subject: Subject, steps: int) -> float:
    """Rounds of so many steps from the seeded weights until the score is 0.98, four at most; the score on 256 unseen images.

    A network for features alone is trained by a linear layer on its averaged maps, which is left out again.
    """
    network, task = subject.network, TASKS.get(subject.task, TASKS["classification"])
    answers = network
    if subject.task == "features":
        torch.manual_seed(0)
        channels = network(subject.images(1, seed=0)[0]).shape[1]
        answers = nn.Sequential(network, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, len(subject.patterns)))
    for done in range(ROUNDS):
        train_round(answers, task, subject, steps, seed=1000 * (done + 1))
        take_statistics(network, [subject.images(32, seed=100 + i)[0] for i in range(8)])
        if score(answers.eval(), task, subject, subject.images(256, seed=9)) >= ENOUGH:
            break
    return score(answers, task, subject, subject.unseen(256))


def train_round(answers: nn.Module, task: Task, subject: Subject, steps: int, seed: int, batch: int = 16, rate: float = 0.05) -> None:
    """SGD with momentum 0.9, its rate on a cosine to 0 after a tenth of warm-up."""
    optimizer = torch.optim.SGD(answers.parameters(), rate, momentum=0.9, nesterov=True, weight_decay=5e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    answers.train()
    for step in range(steps):
        images, seen = subject.images(batch, seed=seed + step)
        optimizer.zero_grad()
        task.loss(answers(images), seen, subject).backward()
        nn.utils.clip_grad_norm_(answers.parameters(), 5.0)
        optimizer.step()
        schedule.step()


@torch.no_grad()
def score(answers: nn.Module, task: Task, subject: Subject, images: tuple[Tensor, Tensor]) -> float:
    """Score of outputs for images and what is seen in them."""
    return task.score(torch.cat([answers(part) for part in images[0].split(32)]), images[1], subject).item()


@torch.no_grad()
def take_statistics(network: nn.Module, batches: list[Tensor]) -> None:
    """Sets the running statistics of every batch norm to the mean of those of these batches, and evaluation mode."""
    for norm in (m for m in network.modules() if isinstance(m, nn.BatchNorm2d)):
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for images in batches:
        network(images)
    network.eval()
