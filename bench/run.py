"""Measures rolefirst beside checkov and beside the floor, and prints one Markdown report.

    python bench/run.py --checkov /path/to/checkov
    python bench/run.py --quick

Compared programs take turns within one run, so that a busy machine slows both; a figure is the
median over the rounds, a ratio the median of the rounds' ratios. Children may write bytecode and
have done so before the clock starts. Nothing is asserted: the targets stand beside the ratios.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generate import PROFILES, generate

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
SIZES = (100, 1_000, 10_000, 100_000)
QUICK_SIZES = (100, 1_000)

#: The largest ratio that is good enough: time of rolefirst divided by time of the other.
TARGETS = {
    "version": 5.0,
    "empty": 5.0,
    "floor": 4.0,
    "cold grammar": 10.0,
    "read-only package": 1.25,
    "nothing writable": 10.0,
    "growth": 1.2,
}
#: The same beside checkov, where there is one: profile and number of blocks.
BESIDE_CHECKOV = {("dense", 1_000): 1 / 5, ("mixed", 10_000): 1 / 30}
#: The largest peak, in MiB, at 100,000 blocks.
PEAK = 150.0


@dataclass(frozen=True)
class Command:
    """A program to measure: its arguments, what it adds to the environment, how it must end."""

    arguments: tuple[str, ...]
    expected: tuple[int, ...] = (0,)
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Removed before each run, so that each run is the first.
    forget: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Sample:
    """One run: wall-clock seconds and peak resident memory."""

    seconds: float
    mebibytes: float


class BenchError(Exception):
    """A run ended as it must not, so its time means nothing."""


def base_environment() -> dict[str, str]:
    """This process's environment, in which Python writes bytecode and finds only what we name."""
    left_out = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP")
    return {name: value for name, value in os.environ.items() if name not in left_out}


def run(command: Command) -> Sample:
    """Run a command once."""
    for path in command.forget:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**base_environment(), **command.environment},
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in command.expected:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()[-2000:]
            raise BenchError(
                f"{shlex.join(command.arguments)}\nended with {process.returncode}, "
                f"expected {' or '.join(map(str, command.expected))}\n{text}"
            )
    # Kibibytes on Linux, bytes on macOS.
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Sample(elapsed, usage.ru_maxrss / unit)


def alternate(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Sample]]:
    """Run all commands in turn, ``rounds`` times."""
    samples: dict[str, list[Sample]] = {label: [] for label in commands}
    for _ in range(rounds):
        for label, command in commands.items():
            samples[label].append(run(command))
    return samples


def seconds(samples: Sequence[Sample]) -> float:
    """The median time."""
    return statistics.median(sample.seconds for sample in samples)


def memory(samples: Sequence[Sample]) -> float:
    """The median peak."""
    return statistics.median(sample.mebibytes for sample in samples)


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample]) -> float:
    """The median of the rounds' time ratios."""
    return statistics.median(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True))


def verdict(value: float, target: float) -> str:
    """Three table cells: the ratio, its target, and whether it is met."""
    return f"{value:.2f} | ≤ {target:g} | {'met' if value <= target else '**missed**'}"


def faster(value: float, target: float | None) -> str:
    """Three table cells: how many times faster, how many it has to be, and whether it is."""
    if target is None:
        return f"{1 / value:.1f}x | |"
    return f"{1 / value:.1f}x | ≥ {1 / target:.0f}x | {'met' if value <= target else '**missed**'}"


def peak(samples: Sequence[Sample], blocks: int) -> str:
    """One table cell: peak memory, against its limit for the largest trees."""
    used = f"{memory(samples):.0f} MiB"
    if blocks < 100_000:
        return used
    return f"{used} (≤ {PEAK:.0f}: {'met' if memory(samples) <= PEAK else '**missed**'})"


def table(header: str, rows: Sequence[str]) -> str:
    """A Markdown table; cells are already separated by bars."""
    rule = "|".join("--" for _ in header.split("|"))
    return "\n".join([f"| {header} |", f"|{rule}|", *(f"| {row} |" for row in rows)])


