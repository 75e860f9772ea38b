"""Networks and cells: the JSON form of docs/schemas and the messages of the protocol."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Union

from google.protobuf import json_format

from ._errors import InvalidArgument, invalid_argument
from .common.v1 import cell_pb2, latency_pb2, network_pb2

#: A JSON document: a dict, its text, or the path of its file.
Document = Union[Mapping[str, Any], str, "os.PathLike[str]"]

_PREFIX = "OPERATION_TYPE_"


def read_document(argument: str, document: Document) -> dict[str, Any]:
    """The JSON object that is given as such, as text or as a file."""
    if isinstance(document, Mapping):
        return dict(document)
    text = os.fspath(document)
    try:
        if not text.lstrip().startswith("{"):
            text = Path(text).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise invalid_argument(argument, f"is neither JSON nor a file with it: {error}") from error
    if not isinstance(found, dict):
        raise invalid_argument(argument, "must be a JSON object")
    return found


def cell_to_json(cell: cell_pb2.Cell) -> dict[str, Any]:
    """The JSON form of a cell (docs/schemas/cell.schema.json)."""
    return {
        "operations": [
            {"type": cell_pb2.OperationType.Name(operation.type)[len(_PREFIX) :].lower(), "kernel": operation.kernel}
            for operation in cell.operations
        ],
        "edges": [[getattr(edge, "from"), edge.to] for edge in cell.edges],
    }


def cell_from_json(argument: str, cell: Mapping[str, Any]) -> cell_pb2.Cell:
    """The message of a cell in JSON; the service checks it.

    Raises InvalidArgument naming `argument` for what has not the form of a cell.
    """
    with _form_of(argument, "a cell (docs/schemas/cell.schema.json)"):
        if any("from" in edge for edge in cell["edges"]):
            return json_format.ParseDict(dict(cell), cell_pb2.Cell())
        known: Mapping[str, Any] = dict(cell_pb2.OperationType.items())
        operations = [
            cell_pb2.Operation(type=known[f"{_PREFIX}{operation['type'].upper()}"], kernel=operation["kernel"])
            for operation in cell["operations"]
        ]
        return cell_pb2.Cell(operations=operations, edges=[cell_pb2.Edge(**{"from": start, "to": end}) for start, end in cell["edges"]])


def network_to_json(network: network_pb2.Network) -> dict[str, Any]:
    """The JSON form of a network (docs/schemas/network.schema.json)."""
    channels = network.input_channels if network.HasField("input_channels") else 3
    width = {"width": network.input_width} if network.HasField("input_width") else {}
    task = network_pb2.Task.Name(network.task).removeprefix("TASK_").lower()
    return {
        "input": {"size": network.input_size, **width, "channels": channels},
        "classes": network.class_count,
        **({} if task in ("unspecified", "classification") else {"task": task}),
        "stem": {"channels": network.stem.channels, "stride": network.stem.stride},
        "stages": [
            {
                "cell": cell_to_json(stage.cell),
                "channels": stage.channels,
                "stride": stage.stride,
                "repeats": stage.repeats,
            }
            for stage in network.stages
        ],
        "finalChannels": network.final_channels if network.HasField("final_channels") else None,
    }


def network_from_json(argument: str, network: Mapping[str, Any]) -> network_pb2.Network:
    """The message of a network in JSON, as files have it or as gRPC answers it; the service checks it.

    Raises InvalidArgument naming `argument` for what has not the form of a network.
    """
    with _form_of(argument, "a network (docs/schemas/network.schema.json)"):
        if "input" not in network:
            return json_format.ParseDict(dict(network), network_pb2.Network())
        stages = [
            network_pb2.Stage(
                cell=cell_from_json(f"{argument}.stages[{i}].cell", stage["cell"]),
                channels=stage["channels"],
                stride=stage["stride"],
                repeats=stage["repeats"],
            )
            for i, stage in enumerate(network["stages"])
        ]
        task = network.get("task")
        return network_pb2.Network(
            input_size=network["input"]["size"],
            input_width=network["input"].get("width"),
            input_channels=network["input"].get("channels"),
            task=None if task is None else f"TASK_{task.upper()}",
            class_count=network["classes"],
            stem=network_pb2.Stem(**network["stem"]),
            stages=stages,
            final_channels=network.get("finalChannels"),
        )


def latency_table(table: Document | None) -> latency_pb2.LatencyTable | None:
    """The message of a latency table as `archgen profile-latency` writes it."""
    if table is None:
        return None
    document = read_document("latency_table", table)
    with _form_of("latency_table", "a table that profile-latency wrote"):
        entries = [{"latency_ms" if key == "ms" else key: value for key, value in entry.items()} for entry in document["entries"]]
        message = latency_pb2.LatencyTable(device=document.get("device", ""))
        for entry in entries:
            json_format.ParseDict(entry, message.entries.add())
        return message


@contextmanager
def _form_of(argument: str, form: str) -> Iterator[None]:
    """Errors of a document that has another form come out as InvalidArgument."""
    try:
        yield
    except InvalidArgument:
        raise
    except KeyError as error:
        raise invalid_argument(argument, f"must be {form}: {error} is missing or unknown") from None
    except (TypeError, ValueError, AttributeError, json_format.ParseError) as error:
        raise invalid_argument(argument, f"must be {form}: {error}") from None
