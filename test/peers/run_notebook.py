"""Runs a notebook from its first cell to its last, and prints what each cell showed as JSON: its types and its text.

    run_notebook.py notebook.ipynb

Ends with an error where a cell does.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient


def shown(cell):
    results = [output for output in cell.get("outputs", []) if output.output_type in ("execute_result", "display_data")]
    data = {kind: value for result in results for kind, value in result.data.items()}
    return {"types": sorted(data), "text": data.get("text/plain", ""), "html": data.get("text/html", "")}


notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
print(json.dumps({cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}))