class Bench:
    """What is compared: the two scanners, the trees they read and the number of rounds."""

    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        """Find the programs; trees are made when asked for."""
        self.work = work
        self.rounds: int = arguments.rounds
        self.checkov: str | None = arguments.checkov
        self.checkov_limit: int = arguments.checkov_limit
        self.sizes: tuple[int, ...] = tuple(arguments.sizes)
        self.environment = {
            "XDG_CACHE_HOME": str(work / "cache"),
            "PYTHONPATH": str(REPOSITORY / "src"),
        }

    def tree(self, profile: str, blocks: int) -> Path:
        """The tree of this profile and size."""
        target = self.work / f"{profile}-{blocks}"
        if not target.exists():
            note(f"writing {target.name}")
            generate(profile, blocks, target)
        return target

    def rolefirst(self, tree: Path, *, clean: bool, **extra: str) -> Command:
        """A scan by rolefirst; on a tree with keys it must find them."""
        arguments = (sys.executable, "-m", "rolefirst", "scan", str(tree), "--format", "json")
        return Command(arguments, (0,) if clean else (1,), {**self.environment, **extra})

    def checkov_scan(self, tree: Path, *, clean: bool) -> Command:
        """The same rules inside checkov, and nothing but them."""
        arguments = (
            *shlex.split(self.checkov or ""),
            *("-d", str(tree), "--framework", "terraform", "-c", "RF*"),
            *("--external-checks-dir", str(REPOSITORY / "checks"), "--skip-download"),
            *("--quiet", "-o", "json"),
        )
        return Command(arguments, (0,) if clean else (1,), {"CKV_PARSE_ERROR_FAIL": "true"})

    def start(self) -> str:
        """What it costs to start, against an interpreter that does nothing."""
        empty = self.work / "empty"
        empty.mkdir()
        python = (sys.executable, "-m", "rolefirst")
        samples = alternate(
            {
                "python -c pass": Command((sys.executable, "-c", "pass")),
                "version": Command((*python, "--version"), (0,), self.environment),
                "empty": self.rolefirst(empty, clean=True),
            },
            self.rounds * 3,
        )
        floor = samples.pop("python -c pass")
        names = {"version": "`rolefirst --version`", "empty": "`rolefirst scan` of an empty folder"}
        rows = [
            f"{names[label]} | {1000 * seconds(runs):.0f} ms | {1000 * seconds(floor):.0f} ms"
            f" | {verdict(ratio(runs, floor), TARGETS[label])}"
            for label, runs in samples.items()
        ]
        return table("start | time | `python -c pass` | ratio | target |", rows)

    def floor(self) -> str:
        """Trees without IAM, against a loop that reads the same files."""
        rows = []
        for blocks in self.sizes:
            tree = self.tree("clean", blocks)
            read = (sys.executable, str(HERE / "floor.py"), str(tree))
            samples = alternate(
                {"ours": self.rolefirst(tree, clean=True), "floor": Command(read)}, self.rounds
            )
            ours, floor = samples["ours"], samples["floor"]
            rows.append(
                f"{blocks:,} blocks | {seconds(ours):.3f} s | {seconds(floor):.3f} s"
                f" | {verdict(ratio(ours, floor), TARGETS['floor'])}"
            )
        return table("tree without IAM | rolefirst | read and search | ratio | target |", rows)

    def beside_checkov(self) -> str:
        """Both doors to the same rules, tree by tree: time and memory."""
        rows = []
        for profile in PROFILES:
            clean = profile == "clean"
            for blocks in (size for size in self.sizes if size <= self.checkov_limit):
                tree = self.tree(profile, blocks)
                note(f"rolefirst and checkov on {tree.name}")
                samples = alternate(
                    {
                        "ours": self.rolefirst(tree, clean=clean),
                        "checkov": self.checkov_scan(tree, clean=clean),
                    },
                    self.rounds,
                )
                ours, theirs = samples["ours"], samples["checkov"]
                rows.append(
                    f"{profile}, {blocks:,} blocks"
                    f" | {seconds(ours):.2f} s | {seconds(theirs):.2f} s"
                    f" | {faster(ratio(ours, theirs), BESIDE_CHECKOV.get((profile, blocks)))}"
                    f" | {memory(ours):.0f} MiB | {memory(theirs):.0f} MiB"
                )
        return table(
            "tree | rolefirst | checkov | faster | target | | peak | checkov's peak",
            rows,
        )

    def grammar(self) -> str:
        """The first scan of a machine, and machines where nothing may be written."""
        tree = self.tree("dense", 100)
        with hcl2_copies(self.work) as (writable, read_only):
            source = str(REPOSITORY / "src")
            mine = os.pathsep.join((str(writable), source))
            fixed = os.pathsep.join((str(read_only), source))
            blocked = self.work / "no-folder"
            blocked.touch()
            cold_cache = self.work / "cold-cache"
            cold = self.rolefirst(
                tree, clean=False, PYTHONPATH=mine, XDG_CACHE_HOME=f"{cold_cache}"
            )
            commands = {
                "warm grammar": self.rolefirst(tree, clean=False),
                "cold grammar": Command(
                    cold.arguments,
                    cold.expected,
                    cold.environment,
                    (cold_cache, writable / "hcl2" / ".lark_cache.bin"),
                ),
            }
            without_override = unprivileged()
            if without_override is not None:
                for label, cache in (
                    ("read-only package", self.work / "own-cache"),
                    ("nothing writable", blocked),
                ):
                    scan = self.rolefirst(
                        tree, clean=False, PYTHONPATH=fixed, XDG_CACHE_HOME=str(cache)
                    )
                    commands[label] = Command(
                        (*without_override, *scan.arguments), scan.expected, scan.environment
                    )
                run(commands["read-only package"])
            samples = alternate(commands, self.rounds)
        warm = samples["warm grammar"]
        rows = [f"warm grammar | {seconds(warm):.2f} s | | |"]
        rows += [
            f"{label} | {seconds(runs):.2f} s | {verdict(ratio(runs, warm), TARGETS[label])}"
            for label, runs in samples.items()
            if label != "warm grammar"
        ]
        if without_override is None:
            rows.append(
                "read-only package | not measured: root writes everywhere, no setpriv | | |"
            )
        return table("python-hcl2's grammar cache | time | ratio to warm | target |", rows)

    def growth(self) -> str:
        """Time per block while the tree grows: linear is a ratio of one."""
        rows = []
        for profile in PROFILES:
            before: float | None = None
            for blocks in self.sizes:
                tree = self.tree(profile, blocks)
                note(f"rolefirst on {tree.name}")
                command = {"ours": self.rolefirst(tree, clean=profile == "clean")}
                ours = alternate(command, self.rounds if blocks <= 10_000 else 1)["ours"]
                each = seconds(ours) / blocks
                cells = " | | " if before is None else verdict(each / before, TARGETS["growth"])
                rows.append(
                    f"{profile}, {blocks:,} blocks | {seconds(ours):.2f} s | {peak(ours, blocks)}"
                    f" | {1000 * each:.3f} ms | {cells}"
                )
                before = each
        return table("tree | time | peak | per block | to the row above | target |", rows)


