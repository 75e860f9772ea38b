"""Trains the network of model.py on images: `python train.py --data FOLDER`, or `python train.py --smoke` to try it without data.

Needs PyTorch; torchvision only for a folder of pictures and for its teachers. `--data` takes

- a folder `train/CLASS/PICTURE` and `val/CLASS/PICTURE`, read by worker processes, with random resized crops and flips;
- CIFAR binaries: a folder of `data_batch_*.bin` and `test_batch.bin`, or one such file, a share of which validates;
- an .npz file of uint8 arrays: x_train [n, height, width] or [n, height, width, channels] or [n, channels, height, width], y_train,
  and x_val, y_val (or x_test, y_test), else a share validates. Arrays of floating point are taken as they are, standardised by channel.

The task of model.py decides the loss and what y holds: classification a class [n]; multilabel zeros and ones [n, labels], binary
cross-entropy; regression numbers [n, values], squared error; dense classes [n, height, width], cross-entropy, or with one channel numbers
of that shape, squared error, at the stride of the network's output. A network for features alone has nothing to train by.

Binaries and arrays stay on the device, and with `--graph` a whole step of training is one CUDA graph: small deep networks are bound by
kernel launches otherwise. Each epoch is one JSON line on standard output and in OUT/log.jsonl; OUT/last.pt is what `--resume` goes on
from, OUT/weights.pt holds the weights to use (their moving average where there is one).
"""

