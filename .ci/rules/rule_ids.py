"""Ids of rules: an id says its page, leads to one heading in docs/rules/, and follows words.

An id is `KB:R-30`. Behind one that says its page the list may carry on without it: `KB:P-26..P-37, P-40 and S-5`. A range names
its two ends and whatever the page has between them. `KB:S-42.3` is a step of KB:S-42, unless it has a heading of its own.
"""
import bisect
import re

from rules.tree import CODE, line_of

PAGES = ("KB", "KC", "FC", "CL", "RMQ", "RC", "UX")
PAGE = "|".join(PAGES)
LETTERED = r"(?:[A-Z]-\d+[a-z]?(?:\.\d+)*|[A-Z]{1,2}\d*\.\d+(?:\.\d+)*|[A-Z]\d+[a-z]?)(?![A-Za-z0-9])"
NUMBERED = r"\d+(?:\.\d+)*(?![A-Za-z0-9])"
ID = rf"(?:{LETTERED}|{NUMBERED})"
GAP = r"[\s/*#]*"  # a list may go on in the next line of a comment
CITED = re.compile(rf"\b({PAGE}):({ID}(?:{GAP}(?:\.\.|,|\band\b|\bor\b|\bto\b|/|–){GAP}{ID})*)")
PART = re.compile(rf"(\.\.|–)?{GAP}\b({ID})")
BARE = re.compile(r"(?<![\w:./#=+\-])(?:[A-Z]-\d+[a-z]?|[ABI]\d{1,2}[a-z]?)(?![\w\-])")
HEADING = re.compile(rf"(?m)^### (.*\S)\s*$")
WHOLE = re.compile(rf"({PAGE}):({ID})")
FOLDER = "docs/rules/"
LINES_MAX = 4       # of prose in an entry; what needs more is a page of docs/models
OWN = (".ci/rules/", ".ci/tidy.py")  # the rules speak of what they forbid
EXCEPTIONS = ".ci/wordless_ids.txt"


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


def check_bare(tree):
    """Two pages use the same letters: R-24 alone could be either's."""
    for name in judged(tree):
        text = CITED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), prose(tree, name))
        for match in BARE.finditer(text):
            yield name, line_of(text, match.start()), f"{match[0]} is a bare rule id: which page? (KB:{match[0]}, CL:{match[0]}, ...)"


def citations(text):
    """(position, id, end of the range that begins here or None) of each id in a text; "KB:P-26..P-37" is one."""
    for match in CITED.finditer(text):
        page, start = match[1], match.start(2)
        numbered = re.fullmatch(NUMBERED, re.match(ID, match[2])[0])
        parts = [(m.start() + start, m[1], m[2]) for m in PART.finditer(match[2])]
        for index, (position, joined, name) in enumerate(parts):
            if re.fullmatch(NUMBERED, name) and not numbered:
                break  # "KC:P-9, 3 times": a number, no id
            upto = parts[index + 1] if index + 1 < len(parts) else (0, None, "")
            yield position, f"{page}:{name}", f"{page}:{upto[2]}" if upto[1] else None


def split_id(name):
    """("KB:R-", 30): what ids of one chapter share, and the number by which they are ordered."""
    stem, number, _ = re.fullmatch(r"(.*?)(\d+)([a-z]?)", name).groups()
    return stem, int(number)


def between(first, last, headings):
    """The headings strictly inside a range."""
    low, high = split_id(first), split_id(last)
    return [h for h in headings if split_id(h)[0] == low[0] == high[0] and low[1] < split_id(h)[1] < high[1]]


def resolve(name, headings):
    """The heading that an id leads to: its own, or that of the rule it is a step of."""
    while name not in headings and re.search(r"\d\.\d+$", name) and "-" in name:
        name = name.rsplit(".", 1)[0]
    return name if name in headings else None


