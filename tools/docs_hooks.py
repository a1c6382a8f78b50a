"""Hooks of the docs site: pages that stand outside docs/ in the tree, and examples in docstrings."""

import re
import shutil
from pathlib import Path
from typing import Any

import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
# Files of the tree and the places that the site gives them
MOVED = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}


@event_priority(100)  # before the plugin that turns notebooks into pages
def on_files(files: Files, config: MkDocsConfig) -> Files:
    copies = ROOT / "build/docs"  # notebooks write results where they run
    shutil.rmtree(copies, ignore_errors=True)
    shutil.copytree(ROOT / "notebooks", copies / "notebooks", ignore=shutil.ignore_patterns("results", ".*"))
    for notebook in sorted((copies / "notebooks").glob("*.ipynb")):
        place = f"notebooks/{notebook.name}"
        files.append(File(place, str(copies), config.site_dir, use_directory_urls=False))
    for name, place in MOVED.items():
        text = (ROOT / name).read_text().replace("](docs/", "](")
        files.append(File.generated(config, place, content=text))
    return files


class FencedExamples(griffe.Extension):
    """Lines after >>> in a docstring are code with its answer, not a quotation of Markdown."""

    EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\n).+)*", re.MULTILINE)

    def on_object(self, *, obj: griffe.Object, **others: Any) -> None:
        if obj.docstring and "```pycon" not in obj.docstring.value:  # a text may belong to two names
            obj.docstring.value = self.EXAMPLE.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)

    def on_module(self, *, mod: griffe.Module, **others: Any) -> None:
        self.on_object(obj=mod)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    return re.sub(r"\]\(\s*\.\./notebooks/", "](notebooks/", markdown)
