"""Pages: one HTML file from a verdict, a result or a sweep."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from ohmlab import _core, results

if TYPE_CHECKING:
    from ohmlab._page import Page

__all__ = ["main", "report"]

_NEEDED = "pip install 'ohmlab[report]'"


def report(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    prices: _core.Prices | str | None = None,
) -> str:
    """Writes a page on a verdict, a result or a sweep, and returns its path. As the command `ohmlab report`.

    `source` is a result file, `verdict.h5`, or the folder of a verdict or of a finished sweep. The page goes to `out`,
    else beside a result (`x.html` of `x.h5`) or into the folder (`report.html`). It is one file without scripts that
    loads nothing. `prices` is a list or its file, by default the list that comes with ohmlab.

    Needs Jinja2, matplotlib, xarray and h5netcdf: `pip install 'ohmlab[report]'`. Raises `ohmlab.UserError` if the
    source is none of these, or is damaged; `ohmlab.WorldError` if the page cannot be written.

    >>> import ohmlab
    >>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
    ...                       "model": {"kind": "rbm", "hidden": 2}, "training": {"epochs": 2}}, out="x.h5")
    >>> ohmlab.report(outcome.file)
    'x.html'
    """
    import jinja2  # noqa: F401  the page needs it last; its absence is said first

    from ohmlab._page import render

    path = Path(source)
    if not path.exists():
        raise _core.UserError(f"{path}: there is no such file or folder")
    listed = _core.Prices.load(prices) if isinstance(prices, str) else prices
    target = Path(out) if out is not None else path / "report.html" if path.is_dir() else path.with_suffix(".html")
    if not target.parent.is_dir():
        raise _core.WorldError(f"{target}: cannot be written: there is no folder {target.parent}")
    text = render(_page(path, listed, f"ohmlab report {shlex.quote(str(path))}"))
    try:
        part = target.with_name(target.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise _core.WorldError(f"{target}: cannot be written: {error.strerror}") from error
    return str(target)


def _page(path: Path, prices: _core.Prices | None, made_by: str) -> Page:
    from ohmlab import _page_result, _page_sweep, _page_verdict

    if path.is_dir():
        if (path / "verdict.h5").exists():
            return _page_verdict.page_of(results.load_verdict(path), prices, made_by)
        if not (path / "index.h5").exists():
            raise _core.UserError(
                f"{path}: expected the folder of a verdict (with verdict.h5) or of a finished sweep (with index.h5)"
            )
        path = path / "index.h5"
    kind = _core.format_of(path)
    if kind == "ohmlab verdict":
        return _page_verdict.page_of(results.load_verdict(path), prices, made_by)
    if kind == "ohmlab sweep":
        return _page_sweep.page_of(path.parent, made_by)
    if kind == "ohmlab result":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # the page says them
            found = results.load(path)
        return _page_result.page_of(found, prices, made_by)
    raise _core.UserError(f'{path}: expected a result, a sweep or a verdict, found a file of format "{kind}"')


def main(arguments: list[str] | None = None) -> int:
    """The command `ohmlab-report`."""
    parser = argparse.ArgumentParser(
        prog="ohmlab report", description="Writes one HTML page on a verdict, a result or a sweep."
    )
    parser.add_argument("source", help="a result file, or the folder of a verdict or a sweep")
    parser.add_argument("--out", metavar="PAGE.html", help="the page; by default beside the result or in the folder")
    parser.add_argument(
        "--prices", metavar="FILE", help="price list: a file, or the name of one that comes with ohmlab"
    )
    given = parser.parse_args(arguments)
    try:
        import matplotlib

        matplotlib.use("Agg")
        print(report(given.source, given.out, prices=given.prices))
    except ImportError as error:
        print(f"ohmlab: a page needs {error.name}: {_NEEDED}", file=sys.stderr)
        return 2
    except _core.UserError as error:
        print(f"ohmlab: {error}", file=sys.stderr)
        return 2
    except (_core.WorldError, OSError) as error:
        print(f"ohmlab: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
