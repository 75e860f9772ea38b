"""The example notebook runs, and shows what it promises."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import archgen

NOTEBOOK = Path(__file__).parents[1] / "examples" / "networks-under-a-budget.ipynb"


def test_the_notebook_runs(services: archgen.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHGEN_ADDRESS", services.address)
    monkeypatch.setenv("ARCHGEN_ZC_PROXY_ADDRESS", services.zc_proxy_address or "")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [data for cell in notebook.cells if cell.cell_type == "code" for data in cell.outputs]
    kinds = {kind for output in shown for kind in output.get("data", {})}
    assert {"text/html", "image/svg+xml"} <= kinds
    text = "".join(output.get("text", "") for output in shown)
    assert "input_size -> must be" in text
    assert "networks/network-1.onnx" in text and (tmp_path / "networks" / "results.json").exists()
