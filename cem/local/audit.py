"""`make audit`, and the last step of `make check`: known holes of the pinned dependencies, as pip-audit finds them.

An index that serves packages but no advisories (a mirror, say) answers that it knows nothing; that is said, and is
not mistaken for a clean bill.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path("requirements/base.txt")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and of how many packages nothing could be found out."""

    audited: int
    skipped: int
    #: "package version: ids (mended in …)".
    holes: tuple[str, ...]

    @property
    def words(self) -> str:
        if self.holes:
            return "\n".join(["Known holes:", *(f"  {hole}" for hole in self.holes)])
        if not self.audited:
            return (
                f"not run: pip-audit, since the index knows of holes in none of {self.skipped} packages. Run make "
                "audit where the package index serves advisories."
            )
        rest = f"; {self.skipped} could not be looked up" if self.skipped else ""
        return f"No known holes in {self.audited} packages{rest}."


def judge(report: str) -> Verdict:
    """Read pip-audit's JSON.

    Raises:
        ValueError: when it is none.
    """
    packages = json.loads(report)["dependencies"]
    audited = [one for one in packages if "skip_reason" not in one]
    holes = tuple(
        f"{one['name']} {one['version']}: {hole['id']} "
        f"(mended in {', '.join(hole.get('fix_versions') or []) or 'no version yet'})"
        for one in audited
        for hole in one.get("vulns", [])
    )
    return Verdict(len(audited), len(packages) - len(audited), holes)


def main(pip_audit: str) -> int:
    """1 when there are holes; 0 when there are none or nothing could be found out, which is printed."""
    command = [
        pip_audit,
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "--progress-spinner",
        "off",
        "--timeout",
        "10",
    ]
    done = subprocess.run([*command, "-r", str(REQUIREMENTS)], capture_output=True, text=True)
    try:
        verdict = judge(done.stdout)
    except (ValueError, KeyError):
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
        print(f"not run: pip-audit ended with {done.returncode}: {last}")  # noqa: T201
        return 0
    print(verdict.words)  # noqa: T201
    return 1 if verdict.holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
