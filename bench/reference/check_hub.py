"""Loads the sequence generator of a hub's folder in transformers and compares it with its ONNX file: `python check_hub.py FOLDER`.

FOLDER is written by `archgen models push FOLDER`. `AutoModelForCausalLM.from_pretrained(FOLDER)` must give the logits that onnxruntime gives for the same
token ids (to 1e-4 of their largest value), the same ids by greedy generation, and the tokenizer the ids that stand in its vocabulary. Prints one JSON document.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

TOLERANCE = 1e-4


class OnnxSequences:
    """The ONNX file without a cache: all tokens at once, an empty past."""

    def __init__(self, folder: Path, config):
        self.session = onnxruntime.InferenceSession(str(folder / "onnx/model.onnx"), providers=["CPUExecutionProvider"])
        self.heads, self.size = config.num_heads, config.hidden_size // config.num_heads

    def logits(self, ids: np.ndarray) -> np.ndarray:
        """[batch, length] ids to [batch, length, vocabulary]."""
        batch, length = ids.shape
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        feeds["position_ids"] = np.tile(np.arange(length, dtype=np.int64), (batch, 1))
        for entry in self.session.get_inputs():
            if entry.name.startswith("past_key_values"):
                feeds[entry.name] = np.zeros((batch, self.heads, 0, self.size), np.float32)
        return self.session.run(["logits"], feeds)[0]

    def generate(self, ids: np.ndarray, end: int, longest: int) -> list[int]:
        """Greedy continuation of one row."""
        tokens = ids[0].tolist()
        while len(tokens) < longest and tokens[-1] != end:
            tokens.append(int(self.logits(np.array([tokens]))[0, -1].argmax()))
        return tokens


@torch.no_grad()
def check(folder: Path) -> dict:
    """Logits of random ids, greedy continuations, ids of the tokenizer."""
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    sequences = OnnxSequences(folder, model.config)
    ids = np.random.default_rng(0).integers(0, model.config.vocab_size, (4, min(64, model.config.max_position_embeddings)))
    expected = model(torch.from_numpy(ids)).logits.numpy()
    difference = np.abs(sequences.logits(ids) - expected).max() / np.abs(expected).max()
    assert difference <= TOLERANCE, f"logits differ by {difference} of the largest"
    end, longest = model.config.eos_token_id, model.config.max_position_embeddings
    for seed in range(4):
        start = np.array([[model.config.bos_token_id, int(ids[seed, 0])]])
        ours = sequences.generate(start, end, longest)
        mask = torch.ones(1, 2, dtype=torch.long)
        theirs = model.generate(torch.from_numpy(start), attention_mask=mask, do_sample=False, max_length=longest, pad_token_id=end)
        assert theirs[0].tolist() == ours, (theirs[0].tolist(), ours)
    assert tokenizer.convert_tokens_to_ids(list(vocabulary)) == list(vocabulary.values()), "ids of the tokenizer differ"
    parameters = sum(parameter.numel() for parameter in model.parameters())
    return {"model": type(model).__name__, "parameters": parameters, "logitDifference": float(difference), "tokens": len(vocabulary)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    print(json.dumps(check(parser.parse_args().folder)))
