"""An exported network of any task as a PyTorch module, and images for it."""

import importlib.util
import json
import py_compile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import torch
from torch import Tensor, nn
from torch.nn import functional


def load_module(path: Path) -> ModuleType:
    """An exported PyTorch file as a module; it must compile."""
    py_compile.compile(str(path), doraise=True)
    spec = importlib.util.spec_from_file_location("exported_network", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Pictures:
    """Standardised pictures of data that a network was trained on elsewhere."""

    representative: Tensor
    """[n, channels, height, width], of those it was trained on"""
    unseen: Tensor
    classes: Tensor
    """[n] of the unseen ones"""


@dataclass
class Subject:
    """A network in evaluation mode with its task, and what its images are made of."""

    name: str
    network: nn.Module
    task: str
    shape: tuple[int, int, int]
    """channels, height, width"""
    patterns: Tensor
    """[patterns, channels, height, width]; images are one of them under noise, those of dense tasks a patchwork of four."""
    targets: Tensor
    """[patterns, outputs]: labels or values of multilabel and regression, drawn once."""
    pictures: Pictures | None = None
    """Of a network that was trained elsewhere, used instead of patterns."""

    def representative(self) -> Tensor:
        """64 images from which a quantizer learns the ranges of maps."""
        return self.images(64, seed=7)[0] if self.pictures is None else self.pictures.representative

    def unseen(self, count: int) -> tuple[Tensor, Tensor]:
        """At most so many images that neither training nor quantizer saw, and what is seen in them."""
        if self.pictures is None:
            return self.images(count, seed=11)
        return self.pictures.unseen[:count], self.pictures.classes[:count]

    def images(self, count: int, seed: int) -> tuple[Tensor, Tensor]:
        """Images [count, channels, height, width] and what is seen in them: number of the pattern [count], of dense tasks at each place [count, height, width].

        The noise is standard normal, as strong as the patterns are; the patterns' contrast is 0.5 to 1.5.
        """
        generator = torch.Generator().manual_seed(seed)
        contrast = 0.5 + torch.rand(count, 1, 1, 1, generator=generator)
        noise = torch.randn(count, *self.shape, generator=generator)
        if self.task != "dense":
            seen = torch.randint(0, len(self.patterns), (count,), generator=generator)
            return contrast * self.patterns[seen] + noise, seen
        quarters = torch.randint(0, len(self.patterns), (count, 1, 2, 2), generator=generator)
        seen = resized(quarters, self.shape[1:])
        rows, columns = torch.arange(self.shape[1])[:, None], torch.arange(self.shape[2])
        return contrast * self.patterns[seen, :, rows, columns].permute(0, 3, 1, 2) + noise, seen

    @property
    def depthwise(self) -> int:
        """Convolutions with one input channel for each group, and more than one group."""
        convolutions = [m for m in self.network.modules() if isinstance(m, nn.Conv2d)]
        return sum(m.groups == m.in_channels > 1 for m in convolutions)


def resized(labels: Tensor, size: tuple[int, int]) -> Tensor:
    """Labels [n, 1, height, width] as [n, *size], each place that of the nearest."""
    return functional.interpolate(labels.float(), tuple(size))[:, 0].long()


def load_subject(folder: Path, seed: int = 0) -> Subject:
    """The network of FOLDER/network-1.{json,py,onnx} with the weights of its ONNX file.

    Where FOLDER holds `weights.pt` of an exported project's train.py and the file `cifar.bin` that it was given as --data, it is a trained network with pictures of its own.
    """
    document = json.loads((folder / "network-1.json").read_text())
    size, outputs = document["input"], document["classes"]
    module = load_module(folder / "network-1.py")
    network = module.Network().eval()
    module.load_onnx_weights(network, str(folder / "network-1.onnx"))
    shape = (size["channels"], size["size"], size.get("width", size["size"]))
    generator = torch.Generator().manual_seed(seed)
    # coarse, as images are, which have more of low frequencies than noise
    count = min(max(outputs, 2), 20)
    patterns = functional.interpolate(torch.randn(count, shape[0], 4, 4, generator=generator), shape[1:], mode="bicubic")
    targets = torch.randn(count, outputs, generator=generator)
    task = document.get("task", "classification")
    subject = Subject(folder.name, network, task, shape, patterns, (targets > 0).float() if task == "multilabel" else targets)
    if (folder / "weights.pt").exists():
        network.load_state_dict(torch.load(folder / "weights.pt"))
        subject.pictures = cifar_pictures(folder / "cifar.bin")
    return subject


def cifar_pictures(file: Path, validation_share: float = 0.1) -> Pictures:
    """Pictures of a CIFAR-10 binary as an exported project's train.py splits and standardises them: the last ones validate."""
    records = torch.frombuffer(bytearray(file.read_bytes()), dtype=torch.uint8).view(-1, 3073)
    images = records[:, 1:].reshape(-1, 3, 32, 32).float() / 255
    trained = len(images) - round(validation_share * len(images))
    sample = images[:trained]
    images = (images - sample.mean((0, 2, 3), keepdim=True)) / sample.std((0, 2, 3), keepdim=True)
    return Pictures(images[:64], images[trained:], records[trained:, 0].long())
