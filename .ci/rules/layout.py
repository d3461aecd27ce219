"""What a file looks like: the first lines of headers, names of tests, the README's commands."""
import re


def check_header_comment(tree):
    for name in tree.code("sim/", "model/", "scenarios/", "tools/"):
        if not name.endswith(".h"):
            continue
        lines = tree.read(name).splitlines() + ["", "", ""]
        if lines[0] != f"// {name}" or lines[1] != "//" or not re.match(r"// \S", lines[2]):
            yield name, 1, "a header begins with its path, an empty comment line, and a sentence that says what it is"


def check_test_names(tree):
    pattern = re.compile(r"\bTEST(?:_F|_P)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)")
    for name in tree.code("tests/"):
        code, _ = tree.parts(name)
        for match in pattern.finditer(code):
            if "_" in match[1] + match[2]:
                yield name, code.count("\n", 0, match.start()) + 1, "no underscores in GoogleTest names"


def check_readme(tree):
    """Its first two commands are the ones that .ci/run executes."""
    if "README.md" not in tree.files:
        if not tree.planted:
            yield "README.md", 0, "is missing"
        return
    text = tree.read("README.md")
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```", text)
    commands = [l.split("#")[0].strip().removeprefix("$ ") for b in blocks for l in b.splitlines()]
    commands = [c for c in commands if c.startswith("tools/")]
    if commands[:2] != ["tools/quickstart", "tools/test"]:
        yield "README.md", 0, f"its two commands are tools/quickstart and tools/test, not {commands[:2]}"
    for command in commands:
        if not tree.planted and not (tree.root / command.split()[0]).is_file():
            yield "README.md", 0, f"{command} does not exist"