import argparse
import importlib
import importlib.util
import json
import math
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; every field is an option of the command line."""

    epochs: int = 100
    batch: int = 256
    optimizer: str = "sgd"  # sgd (Nesterov, momentum 0.9) or adamw
    lr: float = 0.1  # at the end of the warm-up; cosine to 0 after it
    weight_decay: float = 5e-4  # of matrices and kernels; none on batch norm and biases
    warmup: float = 5.0  # epochs, at most half of all
    label_smoothing: float = 0.1
    mixup: float = 0.0  # alpha of the beta distribution; 0 is off
    ema: float = 0.0  # decay of the moving average of the weights; 0 is off
    clip: float = 5.0  # largest norm of the gradient; 0 is off
    crop: int = 4  # random crops out of images padded by so many pixels; 0 is off
    flip: bool = True  # random horizontal flips
    precision: str = "auto"  # bf16, tf32 or fp32; auto is bf16 on CUDA, else fp32
    channels_last: bool = True
    graph: bool = False  # one CUDA graph a step; for data that stays on the device
    compile: bool = False  # by torch.compile: a minute at first, then steps are 2 to 3 times as fast on a CPU; needs a C++ compiler there
    distill: float = 0.0  # weight of the teacher's loss, 0 ... 1
    temperature: float = 2.0  # of the teacher's and the student's softmax
    seed: int = 0


# ---- Data ------------------------------------------------------------------------------------------------------------------------


@dataclass
class Split:
    """Images [n, channels, height, width], uint8 or floating point, and labels [n, ...], both on the device."""

    images: Tensor
    labels: Tensor


class DeviceData:
    """Data sets small enough to stay on the device as tensors; crops, flips and normalisation run there too."""

    def __init__(self, train: Split, val: Split, recipe: Recipe, channels: int = 3):
        self.train, self.val, self.recipe, self.channels = train, val, recipe, channels
        count, _, self.height, self.width = train.images.shape
        self.steps = max(1, count // recipe.batch)
        self.batch = min(recipe.batch, count)
        device = train.images.device
        self.scale = 255 if train.images.dtype == torch.uint8 else 1
        sample = train.images[:: max(1, count // 10_000)].float() / self.scale
        self.mean = sample.mean((0, 2, 3)).view(1, -1, 1, 1)
        self.std = sample.std((0, 2, 3)).clamp_min(1e-3).view(1, -1, 1, 1)
        pad = recipe.crop
        self.padded = functional.pad(train.images, (pad, pad, pad, pad))
        self.order = torch.zeros(self.steps * self.batch, dtype=torch.long, device=device)
        self.generator = torch.Generator().manual_seed(recipe.seed)

    def shuffle(self) -> None:
        """Draws the order of the next epoch."""
        self.order.copy_(torch.randperm(len(self.train.labels), generator=self.generator)[: len(self.order)])

    def take(self, step: Tensor) -> tuple[Tensor, Tensor]:
        """The batch of a step of the epoch; nothing in here waits for the device."""
        device = self.order.device
        index = self.order[step * self.batch + torch.arange(self.batch, device=device)]
        shifts = torch.randint(0, 2 * self.recipe.crop + 1, (2, self.batch, 1), device=device)
        rows = shifts[0] + torch.arange(self.height, device=device)
        columns = torch.arange(self.width, device=device).expand(self.batch, -1)
        if self.recipe.flip:
            flips = torch.rand(self.batch, 1, device=device) < 0.5
            columns = torch.where(flips, self.width - 1 - columns, columns)
        columns = shifts[1] + columns
        images = self.padded[index[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
        return self.normalise(images), self.train.labels[index]

    def normalise(self, images: Tensor) -> Tensor:
        images = (images.float() / self.scale - self.mean) / self.std
        return images.expand(-1, self.channels, -1, -1) if images.shape[1] == 1 else images

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        self.shuffle()
        for step in range(self.steps):
            yield self.take(torch.tensor(step, device=self.order.device))

    def validation(self) -> Iterator[tuple[Tensor, Tensor]]:
        for images, labels in zip(self.val.images.split(1000), self.val.labels.split(1000)):
            yield self.normalise(images), labels


class FolderData:
    """Pictures in `train/CLASS` and `val/CLASS`, read by worker processes of torchvision's usual transforms."""

    def __init__(self, folder: Path, size: int, recipe: Recipe, device: torch.device, workers: int):
        from torch.utils.data import DataLoader
        from torchvision import datasets, transforms

        finish = [transforms.ToTensor(), transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD)]
        flip = [transforms.RandomHorizontalFlip()] if recipe.flip else []
        augmented = transforms.Compose([transforms.RandomResizedCrop(size, scale=(0.25, 1.0)), *flip, *finish])
        plain = transforms.Compose([transforms.Resize(round(size / 0.875)), transforms.CenterCrop(size), *finish])
        common = {"num_workers": workers, "pin_memory": device.type == "cuda", "persistent_workers": workers > 0}
        train = datasets.ImageFolder(folder / "train", augmented)
        val = datasets.ImageFolder(folder / "val", plain)
        if train.classes != val.classes:
            raise SystemExit(f"{folder}: train and val must hold folders of the same classes")
        self.classes, self.device = len(train.classes), device
        batch = min(recipe.batch, len(train))
        self.loader = DataLoader(train, batch, shuffle=True, drop_last=True, **common)
        self.val_loader = DataLoader(val, batch, **common)
        self.steps = len(self.loader)

    def batches(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self._moved(self.loader)

    def validation(self) -> Iterator[tuple[Tensor, Tensor]]:
        return self._moved(self.val_loader)

    def _moved(self, loader) -> Iterator[tuple[Tensor, Tensor]]:
        for images, labels in loader:
            yield images.to(self.device, non_blocking=True), labels.to(self.device, non_blocking=True)


def read_arrays(path: Path, validation_share: float, channels: int = 3) -> tuple[Split, Split]:
    """Training and validation split of an .npz file or CIFAR binaries, on the CPU."""
    parts = read_npz(path, channels) if path.suffix == ".npz" else read_cifar(path)
    if len(parts) == 2:
        return parts[0], parts[1]
    whole, count = parts[0], len(parts[0].labels)
    held = max(1, round(validation_share * count))
    return tuple(Split(whole.images[part], whole.labels[part]) for part in (slice(0, count - held), slice(count - held, count)))


def read_npz(path: Path, channels: int) -> list[Split]:
    import numpy

    with numpy.load(path) as arrays:
        held = next((name for name in ("val", "test") if f"x_{name}" in arrays), None)
        return [
            Split(channels_first(torch.from_numpy(arrays[f"x_{part}"]), channels), torch.from_numpy(arrays[f"y_{part}"]))
            for part in ("train", held)
            if part is not None
        ]


def channels_first(images: Tensor, channels: int) -> Tensor:
    if images.ndim == 3:
        return images[:, None]
    known = (1, 3, channels)
    return images.permute(0, 3, 1, 2).contiguous() if images.shape[-1] in known and images.shape[1] not in known else images


def read_cifar(path: Path) -> list[Split]:
    """One label byte (two in CIFAR-100: the second counts), then 3,072 bytes channel by channel."""
    if path.is_file():
        return [read_records([path])]
    train = sorted(path.glob("data_batch_*.bin")) or sorted(path.glob("train.bin"))
    test = sorted(path.glob("test_batch.bin")) or sorted(path.glob("test.bin"))
    if not train:
        raise SystemExit(f"{path} holds neither train/ and val/ nor CIFAR binaries (data_batch_*.bin, train.bin)")
    return [read_records(paths) for paths in (train, test) if paths]


def read_records(paths: list[Path]) -> Split:
    content = torch.cat([torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8) for path in paths])
    labels = 2 if paths[0].name in ("train.bin", "test.bin") else 1
    records = content.view(-1, labels + 3072)
    return Split(records[:, labels:].reshape(-1, 3, 32, 32).contiguous(), records[:, labels - 1].long())