@contextmanager
def hcl2_copies(work: Path) -> Iterator[tuple[Path, Path]]:
    """Two folders for PYTHONPATH that hold python-hcl2: one to write in, one read-only."""
    found = importlib.util.find_spec("hcl2")
    if found is None or found.origin is None:
        raise BenchError("python-hcl2 is not installed beside this interpreter")
    writable, read_only = work / "hcl2-writable", work / "hcl2-read-only"
    for folder in (writable, read_only):
        shutil.copytree(
            Path(found.origin).parent,
            folder / "hcl2",
            ignore=shutil.ignore_patterns(".lark_cache.bin", "__pycache__"),
        )
        # Bytecode belongs to the package as it is installed, also where nobody may write later.
        subprocess.run([sys.executable, "-m", "compileall", "-q", str(folder)], check=True)
    package = read_only / "hcl2"
    package.chmod(0o555)
    try:
        yield writable, read_only
    finally:
        package.chmod(0o755)


def unprivileged() -> tuple[str, ...] | None:
    """What to put before a command so that file modes bind it; None when there is no way."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv")
    return (setpriv, "--bounding-set=-dac_override") if setpriv else None


def note(text: str) -> None:
    """Progress, beside the report."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def version(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a program says about its version."""
    answer = subprocess.run(
        [*arguments, "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={**base_environment(), **environment},
    )
    return answer.stdout.strip().splitlines()[-1]


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--checkov", default=shutil.which("checkov"), help="the checkov to run (default: on PATH)"
    )
    parser.add_argument("--quick", action="store_true", help="small trees, few rounds: a minute")
    parser.add_argument("--rounds", type=int, help="runs of each command (default: 5, quick 3)")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of blocks")
    parser.add_argument(
        "--checkov-limit",
        type=int,
        default=10_000,
        help="largest tree that checkov gets (default: 10000; it needs minutes for more)",
    )
    arguments = parser.parse_args(argv)
    arguments.rounds = arguments.rounds or (3 if arguments.quick else 5)
    arguments.sizes = sorted(arguments.sizes or (QUICK_SIZES if arguments.quick else SIZES))
    return arguments


def main() -> int:
    """Measure and print."""
    arguments = parse()
    if not hasattr(os, "wait4"):
        print("error: memory is measured with wait4, which this system lacks", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="rolefirst-bench-") as folder:
        bench = Bench(arguments, Path(folder))
        try:
            report(bench)
        except (BenchError, subprocess.CalledProcessError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    return 0


def report(bench: Bench) -> None:
    """Print the report, section by section, as the figures come in."""
    ours = version((sys.executable, "-m", "rolefirst"), bench.environment)
    peer = f"checkov {version(shlex.split(bench.checkov), {})}" if bench.checkov else "no checkov"
    note("warming up")
    small = bench.tree("dense", 100)
    run(bench.rolefirst(small, clean=False))
    if bench.checkov:
        run(bench.checkov_scan(small, clean=False))
    print(
        f"{ours}, {peer}, Python {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, {bench.rounds} rounds. "
        "Ratios are time (or memory) of rolefirst divided by the other's; small is good."
    )
    sections = [
        ("Start", bench.start),
        ("A tree without IAM", bench.floor),
        ("Grammar cache", bench.grammar),
        ("Growth", bench.growth),
    ]
    if bench.checkov:
        sections.insert(2, ("Beside checkov, the same rules", bench.beside_checkov))
    for title, section in sections:
        print(f"\n### {title}\n\n{section()}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
