#!/usr/bin/env python3
"""Checks that every include keeps to the layers of docs/architecture.md. Prints each breach as file:line."""

import re
import sys
from pathlib import Path

# What a room may include of the others; a string with a slash allows that one header only.
ROOMS = {
    "core": set(),
    "cost": {"core"},
    "devices": {"core"},
    "io": {"core"},
    "crossbar": {"core", "cost", "devices"},
    "ebm": {"core", "cost", "crossbar/array.hpp"},
    "transformer": {"core", "cost"},
    "lab": {"core", "cost", "devices", "crossbar", "ebm", "transformer", "io"},
    "cli": {"core", "cost", "lab"},
    "python": {"core", "cost", "devices", "crossbar", "ebm", "transformer", "io", "lab"},
    "bench": {"core", "cost", "devices", "crossbar", "ebm", "transformer", "io", "lab"},
}

# The rooms in which an outside library may be included; all others everywhere are the standard library.
LIBRARIES = {
    r"Eigen/|unsupported/Eigen/": set(ROOMS),
    r"omp\.h": {"core"},
    r"toml\+\+/": {"core"},
    r"fmt/": set(ROOMS),
    r"openssl/": {"core"},
    r"hdf5|H5": {"io"},
    r"zlib\.h": {"io"},
    r"CLI/": {"cli"},
    r"nlohmann/": {"cli"},
    r"pybind11/": {"python"},
    r"benchmark/": {"bench"},
    r"cblas\.h": {"bench"},
}
# The system headers that are used, each with a reason.
SYSTEM = {
    "dlfcn.h": {"core"},      # where the program lies, to find its presets
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
# Within a room, headers in which a library may not appear: public headers stay free of heavy or C libraries.
PRIVATE_LIBRARIES = [r"hdf5|H5", r"zlib\.h", r"toml\+\+/", r"openssl/"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def breaches(root: Path):
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]pp")):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                found = INCLUDE.match(line)
                if found:
                    complaint = judge(room, path, found[1], found[2])
                    if complaint:
                        yield f"{path.relative_to(root)}:{number}: {complaint}"


def judge(room: str, path: Path, bracket: str, header: str) -> str | None:
    if bracket == '"':
        if not header.startswith("ohmlab/"):
            return f'"{header}": our own headers are included as "ohmlab/<room>/<file>.hpp"'
        target = header.removeprefix("ohmlab/")
        other = target.split("/")[0]
        if other == room or other in ROOMS[room] or target in ROOMS[room]:
            return None
        return f"{room} may not include {target}; it may include: {', '.join(sorted(ROOMS[room])) or 'nothing'}"
    for pattern, rooms in LIBRARIES.items():
        if re.match(pattern, header):
            if room not in rooms:
                return f"<{header}> belongs to: {', '.join(sorted(rooms))}"
            if path.suffix == ".hpp" and any(re.match(p, header) for p in PRIVATE_LIBRARIES):
                return f"<{header}> may be included from .cpp files only"
            return None
    if re.fullmatch(r"[a-z_0-9]+", header):
        return None  # the standard library
    if room in SYSTEM.get(header, set()):
        return None
    return f"<{header}> is in no list of tools/check_layers.py"


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    found = list(breaches(root))
    print("\n".join(found) if found else "layers hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
