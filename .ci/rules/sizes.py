"""Sizes of files and functions, and the exceptions from them.

clang-tidy (14, measured with `-checks=-*,readability-function-size`) parses each translation unit with all that it
includes: 6 minutes on two cores for the tree file by file, 98 s (197 s of CPU) for the 61 units of a unity build, and
it needs a configured build. Counting braces takes 1 s, and also knows tests by their names; so the rule stays ours.
"""
import re

from rules.tree import line_of

FILE_REASON, FILE_LIMIT = 400, 600
FUNCTION_REASON, FUNCTION_LIMIT = 40, 70
SIZED = (".cc", ".h", ".py", ".sh", ".cmake", ".proto")
EXCEPTIONS = ".ci/exceptions.txt"


def exceptions(tree):
    """(kind, subject) -> (limit, line, reason)."""
    found = {}
    if EXCEPTIONS not in tree.files:
        return found
    for number, line in enumerate(tree.read(EXCEPTIONS).splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            kind, subject, limit, *reason = line.split(None, 3)
            found[kind, subject] = int(limit), number, " ".join(reason)
    return found


def judge(kind, subject, size, reason_above, limit, listed):
    if size > limit:
        return f"{subject} has {size} lines; {limit} is the limit"
    if size <= reason_above:
        return None
    if (kind, subject) not in listed:
        return f"{subject} has {size} lines; above {reason_above} it needs a reason in {EXCEPTIONS}"
    if size > listed[kind, subject][0]:
        return f"{subject} has grown from {listed[kind, subject][0]} to {size} lines; exceptions may only shrink"
    return None


def file_sizes(tree):
    for name in tree.files:
        if name.endswith(SIZED):
            yield name, len(tree.read(name).splitlines())


def check_files(tree):
    listed = exceptions(tree)
    for name, size in file_sizes(tree):
        if why := judge("file", name, size, FILE_REASON, FILE_LIMIT, listed):
            yield name, 0, why


def function_sizes(tree):
    for name in tree.code():
        for line, function, size in functions(tree.parts(name)[0]):
            yield name, line, f"{name}:{function}", size


def check_functions(tree):
    listed = exceptions(tree)
    for name, line, subject, size in function_sizes(tree):
        if why := judge("function", subject, size, FUNCTION_REASON, FUNCTION_LIMIT, listed):
            yield name, line, why


def check_exceptions(tree):
    """An exception that is not needed any more goes; one without a reason does not count."""
    needed = {("file", n) for n, size in file_sizes(tree) if size > FILE_REASON}
    needed |= {("function", s) for _, _, s, size in function_sizes(tree) if size > FUNCTION_REASON}
    for key, (_, line, reason) in exceptions(tree).items():
        if key not in needed:
            yield EXCEPTIONS, line, f"{key[1]} needs no exception any more"
        elif len(reason.split()) < 3:
            yield EXCEPTIONS, line, f"{key[1]} has no reason"


def functions(code):
    """(first line, name, lines) of each function; a lambda belongs to the function around it."""
    code = re.sub(r"(?m)^\s*#(?:.*\\\n)*.*$", lambda m: re.sub(r"[^\n]", " ", m[0]), code)
    stack, last = [], 0  # kinds of the open braces; end of the previous statement
    inside = None        # (depth, first line, name) of the function that is being read
    parentheses = 0
    for match in re.finditer(r"[{}();]", code):
        char, position = match[0], match.start()
        if char in "()":
            parentheses = max(0, parentheses + (1 if char == "(" else -1))
        elif char == ";":
            last = position + 1 if parentheses == 0 else last
        elif char == "{":
            head = code[last:position]
            stack.append(last)
            if inside is None and (name := function_name(head)):
                start = last + len(head) - len(head.lstrip())
                inside = len(stack), line_of(code, start), name
            if inside is None or len(stack) <= inside[0]:
                last = position + 1
            parentheses = 0 if inside and len(stack) == inside[0] else parentheses
        elif stack:
            if inside and len(stack) == inside[0]:
                yield inside[1], inside[2], line_of(code, position) - inside[1] + 1
                inside = None
            stack.pop()
            if inside is None:
                last = position + 1
                parentheses = 0


def function_name(head):
    """The name, if the text before a brace is a function's head."""
    head = re.sub(r"\b(?:public|private|protected)\s*:(?!:)", " ", head).strip()
    head = re.sub(r"^template\s*<[^{}]*?>\s*(?=[\w\[])", "", head)
    if re.match(r"(?:inline\s+)?namespace\b|extern\b", head) or "(" not in head:
        return None
    if re.match(r"(?:class|struct|union|enum)\b", head) and not head.endswith(")"):
        return None
    if test := re.match(r"(TEST(?:_F|_P)?|RC_GTEST_\w+|TYPED_TEST)\s*\(([^)]*)\)", head):
        return test[1] + "(" + "".join(test[2].split()) + ")"
    before = head[:head.index("(")].rstrip()
    if before.endswith("operator"):
        return "operator()"
    if operator := re.search(r"operator\s*\S+$", before):
        return "".join(operator[0].split())
    if "=" in before:
        return None  # a variable and its initialiser
    name = re.search(r"(~?\w+(?:::~?\w+)*)$", before)
    return name[1] if name else None
