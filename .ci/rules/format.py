"""clang-format, with .clang-format."""
import concurrent.futures
import os
import re
import shutil
import subprocess

ROOT_STYLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".clang-format")


def check(tree):
    program = next((p for p in ("clang-format-14", "clang-format") if shutil.which(p)), None)
    if not program:
        print("tidy: no clang-format here, formatting is not checked")
        return
    names = tree.code()
    batches = [names[i:i + 16] for i in range(0, len(names), 16)]

    def run(batch):
        command = [program, f"--style=file:{ROOT_STYLE}", "--dry-run", "-Werror", *batch]
        return subprocess.run(command, cwd=tree.root, capture_output=True, text=True).stderr

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = set()
        for output in pool.map(run, batches):
            for match in re.finditer(r"(?m)^(\S+?):(\d+):\d+: error: code should be clang-formatted", output):
                if match[1] not in seen:  # one line a file is enough
                    seen.add(match[1])
                    yield match[1], int(match[2]), "is not formatted: clang-format-14 -i"
