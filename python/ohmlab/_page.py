"""Pages: their pieces, pictures as inline SVG, and the template that they are put into.

All text passes through the template, which escapes it.
"""

from __future__ import annotations

import hashlib
import io
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

from ohmlab._plot_base import COLOURS, FAINT, GREY, INK, ON, RED

if TYPE_CHECKING:
    import jinja2
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Page", "Picture", "Section", "Source", "Table", "command", "picture", "render", "template"]

_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
# Colours of pictures by the names that the style sheet gives them, so that they follow a dark page.
_NAMES = {INK: "ink", "#000000": "ink", GREY: "grey", FAINT: "faint", RED: "c6", ON: "on"}
_NAMES |= {colour: f"c{k}" for k, colour in enumerate(COLOURS)}
_STYLE = {
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.labelsize": 9.5,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "legend.facecolor": "none",
    "svg.fonttype": "path",  # text is drawn: no font decides whether it fits
    "svg.hashsalt": "ohmlab",  # equal pictures have equal bytes
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}


@dataclass
class Source:
    """Where numbers come from, and what prints them."""

    files: str
    command: str = ""
    python: str = ""


@dataclass
class Table:
    """Rows of text; the first column names its row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    source: Source | None = None
    open: bool = True


@dataclass
class Picture:
    """A picture with its words, its numbers and their source."""

    title: str
    svg: str
    says: str  # what a reader who does not see it is told
    note: str = ""
    table: Table | None = None
    source: Source | None = None


@dataclass
class Section:
    """A part of a page."""

    title: str
    text: Sequence[str] = ()
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    quoted: str = ""  # text as the program prints it
    open: bool = False  # the text is shown at once


@dataclass
class Page:
    """A page: the answer in words, then sections."""

    title: str
    kind: str
    lead: Sequence[str]
    warnings: Sequence[str]
    sections: list[Section]
    facts: list[tuple[str, str]]
    command: str


def picture(
    draw: Callable[[], Axes | Figure],
    says: str,
    *,
    note: str = "",
    table: Table | None = None,
    source: Source | None = None,
) -> Picture:
    """Draws a picture in the style of pages. Its title is that of its first axis."""
    import matplotlib
    import matplotlib.pyplot as plt
    from matplotlib.axes import Axes

    with matplotlib.rc_context(cast(Any, _STYLE)), plt.ioff():
        drawn = draw()
        figure = drawn.get_figure(root=True) if isinstance(drawn, Axes) else drawn
        assert figure is not None
        titled = [axis for axis in figure.axes if axis.get_title()]
        title = titled[0].get_title().replace("\n", " ") if titled else ""
        if len(titled) == 1:
            titled[0].set_title("")  # the page says it
        svg = io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None})
        plt.close(figure)
    return Picture(title, _inline(svg.getvalue(), says), says, note, table, source)


def command(*words: str) -> str:
    """A command as a shell takes it."""
    return shlex.join(words)


def render(page: Page) -> str:
    """The page as HTML."""
    return template("page.html.jinja").render(page=page)


def template(name: str) -> jinja2.Template:
    """A template of the package. All values are escaped."""
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.PackageLoader("ohmlab"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inline(svg: bytes, says: str) -> str:
    """An SVG of matplotlib as an element of HTML: without names of spaces and facts about its making, with its own
    ids, colours of the page, and the words for those who do not see it."""
    name = f"p{hashlib.sha256(svg + says.encode()).hexdigest()[:8]}-"  # pictures of a page share no ids
    root = ElementTree.fromstring(svg)
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{_SVG}metadata":
                parent.remove(child)
    used = {
        target.lstrip("#")
        for element in root.iter()
        for key, value in element.attrib.items()
        for target in ([value] if key == f"{_XLINK}href" else re.findall(r"url\((#[^)]+)\)", value))
    }
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        attributes: dict[str, str] = {}
        for key, value in element.attrib.items():
            if key == "id":
                if value in used:
                    attributes["id"] = name + value
            elif key == f"{_XLINK}href":
                attributes["href"] = "#" + name + value[1:] if value.startswith("#") else value
            else:
                value = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}\1)", value)
                attributes[key] = re.sub(r"#[0-9a-f]{6}", _colour, value) if key == "style" else value
        element.attrib.clear()
        element.attrib.update(attributes)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"role": "img", "aria-label": says}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _colour(found: re.Match[str]) -> str:
    name = _NAMES.get(found[0])
    return f"var(--{name})" if name else found[0]
