"""What a build knows: that no file is left out, and that no invariant was left unevaluated."""
import collections
import json
import pathlib
import re


UNITED = re.compile(r'#include "([^"]+)"')


def united(path):
    """The files that a compiled one stands for: those that CMake puts together, or itself."""
    if not re.fullmatch(r"unity_\d+_cxx\.cxx", path.name):
        return {path}
    return {pathlib.Path(name).resolve() for name in UNITED.findall(path.read_text())}


def check(tree):
    compiled = set()
    for build in tree.builds:
        database = build / "compile_commands.json"
        if database.exists():
            entries = json.loads(database.read_text())
            for entry in entries:
                compiled |= united((build / entry["directory"] / entry["file"]).resolve())
    if not compiled:
        yield "compile_commands.json", 0, "is missing in the build directory"
        return
    known = set(tree.files)
    reached = {n for n in tree.code() if (tree.root / n).resolve() in compiled}
    for name in tree.code():
        if name.startswith("examples/"):
            continue  # projects of their own, which .ci/example builds
        if name.endswith(".cc") and name not in reached:
            yield name, 0, "is in no target: what no one builds is deleted"
    todo = sorted(reached)
    while todo:
        for _, target, quoted in tree.includes(todo.pop()):
            if quoted and target in known and target not in reached:
                reached.add(target)
                todo.append(target)
    for name in tree.code():
        if name.endswith(".h") and name not in reached:
            yield name, 0, "is included by nothing that is built"


def check_invariant_counts(tree):
    """Tests append lines `name evaluated nonvacuous` to $FATE_INVARIANT_COUNTS; over the suite no sum may be 0."""
    total = collections.Counter()
    files = [b / "invariant_counts.txt" for b in tree.builds if (b / "invariant_counts.txt").exists()]
    for file in files:
        for line in file.read_text().splitlines():
            name, evaluated, nonvacuous = line.rsplit(None, 2)
            total[name] += int(nonvacuous)
    if not total:
        yield "invariant_counts.txt", 0, "no test said how often invariants were evaluated"
    for name, count in sorted(total.items()):
        if count == 0:
            yield "invariant_counts.txt", 0, f"{name} was never evaluated but vacuously, over the whole suite"
