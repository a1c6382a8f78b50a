"""Every notebook runs from top to bottom, and is stored without what it prints."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

HANG = 3600  # s; ends what hangs, says nothing about how fast anything has to be
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    return nbformat.read(request.param, as_version=4)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


def test_a_notebook_is_valid_and_stored_without_outputs(notebook: nbformat.NotebookNode) -> None:
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)


def test_a_notebook_runs_and_draws_its_figures(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    client = NotebookClient(
        notebook,
        timeout=HANG,
        startup_timeout=HANG,
        iopub_timeout=HANG,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.execute()
    said = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [
        output.text for output in said if output.output_type == "stream" and output.name == "stderr"
    ] == []
    drawn = [output for output in said if "image/png" in output.get("data", {})]
    assert len(drawn) == sum("plt.show()" in cell.source for cell in notebook.cells)
