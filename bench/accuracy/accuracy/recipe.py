"""The training program that exported projects carry, as a module: the same code trains here."""

import importlib.util
import sys
from pathlib import Path

TRAIN = Path(__file__).resolve().parents[3] / "libs" / "exporters" / "project" / "train.py"

_spec = importlib.util.spec_from_file_location("archgen_train", TRAIN)
train = importlib.util.module_from_spec(_spec)
sys.modules["archgen_train"] = train
_spec.loader.exec_module(train)
