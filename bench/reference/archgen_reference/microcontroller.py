"""Memory that TensorFlow Lite Micro's interpreter allocates for a flatbuffer."""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass
class Arena:
    """Bytes of the tensor arena after one inference."""

    head: int
    """Feature maps and scratch space, planned to share memory; what one inference overwrites."""
    tail: int
    """The interpreter's own structures, which live as long as it does."""

    @property
    def total(self) -> int:
        return self.head + self.tail


def arena_of(file: Path, size: int = 64 << 20) -> Arena:
    """Runs the network once on an image of zeros and reads what the recording allocator prints."""
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_file(str(file), arena_size=size)
    details = interpreter.get_input_details(0)
    interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
    interpreter.invoke()
    text = _standard_error(interpreter.print_allocations)
    head, tail = (int(re.search(rf"Arena allocation {part} (\d+) bytes", text).group(1)) for part in ("head", "tail"))
    return Arena(head, tail)


def _standard_error(call) -> str:
    """What a call prints to the process's standard error, from C too."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            call()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        file.seek(0)
        return file.read().decode()


def constant_bytes(file: Path) -> int:
    """Bytes of the flatbuffer's constants that are numbers of networks: int8, int32 and float32 tensors with data and more than shapes."""
    from tflite_micro.python.tflite_micro import runtime

    model = runtime.convert_bytearray_to_object(file.read_bytes())
    used = {tensor.buffer for tensor in model.subgraphs[0].tensors}
    return sum(len(model.buffers[i].data) for i in used if model.buffers[i].data is not None)
