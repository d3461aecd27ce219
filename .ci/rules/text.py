"""Words that must not stand in the tree: loose ends, paths of one machine, references to nothing."""
import re

from rules.rule_ids import judged, prose
from rules.tree import line_of

MACHINE = re.compile(r"(?<![\w.*~$}])/(?:home|Users|root|work|farm|mnt|srv)/[\w.]*")


def check_todo(tree):
    pattern = re.compile(r"\b(?:FIX[M]E|XX[X]|HAC[K])\b|\bTO[D]O\b(?!\(\w+\))")
    for name in judged(tree):
        text = tree.read(name)
        for match in pattern.finditer(text):
            yield name, line_of(text, match.start()), f"{match[0]} is a loose end: do it, or TODO(issue)"


def check_machine_paths(tree):
    for name in judged(tree):
        text = tree.read(name)
        for match in MACHINE.finditer(text):
            yield name, line_of(text, match.start()), f"{match[0]} is a path of one machine"


def check_references(tree):
    """docs/x.md in a comment or a document must exist."""
    if tree.planted and not any(f.startswith("docs/") for f in tree.files):
        return
    for name in judged(tree):
        text = prose(tree, name)
        found = re.finditer(r"(?<![\w/.])(?:docs|reference|shared)/[\w./\-]+\.(?:md|tsv)\b", text)
        for line, path in sorted({(line_of(text, m.start()), m[0]) for m in found}):
            if path not in tree.files:
                yield name, line, f"{path} does not exist"
