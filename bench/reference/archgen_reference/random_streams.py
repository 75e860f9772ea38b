"""archgen's seeded random streams, so that both sides draw the same weights: xoroshiro128+ seeded by SHA-256.

A stream's key is the digest of `archgen-seed:SEED`; `fork(label)` has the digest of `KEY/label`. The first 128 bits of the key are the
generator's state.
"""

import hashlib
import math

import numpy as np

_MASK = 0xFFFFFFFF
_MASK64 = 0xFFFFFFFFFFFFFFFF


class Stream:
    def __init__(self, key: str):
        self.key = key
        s01, s00, s11, s10 = (int(key[8 * i : 8 * i + 8], 16) for i in range(4))
        self._s0, self._s1 = s01 << 32 | s00, s11 << 32 | s10

    @classmethod
    def of_seed(cls, seed: int) -> "Stream":
        return cls(_digest(f"archgen-seed:{seed}"))

    def fork(self, label: str) -> "Stream":
        return Stream(_digest(f"{self.key}/{label}"))

    def uniform(self, count: int) -> np.ndarray:
        """`count` float64 values on [0, 1): 53 bits each, 26 and 27 from the low words of two steps."""
        s0, s1 = self._s0, self._s1
        words = np.empty(2 * count, np.uint64)
        for i in range(2 * count):
            words[i] = (s0 + s1) & _MASK
            s1 ^= s0
            s0 = (_rotated(s0, 24) ^ s1 ^ (s1 << 16)) & _MASK64
            s1 = _rotated(s1, 37)
        self._s0, self._s1 = s0, s1
        high, low = words[::2] >> 6, words[1::2] >> 5
        return (high.astype(np.float64) * 2**27 + low.astype(np.float64)) / 2**53

    def normal(self, count: int) -> np.ndarray:
        """`count` standard normal float32 values by Box-Muller, both values of each pair used."""
        u = self.uniform(2 * math.ceil(count / 2))
        radius, angle = np.sqrt(-2 * np.log(1 - u[::2])), 2 * np.pi * u[1::2]
        return np.stack((radius * np.cos(angle), radius * np.sin(angle)), 1).reshape(-1)[:count].astype(np.float32)


def _rotated(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & _MASK64


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
