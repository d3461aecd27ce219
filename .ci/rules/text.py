"""Words that must not stand in the tree: bare rule ids, loose ends, paths of one machine, references to nothing."""
import re

from rules.tree import CODE, line_of

# Two pages of rules use the same letters, so an id says its page: KB:R-24, KC:P-62, FC:I5, CL:B8. Behind one that does,
# "..", "," and "and" may carry on: KB:P-26..P-37, P-40.
ID = r"(?:[A-Z]-\d+[a-z]?|[A-Z]{1,2}\d*\.\d+(?:\.\d+)*|[A-Z]\d+[a-z]?|\d+(?:\.\d+)*)"
CITED = re.compile(rf"\b(?:KB|KC|FC|CL|RMQ|RC|UX):{ID}(?:\s*(?:\.\.|,|and|or|to|/|-|–)[\s/*]*{ID}\b)*")
BARE = re.compile(r"(?<![\w:./#=+\-])(?:[A-Z]-\d+[a-z]?|[ABI]\d{1,2}[a-z]?)(?![\w\-])")
MACHINE = re.compile(r"(?<![\w.*~$}])/(?:home|Users|root|work|farm|mnt|srv)/[\w.]*")
OWN = (".ci/rules/", ".ci/tidy.py")  # the rules speak of what they forbid


def judged(tree):
    return [f for f in tree.texts() if not f.startswith(OWN) and f != "LICENSE"]


def prose(tree, name):
    """What a reader reads as prose: comments in code, all of a document."""
    if name.endswith(CODE):
        return tree.parts(name)[1]
    if name.endswith((".md", ".proto", ".textproto")):
        return tree.read(name)
    if name.endswith((".py", ".sh", ".cmake", ".txt")):
        return re.sub(r"(?m)^[^#\n]*", lambda m: " " * len(m[0]), tree.read(name))
    return ""


def check_rule_ids(tree):
    for name in judged(tree):
        text = CITED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), prose(tree, name))
        for match in BARE.finditer(text):
            yield name, line_of(text, match.start()), f"{match[0]} is a bare rule id: which page? (KB:{match[0]}, CL:{match[0]}, ...)"


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
