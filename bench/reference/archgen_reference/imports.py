"""Cells and networks from published formats, in archgen's JSON forms."""

import re

BEST_NATS = (
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|"
)
"""The best cell of NATS-Bench on CIFAR-10."""

_NASBENCH201 = {
    "nor_conv_1x1": {"type": "conv", "kernel": 1},
    "nor_conv_3x3": {"type": "conv", "kernel": 3},
    "avg_pool_3x3": {"type": "avg_pool", "kernel": 3},
}
_GRAPHNET_TYPES = ["avg_pool", "conv", "sep_conv", "dil_conv", "mbconv_2", "mbconv_3", "mbconv_6", "bconv_2", "bconv_4"]


def cell_from_nasbench201(architecture: str) -> dict:
    """Operations sit on edges there and on nodes here: each convolution or pooling edge becomes a node, skips join their ends."""
    operations, edges = [], []
    reaching = [{0}]  # per NAS-Bench-201 node: the nodes of ours whose sum is its value
    for group in architecture.split("+"):
        arriving = set()
        for name, source in re.findall(r"(\w+)~(\d)", group):
            parents = reaching[int(source)]
            if name == "skip_connect":
                arriving |= parents
            elif name != "none" and parents:
                operations.append(_NASBENCH201[name])
                edges += [[parent, len(operations)] for parent in parents]
                arriving.add(len(operations))
        reaching.append(arriving)
    output = len(operations) + 1
    return without_dead_ends({"operations": operations, "edges": edges + [[parent, output] for parent in reaching[-1]]})


def without_dead_ends(cell: dict) -> dict:
    """Drops every node from which the output cannot be reached."""
    output = len(cell["operations"]) + 1
    kept = {output}
    for node in range(output - 1, -1, -1):
        if any(a == node and b in kept for a, b in cell["edges"]):
            kept.add(node)
    number = {node: index for index, node in enumerate(sorted(kept | {0}))}
    return {
        "operations": [op for node, op in enumerate(cell["operations"], start=1) if node in kept],
        "edges": sorted([number[a], number[b]] for a, b in cell["edges"] if a in kept and b in kept),
    }


def cell_from_graphnet(adjacency: list[list[int]], features: list[list[int]]) -> dict:
    """A cell from 9 x 9 and 9 x 15 matrices: row 0 is a global node, then input, operations, output and unused rows.

    Feature columns: nine operation types, input, output, global, kernels 1, 3, 5.
    """
    output = next(row for row, feature in enumerate(features) if feature[10])
    operations = [
        {"type": _GRAPHNET_TYPES[feature.index(1)], "kernel": (1, 3, 5)[feature[12:].index(1)]}
        for feature in features[2:output]
    ]
    edges = [[a - 1, b - 1] for a in range(1, output) for b in range(a + 1, output + 1) if adjacency[a][b]]
    return {"operations": operations, "edges": edges}


def network_from_graphnet(record: dict) -> dict:
    """A network from one record of a released-architectures file."""
    cells = [cell_from_graphnet(adjacency, ops) for adjacency, ops in zip(record["adj"], record["ops"], strict=True)]
    plan = zip(cells, record["channels"], record["strides"], record["repeats"], strict=True)
    return {
        "input": {"size": record["input"], "channels": 3},
        "classes": record["num_classes"],
        "stem": {"channels": record["channels"][0], "stride": record["stem_stride"]},
        "stages": [{"cell": cell, "channels": c, "stride": s, "repeats": r} for cell, c, s, r in plan],
        "finalChannels": record["final_concat"],
    }
