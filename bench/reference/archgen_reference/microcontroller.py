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


def micro_answers(file: Path, images: np.ndarray, size: int = 1 << 30) -> np.ndarray:
    """Outputs of the network for images [n, height, width, channels], one by one."""
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_file(str(file), arena_size=size)

    def answer(image: np.ndarray) -> np.ndarray:
        interpreter.set_input(image[None], 0)
        interpreter.invoke()
        return interpreter.get_output(0).copy()

    return np.concatenate([answer(image) for image in images])


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


@dataclass
class Flatbuffer:
    """Sizes of a network's file in bytes."""

    file: int
    unnamed: int
    """Without names of tensors and metadata, which the interpreter does not read."""
    constants: int
    """Weights, biases and other tensors with data."""
    operators: int


def flatbuffer_of(file: Path) -> Flatbuffer:
    """Sizes of a .tflite file."""
    import flatbuffers
    from tflite_micro.python.tflite_micro import runtime

    content = file.read_bytes()
    model = runtime.convert_bytearray_to_object(content)
    graph = model.subgraphs[0]
    kept = {tensor.buffer for tensor in graph.tensors}
    constants = sum(len(model.buffers[i].data) for i in kept if model.buffers[i].data is not None)
    for tensor in graph.tensors:
        tensor.name = None
    for i, buffer in enumerate(model.buffers):
        if i not in kept:
            buffer.data = None
    model.metadata, model.signatureDefs, model.description = [], [], None
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), b"TFL3")
    return Flatbuffer(len(content), len(builder.Output()), constants, len(graph.operators))
