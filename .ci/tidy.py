#!/usr/bin/env python3
"""Checks the rules of the tree that a machine can check.

    .ci/tidy.py                     every rule that needs the text alone
    .ci/tidy.py --build DIR         also: every file is in a target, and what the objects of sim/ and model/ ask for
    .ci/tidy.py --only RULE         one rule
    .ci/tidy.py --self-test         each rule rejects its planted violation, and nothing else does

A planted violation is a small tree, tests/ci/planted/<rule>[--what]/, laid out like this one. Exceptions stand in
.ci/exceptions.txt, each with its reason; they may shrink, never grow.
"""
import argparse
import pathlib
import sys

from rules import bans, format, includes, layout, objects, rule_ids, sizes, targets, text
from rules.tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLANTED = ROOT / "tests" / "ci" / "planted"

# name -> function(tree) yielding (path, line, message)
TEXT_RULES = {
    "includes": includes.check,
    "cycles": includes.check_cycles,
    "bans": bans.check,
    "argument_order": bans.check_argument_order,
    "file_size": sizes.check_files,
    "function_size": sizes.check_functions,
    "exceptions": sizes.check_exceptions,
    "formatting": format.check,
    "header_comment": layout.check_header_comment,
    "test_names": layout.check_test_names,
    "bare_rule_id": rule_ids.check_bare,
    "rule_ids": rule_ids.check_ids,
    "wordless_rule_id": rule_ids.check_wordless,
    "todo": text.check_todo,
    "machine_path": text.check_machine_paths,
    "dead_reference": text.check_references,
    "readme": layout.check_readme,
}
# These need a compiler or a build.
BUILD_RULES = {
    "targets": targets.check,
    "objects": objects.check,
    "invariant_counts": targets.check_invariant_counts,
}


def run(tree, names):
    rules = TEXT_RULES | BUILD_RULES
    return [(name, *finding) for name in names for finding in rules[name](tree)]


def show(findings):
    for name, path, line, message in sorted(findings, key=lambda f: (str(f[1]), f[2], f[0])):
        print(f"{path}:{line}: {message} [{name}]" if line else f"{path}: {message} [{name}]")


def self_test():
    """Every rule has at least one planted tree, and each planted tree breaks its own rule and no other."""
    wrong = 0
    untested = set(TEXT_RULES) | set(BUILD_RULES)
    unbroken = {pattern for pattern, _ in bans.BANS}
    for folder in sorted(p for p in PLANTED.iterdir() if p.is_dir()):
        rule = folder.name.split("--")[0]
        tree = Tree(folder, builds=[folder / "build"], planted=True)
        names = list(TEXT_RULES) + ([rule] if rule in BUILD_RULES else [])
        findings = run(tree, names)
        broken = {name for name, *_ in findings}
        expected = set() if rule == "clean" else {rule}
        if broken != expected:
            wrong += 1
            print(f"planted {folder.name}: expected {sorted(expected)}, got {sorted(broken)}")
            show(findings)
        untested.discard(rule)
        unbroken -= bans.broken(tree) if rule == "bans" else set()
    for rule in sorted(untested | unbroken):
        wrong += 1
        print(f"{rule} has no planted violation")
    print(f"tidy self-test: {len(TEXT_RULES) + len(BUILD_RULES)} rules, {wrong} wrong")
    return wrong == 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", action="append", default=[], type=pathlib.Path)
    parser.add_argument("--only", choices=sorted(TEXT_RULES | BUILD_RULES))
    parser.add_argument("--self-test", action="store_true")
    args = parser.parse_args()
    if args.self_test:
        return 0 if self_test() else 1

    names = list(TEXT_RULES)
    if args.build:
        names += ["targets", "objects", "invariant_counts"]
    if args.only:
        names = [args.only]
    tree = Tree(ROOT, builds=[b.resolve() for b in args.build])
    findings = run(tree, names)
    show(findings)
    print(f"tidy: {len(tree.files)} files, {len(names)} rules, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