def synthetic_arrays(shape: tuple[int, int, int], task: "Task", count: int = 64) -> tuple[Split, Split]:
    """Noise around one random picture of `shape` [channels, height, width] a class: enough to see the loss fall."""
    generator = torch.Generator().manual_seed(0)
    kinds = max(2, task.outputs)
    centres = torch.randint(64, 192, (kinds, *shape), generator=generator)

    def split(n: int) -> Split:
        labels = torch.randint(0, kinds, (n,), generator=generator)
        noise = torch.randint(-32, 33, (n, *shape), generator=generator)
        return Split((centres[labels] + noise).clamp(0, 255).to(torch.uint8), task.synthetic(labels))

    return split(count), split(count)


def to_size(split: Split, height: int, width: int) -> Split:
    """Smaller images are padded with zeros around, larger ones are averaged down."""
    have = split.images.shape[-2:]
    if have[0] <= height and have[1] <= width:
        down, right = height - have[0], width - have[1]
        return Split(functional.pad(split.images, (right // 2, right - right // 2, down // 2, down - down // 2)), split.labels)
    resized = functional.interpolate(split.images.float(), (height, width), mode="bilinear", antialias=True, align_corners=False)
    if split.images.is_floating_point():
        return Split(resized, split.labels)
    return Split(resized.round().clamp(0, 255).to(torch.uint8), split.labels)


# ---- Tasks -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """What the outputs of the network are compared with."""

    name: str
    outputs: int
    places: tuple[int, ...] = ()  # height and width of the output of dense prediction

    @property
    def numeric(self) -> bool:
        """Whether the labels are numbers rather than classes."""
        return self.name == "regression" or (self.name == "dense" and self.outputs == 1)

    def labels(self, values: Tensor, source: object) -> Tensor:
        """Labels as the loss takes them; refuses those of another task."""
        if self.name == "classification":
            values = values.long().flatten()
        elif self.name == "dense":
            values = values.reshape(len(values), *values.shape[-2:])
            values = values.float()[:, None] if self.numeric else values.long()
            if tuple(values.shape[-2:]) != self.places:
                raise SystemExit(f"{source} has labels of {tuple(values.shape[-2:])} places, the network gives {self.places}")
        else:
            values = values.float().reshape(len(values), -1)
            if values.shape[1] != self.outputs:
                raise SystemExit(f"{source} has {values.shape[1]} labels an image, the network gives {self.outputs}")
        if values.dtype == torch.long and int(values.max()) >= self.outputs:
            raise SystemExit(f"{source} has labels beyond the network's {self.outputs} classes")
        return values

    def synthetic(self, kinds: Tensor) -> Tensor:
        """Labels that follow from the kind of a synthetic picture."""
        if self.name == "classification":
            return kinds
        if self.name == "dense":
            return kinds.view(-1, 1, 1).expand(-1, *self.places)
        return functional.one_hot(kinds, max(2, self.outputs))[:, : self.outputs]

    def loss(self, outputs: Tensor, labels: Tensor, smoothing: float = 0.0, reduction: str = "mean") -> Tensor:
        if self.numeric:
            return functional.mse_loss(outputs, labels, reduction=reduction)
        if self.name == "multilabel":
            return functional.binary_cross_entropy_with_logits(outputs, labels, reduction=reduction)
        return functional.cross_entropy(outputs, labels, label_smoothing=smoothing, reduction=reduction)

    def right(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """How many labels are met; of numbers none can be."""
        if self.numeric:
            return torch.zeros((), device=outputs.device)
        return ((outputs > 0).float() == labels).sum() if self.name == "multilabel" else (outputs.argmax(1) == labels).sum()


def task_of(module) -> Task:
    """The task of a network's file; files of classifiers of square pictures name none."""
    name = getattr(module, "TASK", "classification")
    if name == "features":
        raise SystemExit("the network gives features and has no outputs to train by; put a head of your own on it")
    if name != "dense":
        return Task(name, module.CLASSES)
    with torch.no_grad():
        outputs = module.Network().eval()(torch.zeros(1, *image_shape(module)))
    return Task(name, module.CLASSES, tuple(outputs.shape[-2:]))


def image_shape(module) -> tuple[int, int, int]:
    """Channels, height and width of the images that a network takes."""
    return getattr(module, "CHANNELS", 3), module.SIZE, getattr(module, "WIDTH", module.SIZE)


# ---- Training --------------------------------------------------------------------------------------------------------------------


class Trainer:
    """Trains a network by a recipe, an epoch at a time."""

    def __init__(self, model: nn.Module, data: DeviceData | FolderData, recipe: Recipe, device: torch.device, teacher=None, task=None):
        self.task = task or Task("classification", 0)
        self.data, self.recipe, self.device, self.teacher = data, recipe, device, teacher
        self.format = torch.channels_last if recipe.channels_last else torch.contiguous_format
        self.model = model.to(device, memory_format=self.format)
        self.forward = torch.compile(self.model) if recipe.compile else self.model
        self.on_cuda = device.type == "cuda"
        self.precision = {"auto": "bf16" if self.on_cuda else "fp32"}.get(recipe.precision, recipe.precision)
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = self.precision != "fp32"
        self.epoch, total = 0, recipe.epochs * data.steps
        # Everything that changes from step to step is a tensor on the device, so that a captured step can be repeated as it is.
        self.schedule = torch.tensor([learning_rate(recipe, data.steps, step) for step in range(total)], device=device)
        self.captures = recipe.graph and self.on_cuda and isinstance(data, DeviceData)
        self.lr = torch.zeros((), device=device) if self.captures else 0.0
        self.step_in_epoch = torch.zeros((), dtype=torch.long, device=device)
        self.steps_done = torch.zeros((), dtype=torch.long, device=device)
        self.loss_sum = torch.zeros((), device=device)
        self.mix = torch.ones(data.steps, device=device)
        self.optimizer = self._optimizer()
        self.average = [value.detach().clone() for value in self.model.state_dict().values()] if recipe.ema else None
        self.captured: torch.cuda.CUDAGraph | None = None

    def _optimizer(self) -> torch.optim.Optimizer:
        parameters = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        groups = [
            {"params": [p for p in parameters if p.ndim > 1], "weight_decay": self.recipe.weight_decay},
            {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
        ]
        groups = [group for group in groups if group["params"]]
        if self.recipe.optimizer == "adamw":
            return torch.optim.AdamW(groups, lr=self.lr, fused=self.captures, capturable=self.captures)
        return torch.optim.SGD(groups, lr=self.lr, momentum=0.9, nesterov=True, fused=self.captures)

    def train_epoch(self) -> float:
        """Mean loss of one epoch."""
        self.model.train()
        self.step_in_epoch.zero_()
        self.loss_sum.zero_()
        if self.recipe.mixup:
            beta = torch.distributions.Beta(self.recipe.mixup, self.recipe.mixup)
            self.mix.copy_(beta.sample((self.data.steps,)))
        if self.captures:
            self._graph_epoch(self.data)
        else:
            for step, (images, labels) in enumerate(self.data.batches(), self.epoch * self.data.steps):
                for group in self.optimizer.param_groups:
                    group["lr"] = learning_rate(self.recipe, self.data.steps, step)
                self._step(images, labels)
        self.epoch += 1
        return self.loss_sum.item() / self.data.steps

    def _graph_epoch(self, data: DeviceData) -> None:
        """The first steps of all run one by one, as capturing needs, the others as one graph each."""
        data.shuffle()
        first = 0
        if self.captured is None:
            first = min(3, data.steps)
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                for _ in range(first):
                    self._step(*data.take(self.step_in_epoch))
            torch.cuda.current_stream().wait_stream(stream)
            self.optimizer.zero_grad(set_to_none=True)
            self.captured = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.captured):
                self._step(*data.take(self.step_in_epoch))
        for _ in range(first, data.steps):
            self.captured.replay()

    def _step(self, images: Tensor, labels: Tensor) -> None:
        if self.captures:
            self.lr.copy_(at(self.schedule, self.steps_done))
        images = images.contiguous(memory_format=self.format)
        lam = at(self.mix, self.step_in_epoch)
        if self.recipe.mixup:
            images = lam * images + (1 - lam) * images.flip(0)
        with self._autocast():
            logits = self.forward(images)
        loss = self._loss(logits.float(), labels, lam, images)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if self.recipe.clip:
            nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.clip, foreach=True)
        self.optimizer.step()
        self._update_average()
        self.loss_sum += loss.detach()
        self.step_in_epoch += 1
        self.steps_done += 1

    def _loss(self, logits: Tensor, labels: Tensor, lam: Tensor, images: Tensor) -> Tensor:
        smoothing = self.recipe.label_smoothing
        loss = self.task.loss(logits, labels, smoothing)
        if self.recipe.mixup:
            loss = lam * loss + (1 - lam) * self.task.loss(logits, labels.flip(0), smoothing)
        if self.teacher is None or self.recipe.distill == 0:
            return loss
        with torch.no_grad(), self._autocast():
            taught = self.teacher(images)
        heat = self.recipe.temperature
        log_p, log_q = (functional.log_softmax(values.float() / heat, 1) for values in (taught, logits))
        divergence = functional.kl_div(log_q, log_p, reduction="batchmean", log_target=True) * heat * heat
        return (1 - self.recipe.distill) * loss + self.recipe.distill * divergence

    def _autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.precision == "bf16", cache_enabled=False)

    def _update_average(self) -> None:
        """Exponential moving average, with a shorter memory in the first steps; counters of batch norm are copied."""
        if self.average is None:
            return
        done = self.steps_done.float()
        weight = 1 - torch.minimum((1 + done) / (10 + done), torch.full_like(done, self.recipe.ema))
        for mean, value in zip(self.average, self.model.state_dict().values()):
            mean.add_((value.detach() - mean) * weight) if mean.is_floating_point() else mean.copy_(value)

    def weights(self) -> dict[str, Tensor]:
        """The weights to use: the moving average where there is one."""
        state = self.model.state_dict()
        return state if self.average is None else dict(zip(state, self.average))

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """Loss on the validation split, and the share of labels that are met; of numbers the root of the mean squared error."""
        kept = None
        if self.average is not None:
            kept = {name: value.clone() for name, value in self.model.state_dict().items()}
            self._copy_into_model(self.weights())
        self.model.eval()
        totals = torch.zeros(3, device=self.device, dtype=torch.float64)
        for images, labels in self.data.validation():
            with self._autocast():
                logits = self.model(images.contiguous(memory_format=self.format)).float()
            right = self.task.right(logits, labels)
            count = torch.tensor(labels.numel(), device=self.device)
            totals += torch.stack([right, self.task.loss(logits, labels, reduction="sum"), count])
        if kept is not None:
            self._copy_into_model(kept)
        right, loss, count = totals.tolist()
        if self.task.numeric:
            return {"rmse": math.sqrt(loss / count), "validationLoss": loss / count}
        return {"accuracy": right / count, "validationLoss": loss / count}

    def _copy_into_model(self, weights: dict[str, Tensor]) -> None:
        """Keeps the model's own tensors, which a captured step refers to."""
        for name, value in self.model.state_dict().items():
            value.copy_(weights[name])

    def state(self) -> dict:
        return {
            "recipe": asdict(self.recipe),
            "epoch": self.epoch,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average,
            "random": torch.get_rng_state(),
            "order": self.data.generator.get_state() if isinstance(self.data, DeviceData) else None,
        }

    def load_state(self, state: dict) -> None:
        """Goes on after the last finished epoch of a run of the same recipe."""
        if state["recipe"] != asdict(self.recipe):
            changed = [name for name, value in asdict(self.recipe).items() if state["recipe"].get(name) != value]
            raise SystemExit(f"--resume: the kept run differs in {', '.join(changed)}; use the same options or another --out")
        self.epoch = state["epoch"]
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        for group in self.optimizer.param_groups if self.captures else []:
            group["lr"] = self.lr
        self.average = state["average"] and [value.to(self.device) for value in state["average"]]
        self.steps_done.fill_(self.epoch * self.data.steps)
        torch.set_rng_state(state["random"].cpu())
        if isinstance(self.data, DeviceData):
            self.data.generator.set_state(state["order"].cpu())


def at(values: Tensor, step: Tensor) -> Tensor:
    """The value of a step, without waiting for the device as indexing by a tensor of no dimension would."""
    return values.index_select(0, step.view(1)).squeeze(0)


def learning_rate(recipe: Recipe, steps: int, step: int) -> float:
    """Linear warm-up, then half a cosine to 0."""
    total = recipe.epochs * steps
    warmup = min(recipe.warmup, recipe.epochs / 2) * steps
    if step < warmup:
        return recipe.lr * (step + 1) / (warmup + 1)
    return recipe.lr * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, total - warmup)))


