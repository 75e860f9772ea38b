"""One instance of a cell: a small directed graph of operations."""

from torch import Tensor, nn

from .operations import OPERATIONS, batch_norm, convolution, named


class Cell(nn.Module):
    """A cell in archgen's JSON form: `{"operations": [{"type", "kernel"}, ...], "edges": [[from, to], ...]}`.

    Node 0 is the input, 1..n the operations, n+1 the output. A node adds its parents and applies its operation. Where channels or size
    change, a node whose only parent is the input maps the raw input itself; everything else sees the projected input.
    """

    def __init__(self, cell: dict, c_in: int, channels: int, stride: int):
        super().__init__()
        operations = cell["operations"]
        self.output = len(operations) + 1
        self.parents = {node: [a for a, b in cell["edges"] if b == node] for node in range(1, self.output + 1)}
        changes = c_in != channels or stride != 1
        self.raw = {node for node in range(1, self.output) if changes and self.parents[node] == [0]}
        for node, operation in enumerate(operations, start=1):
            builder = OPERATIONS[operation["type"]]
            shape = (c_in, stride) if node in self.raw else (channels, 1)
            self.add_module(f"node{node}", builder(shape[0], channels, operation["kernel"], shape[1]))
        reads_projection = any(0 in self.parents[node] and node not in self.raw for node in self.parents)
        self.projection = None
        if changes and reads_projection:
            self.projection = named(relu=nn.ReLU(), conv=convolution(c_in, channels, 1, stride), norm=batch_norm(channels))

    def forward(self, x: Tensor) -> Tensor:  # [batch, c_in, h, w] -> [batch, channels, h/stride, w/stride]
        values = {0: x if self.projection is None else self.projection(x)}
        for node in range(1, self.output):
            source = x if node in self.raw else self._sum(values, node)
            values[node] = self.get_submodule(f"node{node}")(source)
        return self._sum(values, self.output)

    def _sum(self, values: dict[int, Tensor], node: int) -> Tensor:
        first, *rest = (values[parent] for parent in self.parents[node])
        return sum(rest, start=first) if rest else first
