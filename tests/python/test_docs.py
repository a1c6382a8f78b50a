"""The docs as a site: every link leads somewhere, every page is in the menu, nothing is loaded from the network."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("mkdocs")


def test_the_site_builds_strictly_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--config-file", ROOT / "mkdocs.yml"]
    settings = {"OHMLAB_DOCS_EXECUTE": "false", "NO_MKDOCS_2_WARNING": "1"}  # tests/notebooks run the notebooks
    done = subprocess.run(
        [*command, "--site-dir", tmp_path], capture_output=True, text=True, env={**os.environ, **settings}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {page.relative_to(tmp_path).as_posix(): page.read_text() for page in tmp_path.rglob("*.html")}
    sources = {file.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for file in ROOT.glob("docs/**/*.md")}
    assert sources | {"notebooks/gallery.html", "contributing.html", "changelog.html"} <= pages.keys()
    loaded = r'<(?:script|img|iframe)[^>]*\bsrc="https?:|<link[^>]*rel="(?:stylesheet|preload)"[^>]*href="https?:'
    assert {name: re.findall(loaded, text) for name, text in pages.items() if re.search(loaded, text)} == {}
    assert '<span class="gp">&gt;&gt;&gt; </span>' in pages["api.html"]  # examples in docstrings are code
