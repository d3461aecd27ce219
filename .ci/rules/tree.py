"""The files under judgement, and their C++ with comments and strings blanked out."""
import functools
import pathlib
import re
import subprocess

CODE = (".cc", ".h")
TEXT = CODE + (".py", ".sh", ".md", ".txt", ".proto", ".textproto", ".cmake", ".tsv", "")


class Tree:
    """`planted`: a small tree inside tests/ci/planted, where no git is asked and no cache is kept."""

    def __init__(self, root, builds=(), planted=False):
        self.root = pathlib.Path(root)
        self.builds = [b for b in builds if b.exists()]
        self.planted = planted
        self.files = sorted(self._list())

    def _list(self):
        if self.planted:
            found = [p.relative_to(self.root).as_posix() for p in self.root.rglob("*") if p.is_file()]
            return [f for f in found if not f.startswith("build/")]
        command = ["git", "-C", str(self.root), "ls-files", "-co", "--exclude-standard", "-z"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
        names = {n for n in names if n and not n.startswith("tests/ci/planted/")}
        return [n for n in names if (self.root / n).is_file()]

    def code(self, *prefixes):
        return [f for f in self.files if f.endswith(CODE) and (not prefixes or f.startswith(prefixes))]

    def texts(self):
        return [f for f in self.files if pathlib.PurePosixPath(f).suffix in TEXT]

    @functools.lru_cache(maxsize=None)
    def read(self, name):
        return (self.root / name).read_text(encoding="utf-8", errors="replace")

    @functools.lru_cache(maxsize=None)
    def parts(self, name):
        """(code, comments): the text twice, each with the other's characters blanked; lines stay where they are."""
        return split(self.read(name))

    def includes(self, name):
        """(line, path, quoted) of each #include."""
        pattern = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
        for number, line in enumerate(self.read(name).splitlines(), 1):
            if match := pattern.match(line):
                yield number, match[2], match[1] == '"'


TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|(?:u8|[uUL])?R"([^()\\ \n]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL)


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def split(source):
    code, comments, last = [], [], 0
    for match in TOKEN.finditer(source):
        before, token = source[last:match.start()], match[0]
        code += [before, blank(token) if token[0] == "/" else token[0] + blank(token[1:-1]) + token[-1]]
        comments += [blank(before), token if token[0] == "/" else blank(token)]
        last = match.end()
    rest = source[last:]
    return "".join(code + [rest]), "".join(comments + [blank(rest)])


def line_of(text, position):
    return text.count("\n", 0, position) + 1
