#!/usr/bin/env python3
"""Checks key.tsv by runs: leaves faults out, changes settings, and sees whether the message lives.

    check_key.py FATE [CASE...]     exit 1 if a line does not hold

Uses `fate run` alone. Faults that stay fire at the time at which they had fired. It follows the
definition in key.tsv's head; what it cannot see is whether a setting is to blame or only shifts an
answer past a fault, which is why the key is written by hand.
"""
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GRAVITY = ["NONE", "AS_CONFIGURED", "OUTSIDE_PROMISE", "PROMISE_BROKEN", "UNEXPLAINED"]
CURES = {"acks": "producer:acks=all", "min.insync.replicas": "topic:min.insync.replicas=2",
         "unclean.leader.election.enable": "topic:unclean.leader.election.enable=false",
         "flush.messages": "topic:flush.messages=1",
         "replication.factor": "topic:replication.factor=3"}


class Unclear(Exception):
    """The result does not say what became of the message."""


def block_end(text, start):
    """Behind the brace that closes the first one from `start` on. Comments hold no braces."""
    depth = 0
    for i in range(text.index("{", start), len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth == 0:
            return i + 1
    raise ValueError("no closing brace")


def faults_of(text):
    """(start, end, name) of each fault, in order."""
    found = []
    for match in re.finditer(r"^fault\s*\{", text, re.M):
        end = block_end(text, match.start())
        found.append((match.start(), end, re.search(r'name: "([^"]*)"', text[match.start():end])[1]))
    return found


def edited(text, without, times):
    """Without some faults; the others at the times at which they fired."""
    for start, end, name in reversed(faults_of(text)):
        body = text[start:end]
        when = re.search(r"\bwhen\s*\{", body)
        if name in without:
            body = ""
        elif when and name in times:  # one tick later: after the event, as a protocol point is
            body = body[: when.start()] + body[block_end(body, when.start()):]
            body = re.sub(r'else_at: "[^"]*"', f'at: "{times[name] + 1}ns"', body)
        text = text[:start] + body + text[end:]
    return text


def run(fate, text, seed, settings=()):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "case.textproto")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        words = [fate, "run", path, "--seed", seed, "--format", "json", "-o", folder + "/out"]
        for setting in settings:
            words += ["--set", setting]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(f"{text.splitlines()[0]}: {done.stderr}")
    return json.loads(done.stdout)


def is_lost(result, message):
    """A finding lists its first hundred messages, in the order in which they were sent."""
    if any(message in finding["messages"] for finding in result["findings"]):
        return True
    producer, number = message.split("m#")
    for finding in result["findings"]:
        own = [int(one.split("#")[1]) for one in finding["messages"] if one.split("m#")[0] == producer]
        cut_short = len(finding["messages"]) >= 100
        if cut_short and (not own or int(number) > own[-1]):
            raise Unclear(finding["sentence"])
    return False


def causes(fate, text, seed, times, message):
    """The faults to blame, by the definition."""
    names = [name for _, _, name in faults_of(text)]

    def saves(left_out):
        return not is_lost(run(fate, edited(text, left_out, times), seed), message)

    alone = {name for name in names if saves({name})}
    if alone:
        return [alone]
    for size in range(2, len(names) + 1):
        sets = [set(some) for some in itertools.combinations(names, size) if saves(set(some))]
        if sets:
            return sets
    return []


def cured(text, answer):
    """The scenario and the settings that do away with what an answer names."""
    settings = []
    for name in answer:
        if name.startswith("mutant:"):
            text = re.sub(r"^mutant:.*$", "", text, flags=re.M)
        elif name == "cluster:elr=false":
            text = text.replace("elr: false", "elr: true")
        else:
            settings.append(CURES[re.fullmatch(r"\w+:([\w.]+)=.*", name)[1]])
    return text, settings


def check_settings(fate, text, seed, times, message, cell):
    """Each answer saves it, and of several names that are joined none alone does."""
    wrong = []
    answers = [answer.split(",") for answer in cell.split("|") if answer not in ("-", "program:callback")]

    def saved(answer, when_it_fired):
        start = edited(text, (), times) if when_it_fired else text
        changed, settings = cured(start, answer)
        return not is_lost(run(fate, changed, seed, settings), message)

    for answer in answers:
        if not saved(answer, True):
            wrong.append(f"{','.join(answer)} does not save it")
        if len(answer) > 1 and not any(set(other) < set(answer) for other in answers):
            wrong += [f"{one} alone saves it" for one in answer
                      if saved([one], True) and saved([one], False)]
    return wrong


def check(fate, cells, comment):
    case, seed, _, _, _, settings, faults = cells
    with open(os.path.join(HERE, "cases", case + ".textproto"), encoding="utf-8") as file:
        text = re.sub(r"#[^\n]*", lambda found: found[0].translate({123: 40, 125: 41}), file.read())
    base = run(fate, text, seed)
    if not base["findings"]:
        return ["nothing is lost"]
    worst = max(base["findings"], key=lambda finding: GRAVITY.index(finding["class"]))
    message = worst["messages"][0]
    wrong = [] if comment.startswith(message + ".") else [f"the comment is not about {message}"]
    names = [name for _, _, name in faults_of(text)]
    times = {}
    if len(names) == len(base["faults"]):  # a rolling restart is several
        times = {name: int(fired["at_ns"]) for name, fired in zip(names, base["faults"])}
    if not is_lost(run(fate, edited(text, (), times), seed), message):
        wrong.append("it is not lost with the faults at their times")
    to_blame = causes(fate, text, seed, times, message)
    if to_blame != [set(faults.split(","))]:
        wrong.append(f"the definition blames {to_blame}")
    return wrong + check_settings(fate, text, seed, times, message, settings)


def main():
    fate, only = sys.argv[1], set(sys.argv[2:])
    failed, comment = 0, ""
    with open(os.path.join(HERE, "key.tsv"), encoding="utf-8") as key:
        lines = key.read().splitlines()
    for line in lines[lines.index("case\tseed\tfound\tshape\tmechanism\tsettings\tfaults") + 1:]:
        if line.startswith("#"):
            comment += line[2:] + " "
            continue
        cells = line.split("\t")
        if not only or cells[0] in only:
            try:
                wrong = check(fate, cells, comment)
            except Unclear as unclear:
                wrong = [f"unclear: {unclear}"]
            print(cells[0], cells[1], "; ".join(wrong) or "holds", flush=True)
            failed += bool(wrong)
        comment = ""
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
