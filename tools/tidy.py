#!/usr/bin/env python3
"""Runs clang-tidy: tools/tidy.py BUILD-FOLDER [--changed]. The folder holds compile_commands.json of the preset
`tidy`; --changed takes only sources that differ from main. Returns 77 if there is no clang-tidy or no main."""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
SKIPPED = 77


def git(*arguments: str) -> list[str] | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else None


def changed() -> set[Path] | None:
    """Sources that differ from where this branch left main; None if there is no main to compare with."""
    for main in ("origin/main", "main"):
        if fork := git("merge-base", "HEAD", main):
            differing = (git("diff", "--name-only", fork[0]) or []) + (
                git("ls-files", "--others", "--exclude-standard") or []
            )
            return {ROOT / name for name in differing}
    return None


def complaints(program: str, folder: Path, file: Path) -> str:
    done = subprocess.run([program, "-p", folder, "--quiet", file], capture_output=True, text=True)
    return done.stdout or (done.stderr if done.returncode else "")


def main() -> int:
    folder = Path(sys.argv[1])
    program = shutil.which("clang-tidy")
    if program is None:
        print("clang-tidy is not installed (./dev lint installs it)")
        return SKIPPED
    built = {Path(entry["file"]) for entry in json.loads((folder / "compile_commands.json").read_text())}
    files = {file for file in built if file.is_relative_to(ROOT) and not file.is_relative_to(ROOT / "build")}
    if "--changed" in sys.argv:
        wanted = changed()
        if wanted is None:
            print("no main to compare with")
            return SKIPPED
        files &= wanted
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda file: complaints(program, folder, file), sorted(files)))
    said = sorted(set(re.findall(r"^\S+:\d+:\d+: (?:error|warning): .*$", "\n".join(found), re.MULTILINE)))
    print(*said, f"{len(said)} complaints about {len(files)} files", sep="\n")
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
