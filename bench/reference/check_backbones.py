"""Puts torchvision's heads on exported networks: `python check_backbones.py N.py …`.

Each exported PyTorch file becomes a backbone by features_only. A feature pyramid with RetinaNet's head (its last three maps and torchvision's
two extra levels) and a DeepLab v3 head (its last map) make one training step each; every parameter of the backbone must get a gradient, and
the loss of the same batch must be smaller after the step than before. Prints one JSON document. Needs torchvision.
"""

import argparse
import json
from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.segmentation.deeplabv3 import DeepLabHead
from torchvision.ops import FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

from check_exports import load_module

PYRAMID = 32


class PyramidBackbone(nn.Module):
    """The last maps of a backbone as a pyramid, in the form that torchvision's detectors take."""

    out_channels = PYRAMID

    def __init__(self, body: nn.Module, levels: int = 3):
        super().__init__()
        self.body, self.levels = body, levels
        channels = [info["num_chs"] for info in body.feature_info[-levels:]]
        self.fpn = FeaturePyramidNetwork(channels, PYRAMID, extra_blocks=LastLevelP6P7(PYRAMID, PYRAMID))

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        maps = self.body(images)[-self.levels :]
        return self.fpn(OrderedDict((str(i), features) for i, features in enumerate(maps)))


class Segmenter(nn.Module):
    """DeepLab v3's head on the last map, enlarged to the images."""

    def __init__(self, body: nn.Module, classes: int):
        super().__init__()
        self.body, self.head = body, DeepLabHead(body.feature_info[-1]["num_chs"], classes)

    def forward(self, images: Tensor) -> Tensor:
        scores = self.head(self.body(images)[-1])
        return functional.interpolate(scores, images.shape[-2:], mode="bilinear", align_corners=False)


def step(model: nn.Module, loss_of) -> tuple[float, float]:
    """Loss before and after one step of gradient descent; fails where a parameter of the body has no gradient."""
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    before = loss_of()
    before.backward()
    body = model.backbone.body if hasattr(model, "backbone") else model.body
    without = [name for name, parameter in body.named_parameters() if parameter.grad is None]
    assert not without, without
    optimizer.step()
    after = loss_of()
    assert torch.isfinite(after) and after < before, (before.item(), after.item())
    return before.item(), after.item()


def check(path: Path) -> dict:
    torch.manual_seed(0)
    module = load_module(path)
    size = max(64, module.SIZE)
    images = torch.randn(2, 3, size, size)

    body = module.Network(features_only=True).train()
    levels = min(3, len(body.feature_info))
    anchors = AnchorGenerator(tuple((2 ** (3 + i),) for i in range(levels + 2)), ((0.5, 1.0, 2.0),) * (levels + 2))
    detector = RetinaNet(PyramidBackbone(body, levels), 5, min_size=size, max_size=size, anchor_generator=anchors).train()
    targets = [{"boxes": torch.tensor([[8.0, 8.0, 40.0, 48.0]]), "labels": torch.tensor([3])} for _ in images]
    detection = step(detector, lambda: sum(detector(list(images), targets).values()))

    body = module.Network(features_only=True).train()
    segmenter = Segmenter(body, 5).train()
    # dropout of the head draws the same places before and after the step
    labels = torch.randint(0, 5, (2, size, size))

    def segmentation_loss() -> Tensor:
        torch.manual_seed(1)
        return functional.cross_entropy(segmenter(images), labels)

    segmentation = step(segmenter, segmentation_loss)
    return {
        "file": path.name,
        "maps": [[info["num_chs"], info["reduction"]] for info in body.feature_info],
        "retinanet": dict(zip(("before", "after"), detection)),
        "deeplab": dict(zip(("before", "after"), segmentation)),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=Path, nargs="+")
    print(json.dumps([check(path) for path in parser.parse_args().networks], indent=2))
