"""Who may include whom: the layers of DESIGN 2, downwards only, and the rooms of a system."""
import re

THIRD_PARTY = ("absl/", "google/", "CLI/", "gtest/", "gmock/", "rapidcheck", "benchmark/")
# From below to above; a file belongs to the longest folder that it is in. Equal ones do not include each other.
LAYERS = {
    "sim": 0, "model": 1, "scenarios": 2, "scenarios/kafka_config": 3, "scenarios/loader": 4, "scenarios/bridge": 5,
    "tools/answers": 6, "tools/analysis": 7, "tools/render": 7, "tools/fate": 8, "tools": 8, "tests": 9, "bench": 9,
}
# What a room of a system may include besides itself and SHARED. Actors meet as events, and what stands outside of the
# protocol reads notes.
SHARED = ("vocabulary", "notes", "log")
ROOMS = {
    "client": (), "producer": ("client",), "consumer": ("client",), "broker": (), "controller": (), "offsets": (),
    "ledger": ("invariants",), "invariants": ("ledger",), "explain": ("ledger", "invariants"),
}
WITH_PROGRAMS = ("client", "producer", "consumer")  # a program runs in the client's process
ASSEMBLED = ("system.h", "run.h", "world.h")        # of all rooms: for those above them
ABOVE_ALL_ROOMS = ("", "explain")


def folder(path):
    return path.rpartition("/")[0]


def layer(path):
    """The folder of LAYERS that `path` is in, and its height."""
    parts = path.split("/")
    for length in range(len(parts) - 1, 0, -1):
        name = "/".join(parts[:length])
        if name in LAYERS:
            return name, LAYERS[name]
    return "", max(LAYERS.values())


def system(path):
    """model/kafka/log/x.h -> ("kafka", "log"); model/kafka/system.h -> ("kafka", ""); else None."""
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "model" or parts[1] in ("verdict", "programs"):
        return None
    return parts[1], parts[2] if len(parts) > 3 else ""


def between_rooms(source, target):
    """Why a room of a system may not include a room of its own or another one; None if it may."""
    (mine, room), (its, other) = system(source), system(target)
    if mine != its:
        return f"model/{mine} and model/{its} are two systems: neither includes the other"
    if room == other or not room:
        return None
    if not other:
        assembled = target.rpartition("/")[2] in ASSEMBLED and room not in ABOVE_ALL_ROOMS
        return f"{room}/ may not include {target}, which is made of all rooms" if assembled or room in (
            "vocabulary", "log") else None
    if room == "vocabulary":
        return f"model/{mine}/vocabulary is what everything else speaks: it includes sim/ and itself"
    if other == "vocabulary" or (room != "log" and other in SHARED) or other in ROOMS.get(room, ()):
        return None
    return f"{room}/ may not include {other}/: actors meet as events"


def refusal(source, target):
    """Why `source` may not include `target`, both paths of the tree; None if it may."""
    if source.startswith("tests/primary_backup/") and not target.startswith(("sim/", "tests/")):
        return "the primary-backup log stands on sim/ alone"
    (mine, height), (its, above) = layer(source), layer(target)
    if height < above or (height == above and mine != its and not mine.startswith(("tests", "bench"))):
        return f"{mine}/ may not include {its}/: includes go downwards only"
    if source.startswith("sim/") and not source.startswith("sim/search/") and target.startswith("sim/search/"):
        return "sim/search stands above the rest of sim/"
    if source.startswith("model/verdict/") and not target.startswith(("sim/", "model/verdict/")):
        return "model/verdict is what all systems share: it includes sim/ and itself"
    if not system(source):
        return None
    if target.startswith("model/programs/"):
        room = system(source)[1]
        return None if not room or room in WITH_PROGRAMS else f"{room}/ may not include programs: they run in clients"
    return between_rooms(source, target) if system(target) else None


def foreign(source, target):
    """Third-party headers have their places."""
    machine = source.startswith(("sim/", "model/"))
    if (target.startswith("google/protobuf") or target.endswith(".pb.h")) and not source.startswith(
            ("scenarios/", "tools/", "tests/", "bench/")):
        return "protobuf's headers belong above model/"
    if target.startswith("CLI/") and not source.startswith("tools/fate/"):
        return "CLI11 belongs to tools/fate"
    if target == "yaml.h" and source != "scenarios/kafka_config/formats/yaml.cc":
        return "libyaml belongs to scenarios/kafka_config/formats/yaml.cc"
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
