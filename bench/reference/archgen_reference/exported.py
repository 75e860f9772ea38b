"""An exported network of any task as a PyTorch module with weights that mean something, and images for it."""

import importlib.util
import json
import py_compile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
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
class Subject:
    """A network in evaluation mode with its task and the shape of its images."""

    name: str
    network: nn.Module
    task: str
    shape: tuple[int, int, int]
    """channels, height, width"""
    classes: int
    mean_images: Tensor
    """One image [channels, height, width] for each class; images of the class are it with noise."""
    own_images: Tensor | None = None
    """Images of data that the network was trained on, where it was trained."""

    def images(self, count: int, seed: int) -> tuple[Tensor, Tensor]:
        """Images [count, channels, height, width] and their classes: the class' image and a third of standard normal noise."""
        generator = torch.Generator().manual_seed(seed)
        if self.own_images is not None:
            chosen = torch.randperm(len(self.own_images), generator=generator)[:count]
            return self.own_images[chosen], torch.full((count,), -1)
        labels = torch.randint(0, len(self.mean_images), (count,), generator=generator)
        noise = torch.randn(count, *self.shape, generator=generator)
        return self.mean_images[labels] + 0.33 * noise, labels

    @property
    def depthwise(self) -> int:
        """Convolutions with one input channel for each group, and more than one group."""
        convolutions = [m for m in self.network.modules() if isinstance(m, nn.Conv2d)]
        return sum(m.groups == m.in_channels > 1 for m in convolutions)


def load_subject(folder: Path, seed: int = 0) -> Subject:
    """The network of FOLDER/network-1.{json,py,onnx} with the weights of its ONNX file.

    Where FOLDER holds `weights.pt` of an exported project's train.py and `images.npy`, standardised float32 images [n, channels, height, width], it
    is a trained network with images of its own.
    """
    document = json.loads((folder / "network-1.json").read_text())
    size, classes = document["input"], document["classes"]
    module = load_module(folder / "network-1.py")
    network = module.Network().eval()
    module.load_onnx_weights(network, str(folder / "network-1.onnx"))
    shape = (size["channels"], size["size"], size.get("width", size["size"]))
    generator = torch.Generator().manual_seed(seed)
    # coarse patterns: as images, they have more of low frequencies than noise
    coarse = torch.randn(min(max(classes, 2), 20), shape[0], 4, 4, generator=generator)
    means = functional.interpolate(coarse, shape[1:], mode="bicubic")
    own = None
    if (folder / "weights.pt").exists():
        network.load_state_dict(torch.load(folder / "weights.pt"))
        own = torch.from_numpy(np.load(folder / "images.npy"))
    return Subject(folder.name, network, document.get("task", "classification"), shape, classes, means, own)


@torch.no_grad()
def calibrate(subject: Subject) -> float:
    """Weights with which a network that nobody trained tells images apart; returns the share of right answers on unseen images.

    Fresh weights behind 300 batch norms are chaotic: PyTorch's own float32 can be a quarter of the output away from its float64. So every batch
    norm gets a bias of 2 standard deviations, which lets ReLU cut less, and running statistics of images; the last linear layer is the ridge
    regression of the classes on its input. Not a number (NaN) for tasks other than classification.
    """
    network = subject.network
    for norm in (m for m in network.modules() if isinstance(m, nn.BatchNorm2d) and m.affine):
        norm.bias.fill_(2.0)
    take_statistics(network, [subject.images(32, seed=5)[0]])
    classifier = getattr(network.head, "classifier", None)
    if not isinstance(classifier, nn.Linear):
        return float("nan")
    images, labels = subject.images(256, seed=3)
    features = torch.cat([network.forward_features(part).mean((2, 3)) for part in images.split(32)])
    wanted = functional.one_hot(labels, max(subject.classes, len(subject.mean_images))).float()[:, : subject.classes]
    _fit(classifier, features, wanted)
    if subject.task != "classification":
        return float("nan")
    images, labels = subject.images(64, seed=9)
    return (network(images).argmax(1) == labels).float().mean().item()


def _fit(classifier: nn.Linear, features: Tensor, wanted: Tensor) -> None:
    mean, deviation = features.mean(0), features.std(0) + 1e-6
    scaled = torch.cat([(features - mean) / deviation, torch.ones(len(features), 1)], 1)
    solution = torch.linalg.solve(scaled.T @ scaled + 5 * torch.eye(scaled.shape[1]), scaled.T @ wanted)
    weight = solution[:-1].T / deviation
    classifier.weight.copy_(weight)
    classifier.bias.copy_(solution[-1] - weight @ mean)


@torch.no_grad()
def take_statistics(network: nn.Module, batches: list[Tensor]) -> None:
    """Sets the running statistics of every batch norm to the mean of those of these batches."""
    for norm in (m for m in network.modules() if isinstance(m, nn.BatchNorm2d)):
        norm.reset_running_stats()
        norm.momentum = None
    network.train()
    for images in batches:
        network(images)
    network.eval()
