"""Batches of images: the CIFAR-10 binary layout, or standard normal noise."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

CIFAR10_MEAN = (0.4914, 0.4822, 0.4465)
CIFAR10_STD = (0.2470, 0.2435, 0.2616)
_RECORD = 1 + 3 * 32 * 32


def cifar10_batch(path: str | Path, batch: int, offset: int = 0) -> tuple[Tensor, Tensor]:
    """Normalised images [batch, 3, 32, 32] and labels [batch] from a file of (label byte, 3072 channel-major bytes) records."""
    records = np.fromfile(path, np.uint8).reshape(-1, _RECORD)[offset : offset + batch]
    images = torch.from_numpy(records[:, 1:].astype(np.float32)).reshape(-1, 3, 32, 32) / 255
    mean, std = (torch.tensor(v).reshape(1, 3, 1, 1) for v in (CIFAR10_MEAN, CIFAR10_STD))
    return (images - mean) / std, torch.from_numpy(records[:, 0].astype(np.int64))


def normal_batch(batch: int, size: int, classes: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Standard normal images and uniform labels."""
    generator = torch.Generator().manual_seed(seed)
    images = torch.randn(batch, 3, size, size, generator=generator)
    return images, torch.randint(classes, (batch,), generator=generator)
