"""Fashion-MNIST and a part of CIFAR-10, as the splits that training reads."""

import gzip
import lzma
from pathlib import Path

import torch

from .recipe import train

FASHION = Path("/usr/share/datasets/fashion-mnist")
HELD_OUT = 600


def load(path: Path, fold: int, limit: int | None) -> tuple:
    """Training and test split; a single CIFAR file holds out another block of 600 images in each of its folds."""
    if path.is_dir() and any(path.glob("train-images-idx3-ubyte.*")):
        parts = [idx_split(path, part) for part in ("train", "t10k")]
    elif ".bin" in path.suffixes:
        parts = fold_of(records(unpacked(path)), fold)
    else:
        parts = list(train.read_arrays(path, 0.1))
    parts = [train.to_size(part, 32, 32) for part in parts]
    return tuple(train.Split(part.images[:limit], part.labels[:limit]) for part in parts)


def fold_of(whole, fold: int) -> list:
    held = torch.zeros(len(whole.labels), dtype=torch.bool)
    held[fold * HELD_OUT : (fold + 1) * HELD_OUT] = True
    return [train.Split(whole.images[part], whole.labels[part]) for part in (~held, held)]


def folds(path: Path) -> int:
    """Number of held-out blocks."""
    return 4 if ".bin" in path.suffixes else 1


def records(content: bytes):
    """CIFAR-10's binary form: a label byte, then 3,072 bytes channel by channel."""
    rows = torch.frombuffer(bytearray(content), dtype=torch.uint8).view(-1, 3073)
    return train.Split(rows[:, 1:].reshape(-1, 3, 32, 32).contiguous(), rows[:, 0].long())


def unpacked(path: Path) -> bytes:
    """The bytes of a file, or of its packed form (.gz, .xz)."""
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix, open)
    with opener(path, "rb") as file:
        return file.read()


def idx_split(folder: Path, part: str):
    """The IDX files of the Debian package dataset-fashion-mnist."""
    pixels, labels = (unpacked(next(folder.glob(f"{part}-{kind}-ubyte*")))[skip:] for kind, skip in (("images-idx3", 16), ("labels-idx1", 8)))
    images = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).view(-1, 1, 28, 28)
    return train.Split(images, torch.frombuffer(bytearray(labels), dtype=torch.uint8).long())
