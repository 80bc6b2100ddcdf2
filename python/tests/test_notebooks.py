"""The notebooks run from top to bottom, and show what they promise."""

import pathlib

import nbclient
import nbformat
import pytest

FOLDER = pathlib.Path(__file__).parents[2] / "examples" / "notebooks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_runs(path):
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [output for cell in code for output in cell.outputs if output.output_type == "execute_result"]
    assert len(shown) >= 4
    assert sum("<table" in output.data.get("text/html", "") for output in shown) >= 3
    if any(".show(" in cell.source for cell in code):
        [view] = [output.data for output in shown if "<iframe" in output.data.get("text/html", "")]
        assert "image/svg+xml" in view and "newsgraph.View" in view["text/plain"]
    for cell in code:
        if "plt." in cell.source and "ax." in cell.source:
            assert any("image/png" in output.get("data", {}) for output in cell.outputs)