def entries(text):
    """(line, heading, body) of each level-3 heading."""
    found = list(HEADING.finditer(text))
    for match, after in zip(found, found[1:] + [None]):
        body = text[match.end():after.start() if after else len(text)]
        yield line_of(text, match.start()), match[1], re.split(r"(?m)^#{1,2} ", body)[0]


def pages(tree):
    return [f for f in tree.texts() if f.startswith(FOLDER) and f.endswith(".md") and not f.endswith("README.md")]


def entry_faults(heading, body):
    lines = [l for l in body.splitlines() if l.strip()]
    sources = [i for i, l in enumerate(lines) if l.startswith("Source:")]
    if not WHOLE.fullmatch(heading):
        return f"'{heading}' is no id: a level-3 heading is exactly one, KB:R-30"
    if len(sources) != 1 or sources[0] != len(lines) - 1 or not lines[-1].removeprefix("Source:").strip():
        return f"{heading} ends with one line 'Source: ...'"
    if not 1 <= len(lines) - 1 <= LINES_MAX:
        return f"{heading} has {len(lines) - 1} lines of prose, not 1 to {LINES_MAX}"
    return None


def check_ids(tree):
    """Every id that is cited has its rule in docs/rules/, and every rule there is cited."""
    headings = {}  # id -> (path, line)
    for path in pages(tree):
        for line, heading, body in entries(tree.read(path)):
            if fault := entry_faults(heading, body):
                yield path, line, fault
            elif heading in headings:
                yield path, line, f"{heading} stands in {headings[heading][0]}:{headings[heading][1]} too"
            else:
                headings[heading] = path, line
    if tree.planted and not headings:
        return
    cited = set()
    for name in judged(tree):
        for line, one, last in located(tree.read(name)):
            rule = resolve(one, headings)
            if rule is None:
                yield name, line, f"{one} has no rule in {FOLDER}"
            elif not name.startswith(FOLDER):
                cited |= {rule, *(between(one, last, headings) if last else ())}
    for heading in sorted(set(headings) - cited):
        yield *headings[heading], f"nobody cites {heading}: the rule goes, or the code that follows it says so"


def located(text):
    starts = [m.end() for m in re.finditer(r"\n", text)]
    for position, one, last in citations(text):
        yield bisect.bisect_right(starts, position) + 1, one, last


def comments(tree, name):
    """(line, text) of each comment of a C++ file; neighbouring lines that hold nothing else are one comment."""
    code, prose_lines = (part.splitlines() for part in tree.parts(name))
    block, first = [], 0
    for number, (left, line) in enumerate(zip(code + [""], prose_lines + [""]), 1):
        alone = bool(line.strip()) and not left.strip()
        if block and not alone:
            yield first, " ".join(block)
            block = []
        if alone:
            first = first if block else number
            block.append(line)
        elif line.strip():
            yield number, line


def wordless(comment):
    """Ids, and nothing that says what they are about."""
    rest, count = CITED.subn(" ", comment)
    return count > 0 and not re.search(r"\w", re.sub(r"\b(?:and|or|see|cf|as|in|by)\b", " ", rest, flags=re.I))


def excepted(tree):
    lines = tree.read(EXCEPTIONS).splitlines() if EXCEPTIONS in tree.files else []
    return {l.strip(): n for n, l in enumerate(lines, 1) if l.strip() and not l.startswith("#")}


def check_wordless(tree):
    """An id follows half a sentence of its rule. The folders of EXCEPTIONS may still owe that; the list shrinks to nothing."""
    listed, owing = excepted(tree), set()
    for name in tree.code():
        folders = {f for f in listed if name.startswith(f)}
        for line, text in comments(tree, name):
            if wordless(text):
                owing |= folders
                if not folders:
                    yield name, line, f"{text.strip().strip('/ ')} is a comment of ids alone: half a sentence of the rule goes before it"
    for folder in sorted(set(listed) - owing):
        yield EXCEPTIONS, listed[folder], f"{folder} owes nothing any more: the line goes"
