"""What the objects of sim/ and model/ ask for and hold: catches what a search of the text cannot."""
import pathlib
import re
import subprocess
import tempfile

FORBIDDEN = [
    (r"(?:rand|srand|random|drand48|rand_r|arc4random\w*|getrandom)$", "chance that is not keyed"),
    (r"(?:time|clock|clock_gettime|gettimeofday|localtime\w*|gmtime\w*|mktime|nanosleep|usleep)$", "a clock"),
    (r"std::chrono::|std::random_device|std::this_thread|absl::.*(?:Now|BitGen|raw_hash_set|MixingHashState)", "a clock, chance, or salt"),
    (r"(?:getenv|secure_getenv|setlocale)$|std::locale::", "the environment"),
    (r"pthread_|std::thread|std::mutex|std::condition_variable|std::atomic_", "a thread"),
    (r"(?:log|log2|log10|exp|pow|sqrt|sin|cos|floor|ceil|round)[fl]?$", "libm"),
    (r"std::_Rb_tree|std::_Hash_bytes|std::__detail::_Prime_rehash_policy|std::_List_node_base", "a node-based or salted container"),
    (r"__cxa_throw|__cxa_rethrow|__dynamic_cast|_ZTI", "exceptions or RTTI"),
    (r"(?:open|openat|fopen\w*|read|pread|socket|send|recv)$|std::basic_[io]?fstream", "files and sockets"),
]
# stdout and stderr are for the last words of a SIM_CHECK.
PRINTS = re.compile(r"(?:__)?(?:v?f?printf(?:_chk)?|puts|fputs|fputc|fwrite|putchar|write)$|std::cout|std::cerr")
# A constant that is made on first use lies in the same section as a variable; its name says what it is.
CONSTANT = re.compile(r"(?:^|::)k[A-Z]\w*(?:\[abi:\w+\])?$")
SANITISER = re.compile(r"__(?:asan|ubsan|lsan|sanitizer)|_GLOBAL__sub_|asan\.|\.LC|__odr_asan|__gcov")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def judge(path, name):
    for line in run("nm", "-C", "-u", str(path)).splitlines():
        symbol = line.split(None, 1)[1].split("@")[0]
        for pattern, what in FORBIDDEN:
            if re.match(pattern, symbol):
                yield f"asks for {symbol}: {what}"
        if PRINTS.match(symbol) and name != "sim/check.cc":
            yield f"asks for {symbol}: only tools/ prints"
    # Anything in a section that can be written is a global that outlives a run.
    for line in run("objdump", "-t", "-C", str(path)).splitlines():
        match = re.match(r"[0-9a-f]+ .{7} (\.t?(?:data|bss)(?:\.\S*)?)\s+([0-9a-f]+)\s+(?:\.hidden )?(.+)$", line)
        if match and int(match[2], 16) and not match[1].startswith(".data.rel.ro") and not (
                CONSTANT.search(match[3]) or SANITISER.search(match[3])):
            yield f"{match[3]} is a global that can be written, or is made at start-up: constexpr, or state in a struct"


def objects(tree):
    """(object, source) of each object file of the machines, (object, "sim/") of one that was compiled from many; sanitised
    builds are left out, they add symbols."""
    for build in tree.builds:
        if "ASanUbsan".lower() in str(build).lower() or "asan" in build.name:
            continue
        for path in sorted(build.rglob("*.o")):
            match = re.search(r"\.dir/((?:sim|model)/.*\.cc)\.o$", path.as_posix())
            if match and match[1] in tree.files:
                yield path, match[1]
            match = re.search(r"/(sim|model)_objects\.dir/Unity/.*\.o$", path.as_posix())
            if match:
                yield path, match[1] + "/"


def check(tree):
    found = list(objects(tree))
    if tree.planted:  # nobody builds a planted tree: compile it here
        folder = pathlib.Path(tempfile.mkdtemp())
        for name in tree.code("sim/", "model/"):
            path = folder / (name.replace("/", "_") + ".o")
            run("g++", "-std=c++20", "-O1", "-c", str(tree.root / name), "-o", str(path))
            found.append((path, name))
    if not found:
        yield "build", 0, "no objects of sim/ or model/ found"
    for path, name in found:
        for why in judge(path, name):
            yield name, 0, why
