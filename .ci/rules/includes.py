"""Who may include whom: tools -> scenarios/schema -> model -> sim, downwards only."""
import re

THIRD_PARTY = ("absl/", "google/", "CLI/", "gtest/", "gmock/", "rapidcheck", "benchmark/")
CLIENTS = ("producer", "consumer")
LAYERS = {"sim": 0, "model": 1, "scenarios": 2, "tools": 3, "tests": 4, "bench": 4}


def folder(path):
    return path.rpartition("/")[0]


def layer(path):
    return LAYERS.get(path.split("/")[0], 4)


def system(path):
    """model/kafka/log/x.h -> ("kafka", "log"); model/kafka/system.h -> ("kafka", ""); else None."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "model" or parts[1] in ("vocabulary", "apps", "ledger", "invariants", "explain"):
        return None
    return parts[1], parts[2] if len(parts) > 3 else ""


def refusal(source, target):
    """Why `source` may not include `target`, both paths of the tree; None if it may."""
    if source.startswith("tests/primary_backup/") and not target.startswith(("sim/", "tests/")):
        return "the primary-backup log stands on sim/ alone"
    if layer(source) < layer(target):
        return f"{source.split('/')[0]}/ may not include {target.split('/')[0]}/: includes go downwards only"
    if source.startswith("sim/") and not source.startswith("sim/search/") and target.startswith("sim/search/"):
        return "sim/search stands above the rest of sim/"
    if folder(source) == "model/vocabulary" and target.startswith("model/") and folder(target) != "model/vocabulary":
        return "model/vocabulary is what everything else speaks: it includes sim/ and itself"
    mine, its = system(source), system(target)
    if not mine:
        return None
    if target.startswith("model/apps/") and mine[1] in CLIENTS:
        return None  # the program runs in the client's process
    if not its:
        return None if target.startswith(("sim/", "model/vocabulary/")) or not mine[1] else (
            f"a part of model/{mine[0]} includes vocabulary/, its system's headers and log/, and itself")
    if mine[0] != its[0]:
        return f"model/{mine[0]} and model/{its[0]} are two systems: neither includes the other"
    if mine[1] and its[1] not in ("", "log", mine[1]):
        return f"{mine[1]}/ may not include {its[1]}/: actors meet as events"
    return None


def foreign(source, target):
    """Third-party headers have their places."""
    machine = source.startswith(("sim/", "model/"))
    if (target.startswith("google/protobuf") or target.endswith(".pb.h")) and not source.startswith(
            ("scenarios/schema/", "tools/", "tests/", "bench/")):
        return "protobuf's headers belong to scenarios/schema and tools"
    if target.startswith("CLI/") and not source.startswith("tools/"):
        return "CLI11 belongs to tools"
    if target.startswith(THIRD_PARTY[3:]) and not source.startswith(("tests/", "bench/")):
        return "test libraries belong to tests and bench"
    if machine and target in BANNED_HEADERS:
        return f"<{target}> is banned here, use {BANNED_HEADERS[target]}"
    if machine and re.match(r"absl/(random|hash|time|synchronization|container/(flat|node)_hash)", target):
        return f"{target} is banned here: salted, or a clock"
    return None


KEYED = "SetTimer{min, max} or ctx.Choose: chance is keyed by content"
CLOCK = "the event's SimTime, or the host's ctx.mono and ctx.wall"
THREAD = "nothing: a run is one thread (tools/ runs many of them)"
NUMBER = "integers, Ratio, tables"
TABLE = "sim::IdMap or a sorted vector"
BANNED_HEADERS = {
    "random": KEYED, "chrono": CLOCK, "ctime": CLOCK, "time.h": CLOCK, "sys/time.h": CLOCK,
    "thread": THREAD, "mutex": THREAD, "atomic": THREAD, "future": THREAD, "condition_variable": THREAD,
    "shared_mutex": THREAD, "pthread.h": THREAD, "cmath": NUMBER, "math.h": NUMBER, "cfloat": NUMBER, "complex": NUMBER,
    "unordered_map": TABLE, "unordered_set": TABLE, "map": TABLE, "set": TABLE, "list": TABLE,
    "locale": "nothing", "clocale": "nothing", "typeinfo": "a kind, as data", "any": "std::variant",
    "iostream": "notes: only tools/ prints", "fstream": "nothing: only tools/ and the loader touch files",
    "filesystem": "nothing: only tools/ and the loader touch files",
}


def check(tree):
    known = set(tree.files)
    for name in tree.code():
        for line, target, quoted in tree.includes(name):
            why = foreign(name, target)
            if not why and quoted and target in known:
                why = refusal(name, target)
            elif not why and quoted and not target.startswith(THIRD_PARTY) and not target.endswith(".pb.h"):
                why = f'"{target}" is not a path from the root of the tree'
            if why:
                yield name, line, why


def check_cycles(tree):
    known = set(tree.files)
    graph = {n: [t for _, t, q in tree.includes(n) if q and t in known] for n in tree.code()}
    state = {}
    for start in graph:
        stack = [(start, iter(graph[start]))] if start not in state else []
        state.setdefault(start, "open")
        while stack:
            name, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[name] = "done"
                stack.pop()
            elif state.get(following) == "open":
                path = [n for n, _ in stack]
                yield following, 0, "includes itself: " + " -> ".join(path[path.index(following):] + [following])
            elif following not in state:
                state[following] = "open"
                stack.append((following, iter(graph.get(following, []))))
