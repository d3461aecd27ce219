#!/usr/bin/env python3
"""Draws a scenario with random settings, load and faults from a number, and keeps it if it loses.

    draw.py FATE A..B            prints what plans A to B lose
    draw.py FATE A..B --each N   writes those that lose into cases/: the first N, in order, of each
                                 pair of class and cure that `fate run` says of the worst loss

Everything follows from the number (and from --bug NAME, which plants a bug under settings that
promise to keep everything). --class PROMISE_BROKEN passes over plans whose worst loss is of another
class. Nobody chooses among those that are left.
"""
import argparse
import json
import os
import random
import re
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def draw_target(rng, brokers, topics):
    """A broker by number or by role; a role always names its partition."""
    if rng.random() < 0.4:
        return f"broker: {rng.randrange(brokers) + 1}"
    name, partitions = rng.choice(topics)
    role = rng.choice(["LEADER", "LEADER", "FOLLOWER"])
    return f'role: {role} topic: "{name}" partition: {rng.randrange(partitions)}'


def draw_action(rng, brokers, topics):
    target = draw_target(rng, brokers, topics)
    restart = f'restart_after: "{rng.choice([1, 3, 8, 15, 30])}s"'
    seconds = rng.choice([2, 6, 12, 25])
    kind = rng.choice(["kill", "kill", "panic", "power", "power", "power", "stop", "pause", "cut",
                       "cut", "cut", "spike", "slow", "clock"])
    if kind in ("kill", "panic", "stop"):
        return kind, f"{kind} {{ {target} }} {restart}"
    if kind == "power":
        domain = rng.choice(["HOST", "RACK", "ALL"])
        whom = "" if domain == "ALL" else f" of {{ {target} }}"
        return "dark", f"power_loss {{ domain: {domain}{whom} }} {restart}"
    if kind == "pause":
        return kind, f'pause {{ target {{ {target} }} for: "{seconds}s" }}'
    if kind == "cut":
        to = rng.choice(["controller: true", "", f"broker: {rng.randrange(brokers) + 1}"])
        other = f" to {{ {to} }}" if to else ""
        if to.startswith("broker") and target == to:
            other = ""
        heal = rng.choice([10, 30, 70])
        return kind, f'partition {{ from {{ {target} }}{other} heal_after: "{heal}s" }}'
    if kind == "spike":
        extra = rng.choice([50, 400, 2000])
        return kind, f'latency_spike {{ from {{ {target} }} extra: "{extra}ms" for: "{seconds}s" }}'
    if kind == "slow":
        return kind, f'slow_disk {{ target {{ {target} }} factor: 300 for: "{seconds}s" }}'
    return kind, f'clock_step {{ target {{ {target} }} by: "{rng.choice([-60, -5, 5, 600])}s" }}'


def draw_topics(rng, brokers, bug):
    topics, text = [], []
    for name in ["orders", "payments"][: rng.choice([1, 1, 2])]:
        partitions = rng.choice([1, 1, 2, 3])
        factor = 3 if bug else rng.choice([2, 3, 3])
        config = []
        if bug or rng.random() < 0.4:
            config.append(("min.insync.replicas", "2"))
        if not bug and rng.random() < 0.2:
            config.append(("unclean.leader.election.enable", "true"))
        if not bug and rng.random() < 0.15:
            config.append(("flush.messages", "1"))
        lines = [f'  config {{ key: "{key}" value: "{value}" }}' for key, value in config]
        text.append("\n".join([
            f'topic {{\n  name: "{name}" partitions: {partitions} replication_factor: {factor}',
            *lines, "}"]))
        topics.append((name, partitions))
    return topics, text


