#!/usr/bin/env python3
"""Checks that every include keeps to the layers of docs/architecture.md, that headers include each other in no circle and
that no file has grown too long. Prints each breach as file:line."""

import re
import sys
from pathlib import Path

# The rooms that a room or sub-room may include; a name with a suffix allows that one header only.
ROOMS = {
    "core": set(),
    "cost": {"core"},
    "devices": {"core"},
    "io": {"core"},
    "crossbar": {"core", "cost", "devices"},
    "ebm": {"core", "cost", "crossbar/array.hpp", "crossbar/array_maker.hpp", "crossbar/circuit.hpp", "crossbar/crossings.hpp"},
    "transformer": {"core", "cost"},
    "transformer/scale": {"core", "cost"},
    "lab/results": {"core", "cost", "io"},
    "lab/backprop": {"core", "cost", "crossbar/array.hpp"},
    "lab/experiments": {"core", "cost", "io", "devices", "crossbar", "ebm", "transformer", "transformer/scale",
                        "lab/backprop", "lab/results"},
    "lab/validation": {"core", "cost", "devices", "crossbar", "transformer/scale"},
    "lab/fitting": {"core", "io", "devices", "lab/results"},
    "lab/foundation": {"core", "cost", "io", "crossbar", "transformer/scale", "lab/results", "lab/experiments"},
    "lab": {"core", "cost", "io", "devices", "crossbar", "ebm", "transformer", "transformer/scale", "lab/backprop",
            "lab/results", "lab/experiments", "lab/validation", "lab/foundation", "lab/fitting"},
    "lab/verdict": {"core", "cost", "io", "lab", "lab/results"},
    "cli": {"core", "cost", "lab", "lab/fitting", "lab/results", "lab/validation", "lab/verdict"},
}
EVERYTHING = set(ROOMS) - {"cli"}
ROOMS |= {"python": EVERYTHING, "bench": EVERYTHING}

# The rooms that may include an outside library. Every room may include the standard library.
LIBRARIES = {
    r"Eigen/|unsupported/Eigen/": set(ROOMS),
    r"omp\.h": {"core"},
    r"toml\+\+/": {"core"},
    r"fmt/": set(ROOMS),
    r"openssl/": {"core"},
    r"hdf5|H5": {"io"},
    r"zlib\.h": {"io"},
    r"ceres/": {"lab/fitting"},
    r"CLI/": {"cli"},
    r"nlohmann/": {"cli"},
    r"pybind11/": {"python"},
    r"benchmark/": {"bench"},
    r"cblas\.h": {"bench"},
}
# The system headers that are used, each with a reason.
SYSTEM = {
    "dlfcn.h": {"core"},      # the program's own path, to find its presets
    "fcntl.h": {"core", "io", "lab", "cli"},  # reading, fsync, lock files, streams that are closed
    "sys/stat.h": {"core", "io"},  # kind and size of files, folders
    "unistd.h": {"core", "io", "lab", "cli"},
    "immintrin.h": {"core", "crossbar"},  # hand-written kernels
    "pthread.h": {"core"},  # threads that a fork does not copy
    "sys/file.h": {"io"},  # flock
    "sys/mman.h": {"lab"},  # points handed to jobs
    "spawn.h": {"lab"},  # jobs of a sweep
    "sys/prctl.h": {"lab"},  # jobs end with the program that started them
    "sys/wait.h": {"io", "lab"},  # sandbox of HDF5, jobs
    "sys/resource.h": {"io", "lab"},  # limits of the sandbox, peak memory
    "sys/ioctl.h": {"cli"},  # width of the terminal
}
# Libraries that no header may include: public headers stay free of heavy or C libraries.
PRIVATE_LIBRARIES = [r"hdf5|H5", r"zlib\.h", r"toml\+\+/", r"openssl/", r"ceres/"]

# The build writes these, so no relative path leads to them.
GENERATED = {"lab/results/version.hpp", "lab/results/commit.hpp"}
# Programs that use the library from outside: they include "ohmlab/<room>/<file>.hpp".
OUTSIDERS = {"bench"}

MOST_LINES = 400
LONGER = {  # lines allowed, each with the reason
    "crossbar/pulse_kernel.cpp": 430,  # one kernel on packs, whose steps inline into each other
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(target: str) -> str | None:
    """The innermost room or sub-room of a path below the root."""
    parts = target.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        if (room := "/".join(parts[:depth])) in ROOMS:
            return room
    return None


def sources(root: Path):
    for top in sorted({room.split("/")[0] for room in ROOMS}):
        yield from sorted((root / top).rglob("*.[ch]pp"))


def target_of(root: Path, path: Path, header: str) -> str | None:
    """The included file below the root; None if an include is not written as those of its room are."""
    if room_of(str(path.relative_to(root))) in OUTSIDERS or header.removeprefix("ohmlab/") in GENERATED:
        return header.removeprefix("ohmlab/") if header.startswith("ohmlab/") else None
    found = (path.parent / header).resolve()
    return str(found.relative_to(root)) if found.is_file() and found.is_relative_to(root) else None


def breaches(root: Path):
    includes: dict[str, list[str]] = {}
    for path in sources(root):
        name = str(path.relative_to(root))
        lines = path.read_text().splitlines()
        if len(lines) > LONGER.get(name, MOST_LINES):
            yield f"{name}:{len(lines)}: expected at most {LONGER.get(name, MOST_LINES)} lines"
        for number, line in enumerate(lines, 1):
            if not (found := INCLUDE.match(line)):
                continue
            if found[1] == '"':
                complaint = judge_own(root, path, found[2], includes.setdefault(name, []))
            else:
                complaint = judge_library(room_of(name), path.suffix == ".hpp", found[2])
            if complaint:
                yield f"{name}:{number}: {complaint}"
    yield from circles(includes)


def judge_own(root: Path, path: Path, header: str, included: list[str]) -> str | None:
    target = target_of(root, path, header)
    if target is None:
        return f'"{header}": no such file; rooms include each other by relative paths, "../<room>/<file>.hpp"'
    included.append(target)
    room, other = room_of(str(path.relative_to(root))), room_of(target)
    if other == room or other in ROOMS[room] or target in ROOMS[room]:
        return None
    return f"{room} may not include {target}; it may include: {', '.join(sorted(ROOMS[room])) or 'nothing'}"


def judge_library(room: str, public: bool, header: str) -> str | None:
    top = room.split("/")[0]
    for pattern, rooms in LIBRARIES.items():
        if re.match(pattern, header):
            if room not in rooms:
                return f"<{header}> belongs to: {', '.join(sorted(rooms))}"
            if public and any(re.match(p, header) for p in PRIVATE_LIBRARIES):
                return f"<{header}> may be included from .cpp files only"
            return None
    if re.fullmatch(r"[a-z_0-9]+", header):
        return None  # the standard library
    if top in SYSTEM.get(header, set()):
        return None
    return f"<{header}> is in no list of tools/check_layers.py"


def circles(includes: dict[str, list[str]]):
    done: set[str] = set()

    def walk(name: str, way: list[str]):
        if name in way:
            yield f"{name}:1: circle of includes: {' -> '.join(way[way.index(name):] + [name])}"
        elif name not in done:
            for other in includes.get(name, []):
                yield from walk(other, way + [name])
            done.add(name)

    for name in includes:
        yield from walk(name, [])


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    found = list(breaches(root))
    print("\n".join(found) if found else "layers hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
