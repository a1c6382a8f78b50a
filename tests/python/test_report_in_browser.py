"""Pages in a real browser, at the widths of a phone and of a desk: nothing scrolls sideways, nothing is cut.

A page runs no script and allows none. The test puts it into a frame of a page of its own, which measures it.
"""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import ohmlab
import pytest
from conftest import HANG, quick

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")
matplotlib.use("Agg")

from matplotlib.image import imread  # noqa: E402

MEASURE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe style="width:WIDTHpx;height:900px;border:0" srcdoc="PAGE"></iframe><pre id="found"></pre>
<script>
const frame = document.querySelector("iframe");
function measure() {
  const page = frame.contentDocument, width = page.documentElement.clientWidth;
  page.querySelectorAll("details").forEach(one => one.open = true);
  const inside = one => one.closest("svg") && one.tagName !== "svg";
  const hidden = one => getComputedStyle(one).clipPath !== "none" || one.closest("thead") && WIDTH < 640;
  const found = {width, scroll: page.documentElement.scrollWidth, wide: [], cut: [], pictures: [], glyphs: []};
  for (const one of page.body.querySelectorAll("*")) {
    if (inside(one) || hidden(one)) continue;
    const box = one.getBoundingClientRect(), name = one.tagName + " " + one.textContent.trim().slice(0, 60);
    if (box.right > width + 0.5 || box.left < -0.5) found.wide.push(name);
    const style = getComputedStyle(one);
    if (style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1) found.cut.push(name);
  }
  for (const svg of page.querySelectorAll("figure svg")) {
    const frame = svg.getBoundingClientRect();
    found.pictures.push([frame.width, frame.height]);
    for (const glyph of svg.querySelectorAll("use[href*='DejaVu']")) {
      const box = glyph.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1) found.glyphs.push(svg.getAttribute("aria-label"));
    }
  }
  document.getElementById("found").textContent = JSON.stringify(found);
}
const ready = frame.contentDocument && frame.contentDocument.readyState === "complete";
if (ready && frame.contentDocument.body.children.length) measure(); else frame.onload = measure;
</script>
"""


@pytest.fixture(scope="session")
def browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is None:
            continue
        said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=HANG)
        if said.returncode == 0 and "snap" not in said.stdout + said.stderr:
            return found
    pytest.skip("there is no chromium; on Debian ./dev test installs it, on Ubuntu it is no plain package")


def run(browser: str, folder: Path, *arguments: str) -> str:
    command = [
        browser,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
    ]
    command += [f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def pages() -> dict[str, str]:
    """A page of each kind, by its name."""
    analog = {"array": {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}}
    small = {"rates": [0.2], "repeats": 2, "fixed": [], "levels": [-24.9, -24.5]}
    sets: dict[str, Any] = {f"verdict.{key}": value for key, value in small.items()}
    sets |= {"verdict.removed": [{"label": "spread of steps over cells", "set": {"array.device.pulse.dw_min_dtod": 0}}]}
    sets |= {"model.hidden": 4, "training.epochs": 4, "evaluation.every": 1, "array.path": {"kind": "direct"}}
    ohmlab.verdict("devices/gokmen_vlasov", out="verdict", set=sets, jobs=1)
    axes = [
        {"key": "model.hidden", "values": [1, 2, 3]},
        {"key": "training.rate", "values": [0.01, 0.02, 0.05, 0.1, 0.2]},
    ]
    ohmlab.sweep(quick() | {"sweep": {"axes": axes}}, out="points")
    cells = {"cells": 20, "pulses_up": 40, "pulses_down": 40, "device.base": "devices/gokmen_vlasov"}
    sources = {"verdict": "verdict", "sweep": "points", "train": ohmlab.run(quick() | analog).file}
    sources |= {"cells": ohmlab.run("experiments/characterize", set=cells).file}
    return {name: Path(ohmlab.report(source, f"{name}.html")).read_text() for name, source in sources.items()}


def test_pages_fit_a_phone_and_a_desk(browser: str, own_folder: Path) -> None:
    for name, text in pages().items():
        for width in (390, 1280):
            # The frame runs the measuring script of its parent and none of its own.
            measured = own_folder / f"{name}-{width}.html"
            measured.write_text(MEASURE.replace("PAGE", html.escape(text)).replace("WIDTH", str(width)))
            dumped = run(browser, own_folder, "--window-size=1400,1000", "--dump-dom", measured.as_uri())
            said = re.search(r'<pre id="found">(.*?)</pre>', dumped, re.DOTALL)
            assert said and said[1], (name, width)
            found = json.loads(html.unescape(said[1]))
            assert found["width"] == width
            assert found["scroll"] <= width, (name, width, found["wide"])
            assert found["wide"] == [] and found["cut"] == [], (name, width)
            assert found["glyphs"] == [], (name, width)
            assert found["pictures"], (name, width)
            for across, tall in found["pictures"]:
                assert across >= 0.8 * min(width, 500) and tall >= 100, (name, width)


def test_a_page_opens_from_disk(browser: str, own_folder: Path) -> None:
    text = Path(ohmlab.report(ohmlab.run(quick()).file, "page.html")).read_text()
    run(
        browser,
        own_folder,
        "--window-size=500,900",
        f"--screenshot={own_folder / 'shot.png'}",
        (own_folder / "page.html").as_uri(),
    )
    shot = imread(own_folder / "shot.png")
    assert shot.shape[:2] == (900, 500)
    assert len({tuple(pixel) for pixel in shot.reshape(-1, shot.shape[2])[::97].tolist()}) > 3  # something is drawn
    assert "<script" not in text