def draw_producers(rng, topics, seconds, bug):
    text = []
    for name in ["shop", "web", "app"][: rng.choice([1, 2, 3])]:
        topic = rng.choice(topics)[0]
        acks = "all" if bug else rng.choice(["0", "1", "1", "1", "all", "all", "all"])
        rate = rng.choice([5, 20, 100, 300])
        messages = min(1000, rate * seconds)
        more = ['config { key: "acks" value: "%s" }' % acks]
        if rng.random() < 0.3:
            more.append('config { key: "linger.ms" value: "%d" }' % rng.choice([0, 20, 100]))
        keys = f" keys: {rng.choice([3, 30])}" if rng.random() < 0.5 else ""
        text.append(f'producer {{\n  name: "{name}" topic: "{topic}" messages: {messages} '
                    f'rate_per_s: {rate}{keys}\n  ' + "\n  ".join(more) + "\n}")
    return text


def draw(number, bug):
    rng = random.Random(f"{number}/{bug}" if bug else str(number))
    brokers = rng.choice([3, 3, 4, 5])
    racks = ""
    if rng.random() < 0.5:
        racks = "".join(f' racks: "r{i % 2 + 1}"' for i in range(brokers))
    elr = "" if bug or rng.random() < 0.75 else " elr: false"
    latency = rng.choice(["0.3ms", "2ms", "10ms", "30ms"])
    topics, topic_text = draw_topics(rng, brokers, bug)
    seconds = rng.choice([3, 10, 60])
    faults, count = [], {}
    for _ in range(rng.choice([2, 3, 3, 4])):
        kind, action = draw_action(rng, brokers, topics)
        count[kind] = count.get(kind, 0) + 1
        name = kind if count[kind] == 1 else f"{kind}_{count[kind]}"
        at = rng.randrange(300, seconds * 1000 + 2000)
        faults.append((at, f'fault {{ name: "{name}" at: "{at}ms" {action} }}'))
    name = f"drawn_{bug}_{number}" if bug else f"drawn_{number}"
    said = f" --bug {bug}" if bug else ""
    lines = ["# proto-file: scenarios/loader/scenario.proto",
             "# proto-message: loader.proto.Scenario", "#",
             f"# Drawn by bench/explain/draw.py, plan {number}{said}.",
             f'name: "{name}"', 'why: "What the draw came to."',
             f"cluster {{ brokers: {brokers}{racks}{elr} }}",
             f'network {{ between_brokers: "{latency}" }}', *topic_text,
             *draw_producers(rng, topics, seconds, bug), "",
             *[text for _, text in sorted(faults)]]
    if bug:
        lines += ["", f'mutant: "{bug}"']
    return name, "\n".join(lines) + "\n"


def losses(fate, text, number):
    """The findings of one run with the plan's number as its seed."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan.textproto")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        run = subprocess.run([fate, "run", path, "--seed", str(number), "--format", "json", "-o",
                              os.path.join(folder, "out")], capture_output=True, text=True,
                             check=False)
    if not run.stdout:
        raise SystemExit(f"plan {number}: {run.stderr}")
    return json.loads(run.stdout)["findings"]


GRAVITY = ["NONE", "AS_CONFIGURED", "OUTSIDE_PROMISE", "PROMISE_BROKEN", "UNEXPLAINED"]


def worst(found):
    """The first of the gravest."""
    return max(found, key=lambda finding: GRAVITY.index(finding["class"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fate")
    parser.add_argument("plans", help="A..B")
    parser.add_argument("--bug", default="")
    parser.add_argument("--class", dest="loss_class", default="")
    parser.add_argument("--each", type=int, default=0)
    args = parser.parse_args()
    first, last = map(int, re.fullmatch(r"(\d+)\.\.(\d+)", args.plans).groups())
    kept = {}
    for number in range(first, last + 1):
        name, text = draw(number, args.bug)
        found = losses(args.fate, text, number)
        if not found or args.loss_class not in ("", worst(found)["class"]):
            continue
        how = (worst(found)["class"], worst(found)["cure"])
        kept[how] = kept.get(how, 0) + 1
        if args.each and kept[how] > args.each:
            continue
        print(name, worst(found)["class"], worst(found)["sentence"])
        if args.each:
            with open(os.path.join(HERE, "cases", name + ".textproto"), "w",
                      encoding="utf-8") as out:
                out.write(text)


if __name__ == "__main__":
    main()
