"""Run every benchmark, one after the other, each in a process and a database of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run them all; the exit code says how many could not run."""
    here = Path(__file__).parent
    names = sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    failed = 0
    for name in names:
        print(f"\n{name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *sys.argv[1:]]
        failed += subprocess.run(command, check=False, cwd=here.parent).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
