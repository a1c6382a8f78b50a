#!/usr/bin/env python3
"""Formats, or checks the format of, every C++ file: tools/lint.py [--fix]."""

import subprocess
import sys
from pathlib import Path


def main() -> int:
    root = Path(__file__).parent.parent
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.cpp", "*.hpp"],
                            cwd=root, capture_output=True, text=True, check=True).stdout.split()
    files = [root / name for name in listed if (root / name).exists()]
    program = Path(sys.executable).parent / "clang-format"
    mode = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "--Werror"]
    return subprocess.run([program, *mode, *files]).returncode


if __name__ == "__main__":
    sys.exit(main())
