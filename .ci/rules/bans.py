"""What would make a run depend on more than its seed, searched for in the text of sim/ and model/."""
import re

from rules.tree import line_of

CLOCK = "the event's SimTime, or the host's ctx.mono and ctx.wall"
KEYED = "SetTimer{min, max} or ctx.Choose: chance is keyed by content"
TABLE = "sim::IdMap or a sorted vector"
THREAD = "nothing: a run is one thread (tools/ runs many of them)"
NUMBER = "integers, Ratio{num, den}, table-based draws"

# (pattern over code without comments and strings, what to use)
BANS = [
    (r"\bstd::chrono\b|\b(?:clock_gettime|gettimeofday|localtime|gmtime|strftime)\b", CLOCK),
    (r"(?<![\w.>])(?:std::)?(?:time|clock)\s*\(\s*(?:NULL|nullptr|0|)\s*\)\s*[;,)+*/-]", CLOCK),
    (r"\bgetenv\b|\bsetlocale\b|\bstd::locale\b", "an argument: the environment is no input"),
    (r"\bstd::(?:jthread|thread|async|mutex|shared_mutex|atomic\w*|condition_variable|future|promise)\b|\bthread_local\b", THREAD),
    (r"\bstd::(?:random_device|mt19937\w*|minstd_rand\w*|default_random_engine|\w+_distribution|shuffle)\b", KEYED),
    (r"\bstd::(?:ranges::)?(?:shuffle|sample)\b|\babsl::(?:BitGen|InsecureBitGen|Uniform|Bernoulli)\b", KEYED),
    (r"(?<![\w.>:])(?:std::)?(?:rand|srand|random|drand48|rand_r)\s*\(", KEYED),
    (r"\b(?:std::)?unordered_(?:multi)?(?:map|set)\b|\b(?:flat|node)_hash_(?:map|set)\b", TABLE),
    (r"\bstd::(?:multi)?(?:map|set)\b|\babsl::btree_\w+\b|\bstd::(?:forward_)?list\b", TABLE),
    (r"\bstd::hash\b|\babsl::(?:Hash|HashOf)\b|\bAbslHashValue\b", "sim::StableHash"),
    (r"\bstd::priority_queue\b", "the event queue: keys are (SimTime, sequence)"),
    (r"\bfloat\b|\bdouble\b|\bstd::(?:pow|exp|log\w*|sqrt|sin|cos|floor|ceil|l?l?round)\b", NUMBER),
    (r"\bstd::(?:function|any|shared_ptr|weak_ptr)\b|\bmake_shared\b", "a plain value: state is copied, hashed and compared"),
    (r"\bu?intptr_t\b", "value ids: addresses differ from run to run"),
    (r"\bthrow\b|\btry\s*\{|\bcatch\s*\(|\bdynamic_cast\b|\btypeid\b", "data: a refusal is a value, the impossible is a SIM_CHECK"),
    (r"(?<![\w.>:])assert\s*\(", "SIM_CHECK: it is always on"),
    (r"\bstd::(?:cout|cerr|clog|[io]?fstream|[io]?stringstream)\b|(?<![\w.>:])(?:std::)?f?printf\s*\(", "notes: only tools/ prints"),
    (r"(?m)^\s*(?:inline\s+)?static\s+(?!constexpr\b|const\b|constinit\s+const\b|inline\b|assert)[\w:<>,\s*&]+?\s+\w+\s*(?:=[^=]|;|\{)", "state, in a struct: nothing survives a run"),
    (r"(?m)^\s*(?:mutable\b)", "state that its owner changes openly"),
]
# A machine sees only the clocks of its own host.
MACHINES = re.compile(r"model/(?:programs|\w+/(?:log|client|broker|controller|producer|consumer|offsets))/")
# The last words before a fatal end have to be printed by somebody.
MAY_PRINT = ("sim/check.h", "sim/check.cc")
SORTS = re.compile(r"\bstd::(?:ranges::)?(?:sort|partial_sort|nth_element|sort_heap|make_heap)\s*\(")


def check(tree):
    for name in tree.code("sim/", "model/"):
        code, comments = tree.parts(name)
        lines = comments.splitlines()
        for pattern, instead in BANS:
            if name in MAY_PRINT and "printf" in pattern:
                continue
            for match in re.finditer(pattern, code):
                yield name, line_of(code, match.end()), f"{' '.join(match[0].split())} is banned here, use {instead}"
        for match in SORTS.finditer(code):
            line = line_of(code, match.start())
            if not any("total order" in l for l in lines[max(0, line - 3):line]):
                yield name, line, ("std::sort is banned here, use std::stable_sort, or say in a comment "
                                   "(\"total order: ...\") why no two can be equal")
        if MACHINES.match(name):
            for match in re.finditer(r"\bSimTime\b", code):
                yield name, line_of(code, match.start()), "SimTime is banned here, use the host's ctx.mono and ctx.wall"


def broken(tree):
    """The patterns that this tree breaks; the self-test wants each broken once."""
    codes = [tree.parts(name)[0] for name in tree.code("sim/", "model/")]
    return {pattern for pattern, _ in BANS if any(re.search(pattern, code) for code in codes)}


def call_arguments(code, start):
    """(arguments, end) of the call whose parenthesis opens at `start`; bodies of lambdas are left out."""
    depth, braces, arguments, current = 0, 0, [], []
    for position in range(start, len(code)):
        char = code[position]
        if char == "{":
            braces += 1
        elif char == "}":
            braces -= 1
        elif braces == 0 and char in "([":
            depth += 1
        elif braces == 0 and char in ")]":
            depth -= 1
            if depth == 0:
                return arguments + ["".join(current)], position
        if char == ";" and braces == 0:
            return [], position  # a for loop, or no call at all
        if char == "," and depth == 1 and braces == 0:
            arguments.append("".join(current))
            current = []
        elif braces == 0 and position > start:
            current.append(char)
    return [], len(code)


CALL = re.compile(r"([A-Za-z_]\w*)\s*(?:<[\w:, ]*>)?\s*\(")
NO_CALL = {"if", "for", "while", "switch", "return", "sizeof", "decltype", "alignas", "static_assert"}


def check_argument_order(tree):
    for name in tree.code("sim/", "model/"):
        code, _ = tree.parts(name)
        for match in CALL.finditer(code):
            if match[1] in NO_CALL:
                continue
            arguments, _ = call_arguments(code, match.end() - 1)
            if len(arguments) > 1 and any(re.search(r"\+\+|--", a) for a in arguments):
                yield name, line_of(code, match.start()), (
                    f"{match[1]}(...) has a side effect in its arguments: compilers evaluate them in different orders; "
                    "one statement each")