# ---- Networks --------------------------------------------------------------------------------------------------------------------


def load_module(path: Path):
    """The Python file of a network as a module."""
    spec = importlib.util.spec_from_file_location(re.sub(r"\W", "_", path.stem), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_teacher(name: str, weights: str | None, classes: int, device: torch.device) -> nn.Module:
    """`torchvision:resnet50`, `timm:resnet26d` or `file:other/model.py`, with own weights or, without, published ones."""
    kind, _, model = name.partition(":")
    if kind == "file":
        teacher = load_module(Path(model)).Network()
    elif kind == "timm":
        teacher = importlib.import_module("timm").create_model(model, pretrained=weights is None, num_classes=classes)
    elif kind == "torchvision":
        options = {"weights": "DEFAULT"} if weights is None else {"num_classes": classes}
        teacher = importlib.import_module("torchvision.models").get_model(model, **options)
    else:
        raise SystemExit(f"--teacher {name}: begin with torchvision:, timm: or file:")
    if weights is not None:
        teacher.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    return teacher.to(device).eval().requires_grad_(False)


# ---- Command line ----------------------------------------------------------------------------------------------------------------


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of pictures, CIFAR binaries or an .npz file")
    parser.add_argument("--smoke", action="store_true", help="two epochs on synthetic data, to see that everything works")
    parser.add_argument("--model", type=Path, default=Path(__file__).with_name("model.py"), help="the network's file")
    parser.add_argument("--out", type=Path, default=Path("run"), help="folder for weights and log")
    parser.add_argument("--resume", action="store_true", help="go on from OUT/last.pt")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--workers", type=int, default=min(8, os.cpu_count() or 1), help="processes that read pictures")
    parser.add_argument("--validation-share", type=float, default=0.1, help="of data without a validation split of its own")
    parser.add_argument("--teacher", help="torchvision:NAME, timm:NAME or file:MODEL.py; with --distill")
    parser.add_argument("--teacher-weights", help="state_dict of the teacher; published weights without it")
    for field in fields(Recipe):
        kind = {bool: argparse.BooleanOptionalAction}.get(field.type)
        settings = {"action": kind} if kind else {"type": field.type}
        parser.add_argument(f"--{field.name.replace('_', '-')}", default=None, help=f"default: {field.default}", **settings)
    return parser.parse_args(arguments)


def recipe_of(options: argparse.Namespace) -> Recipe:
    base = {"epochs": 2, "batch": 16, "warmup": 0.5} if options.smoke else {}
    given = {field.name: getattr(options, field.name) for field in fields(Recipe)}
    recipe = Recipe(**{**base, **{name: value for name, value in given.items() if value is not None}})
    allowed = {"optimizer": ("sgd", "adamw"), "precision": ("auto", "bf16", "tf32", "fp32")}
    for name, values in allowed.items():
        if getattr(recipe, name) not in values:
            raise SystemExit(f"--{name} must be one of {', '.join(values)}")
    return recipe


def open_data(
    options: argparse.Namespace, recipe: Recipe, module, task: Task, device: torch.device
) -> DeviceData | FolderData:
    channels, height, width = image_shape(module)
    if not options.smoke and options.data is None:
        raise SystemExit("name the images with --data, or try --smoke")
    if not options.smoke and (options.data / "train").is_dir():
        if task.name != "classification" or (channels, width) != (3, height):
            raise SystemExit(f"{options.data}: folders of pictures train classifiers of square RGB images; pack other data into an .npz")
        data = FolderData(options.data, height, recipe, device, options.workers)
        if data.classes != task.outputs:
            raise SystemExit(f"{options.data} has {data.classes} classes, the network {task.outputs}; build Network(classes={data.classes})")
        return data
    if options.smoke:
        arrays = synthetic_arrays((channels, height, width), task)
    else:
        arrays = read_arrays(options.data, options.validation_share, channels)
    if task.name == "dense":
        for part in arrays:
            if tuple(part.images.shape[-2:]) != (height, width):
                raise SystemExit(f"{options.data} has images of {tuple(part.images.shape[-2:])}, the network takes {(height, width)}")
    splits = [to_size(Split(part.images, task.labels(part.labels, options.data)), height, width) for part in arrays]
    return DeviceData(*(Split(part.images.to(device), part.labels.to(device)) for part in splits), recipe, channels)


def save(content, path: Path) -> None:
    """Whole or not at all."""
    partial = path.with_name(f"{path.name}.partial")
    torch.save(content, partial)
    partial.replace(path)


def run(trainer: Trainer, out: Path, report: Callable[[dict], None]) -> None:
    while trainer.epoch < trainer.recipe.epochs:
        started = time.monotonic()
        loss = trainer.train_epoch()
        line = {"epoch": trainer.epoch, "loss": loss, **trainer.evaluate(), "seconds": round(time.monotonic() - started, 3)}
        if not math.isfinite(loss):
            raise SystemExit(f"the loss is {loss} after epoch {trainer.epoch}; lower --lr or --clip")
        save(trainer.state(), out / "last.pt")
        save(trainer.weights(), out / "weights.pt")
        report(line)


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    recipe, device = recipe_of(options), torch.device(options.device)
    torch.manual_seed(recipe.seed)
    module = load_module(options.model)
    task = task_of(module)
    if task.name == "dense":  # places of the labels stay where they are
        recipe = replace(recipe, crop=0, flip=False)
    data = open_data(options, recipe, module, task, device)
    teacher = load_teacher(options.teacher, options.teacher_weights, module.CLASSES, device) if options.teacher else None
    if (teacher is None) != (recipe.distill == 0):
        raise SystemExit("--teacher and --distill go together")
    if teacher is not None and task.name != "classification":
        raise SystemExit("--distill compares the classes of two classifiers; the network has another task")
    trainer = Trainer(module.Network(), data, recipe, device, teacher, task)
    options.out.mkdir(parents=True, exist_ok=True)
    log = options.out / "log.jsonl"
    if options.resume and (options.out / "last.pt").exists():
        trainer.load_state(torch.load(options.out / "last.pt", map_location=device, weights_only=True))
    else:
        log.write_text("")

    def report(line: dict) -> None:
        text = json.dumps(line)
        print(text, flush=True)
        with log.open("a") as file:
            file.write(f"{text}\n")

    run(trainer, options.out, report)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
