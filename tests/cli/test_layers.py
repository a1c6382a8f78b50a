"""The layer check refuses what it is there to refuse."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).parents[2] / "tools/check_layers.py"


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"core/a.hpp": '#include "../cost/b.hpp"\n', "cost/b.hpp": ""}, "core/a.hpp:1: core may not include cost/b.hpp"),
        (
            {"transformer/scale/a.hpp": '#include "../b.hpp"\n', "transformer/b.hpp": ""},
            "transformer/scale/a.hpp:1: transformer/scale may not include transformer/b.hpp",
        ),
        ({"core/a.hpp": '#include "b.hpp"\n', "core/b.hpp": '#include "a.hpp"\n'}, "circle of includes"),
        ({"core/a.hpp": '#include "ohmlab/core/b.hpp"\n', "core/b.hpp": ""}, "core/a.hpp:1: "),
        ({"core/a.cpp": "\n" * 401}, "core/a.cpp:401: expected at most 400 lines"),
        ({"cost/a.hpp": "#include <zlib.h>\n"}, "cost/a.hpp:1: <zlib.h> belongs to: io"),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = subprocess.run([sys.executable, CHECK, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert complaint in done.stdout
