"""Puts torchvision's heads on exported networks: `python check_backbones.py N.py …`.

Each exported PyTorch file of a network for RGB pictures becomes a backbone by features_only. A feature pyramid with RetinaNet's head (its last
three maps and torchvision's two extra levels) and a DeepLab v3 head (its last map) make one training step each: every parameter of the backbone
must get a gradient, and the loss of the same batch must fall. Prints one JSON document. Needs torchvision.
"""

import argparse
import json
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection import RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.segmentation.deeplabv3 import DeepLabHead
from torchvision.ops import FeaturePyramidNetwork
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

from archgen_reference.exported import load_module

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


def step(model: nn.Module, body: nn.Module, loss_of: Callable[[], Tensor]) -> dict:
    """One step of gradient descent from a rate of 0.1, halved until the loss of the same batch falls; fails where a gradient does not arrive.

    Along the negative gradient a small enough step lowers every loss, if the gradient is the loss's: twelve halvings that do not are a failure.
    """
    before = loss_of()
    before.backward()
    lost = [name for name, parameter in body.named_parameters() if parameter.grad is None or not parameter.grad.isfinite().all()]
    assert not lost, f"no gradient at {lost}"
    stem = body.stem.conv.weight.grad.norm().item()
    assert stem > 0, "no gradient at the stem"
    start = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    for rate in (0.1 / 2**i for i in range(13)):
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(start[name] - (0 if parameter.grad is None else rate * parameter.grad))
            after = loss_of()
        if after < before:
            return {"before": before.item(), "after": after.item(), "rate": rate, "stemGradientNorm": stem}
    raise AssertionError(f"no step lowers the loss of {before.item()}")


def check(path: Path) -> dict:
    """One step with either head on one exported file."""
    torch.manual_seed(0)
    module = load_module(path)
    size = max(64, module.SIZE)
    images = torch.randn(4, 3, size, size)

    body = module.Network(features_only=True).train()
    levels = min(3, len(body.feature_info))
    anchors = AnchorGenerator(tuple((2 ** (3 + i),) for i in range(levels + 2)), ((0.5, 1.0, 2.0),) * (levels + 2))
    detector = RetinaNet(PyramidBackbone(body, levels), 5, min_size=size, max_size=size, anchor_generator=anchors).train()
    targets = [{"boxes": torch.tensor([[8.0, 8.0, 40.0, 48.0]]), "labels": torch.tensor([3])} for _ in images]
    detection = step(detector, body, lambda: sum(detector(list(images), targets).values()))

    body = module.Network(features_only=True).train()
    segmenter = Segmenter(body, 5).train()
    labels = torch.randint(0, 5, (4, size, size))

    def segmentation_loss() -> Tensor:
        torch.manual_seed(1)  # dropout of the head draws the same places before and after the step
        return functional.cross_entropy(segmenter(images), labels)

    segmentation = step(segmenter, body, segmentation_loss)
    maps = [[info["num_chs"], info["reduction"]] for info in body.feature_info]
    return {"file": str(path), "maps": maps, "retinanet": detection, "deeplab": segmentation}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", type=Path, nargs="+")
    print(json.dumps([check(path) for path in parser.parse_args().networks], indent=2))
