"""Solves chains that kcheck risk --export drn has written, with Storm: one line for each file, the least and the greatest risk.

    python3 storm.py FILE.drn ...

Of a message it is the expected sum of W x time over the states before the send, from home until the return home, over the
expected time, with W the probability of a loss after the send; of a record the probability of a loss before the return
home, over the expected time until either.
"""

import os
import sys
import tempfile

import stormpy


def read(path):
    """The states of a file: labels, and actions with their name, reward and distribution."""
    states = []
    with open(path) as lines:
        for line in lines:
            words = line.split()
            if line.startswith("state"):
                states.append((set(words[3:]), []))
            elif words[:1] == ["action"] and states:
                states[-1][1].append((words[1], float(words[2].strip("[]")), []))
            elif len(words) == 3 and words[1] == ":":
                states[-1][1][-1][2].append((int(words[0]), words[2]))
    return states


def write(states, path):
    """A file of states, each with labels and actions."""
    with open(path, "w") as out:
        choices = sum(len(actions) for _, actions in states)
        out.write(f"@type: MDP\n@parameters\n\n@reward_models\nr\n@nr_states\n{len(states)}\n@nr_choices\n{choices}\n@model\n")
        for n, (labels, actions) in enumerate(states):
            out.write(f"state {n} [0] {' '.join(sorted(labels))}\n")
            for i, (_, reward, to) in enumerate(actions):
                out.write(f"\taction {i} [{reward!r}]\n")
                out.writelines(f"\t\t{t} : {p}\n" for t, p in to)


def solve(states, formula):
    """The value of every state."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.drn")
        write(states, path)
        model = stormpy.build_model_from_drn(path)
    env = stormpy.environments.sound()
    minmax = env.solver().min_max()
    minmax.relative_termination_criterion = True
    minmax.precision = stormpy.Rational("1/1000000000")
    result = stormpy.model_checking(model, stormpy.parse_properties(formula)[0], only_initial_states=False, environment=env)
    return [float(result.get_value(s)) for s in range(len(states))]


def cycle(states, reward):
    """The states before the send, or of a record, with a beginning of its own, so that home is where a cycle ends."""
    home = next(n for n, (labels, _) in enumerate(states) if "init" in labels)
    out = []
    for n, (labels, actions) in enumerate(states):
        name, time, to = actions[0]
        kept = [(name, reward(n, time), to)] + [a for a in actions[1:] if a[0] != "send"]
        out.append((labels - {"init"}, kept))
    name, time, to = states[home][1][0]
    out.append(({"init"}, [(name, reward(home, time), to)]))
    return out


def risk(path, best):
    """The least or the greatest risk."""
    states = read(path)
    if any("open" in labels for labels, _ in states):
        sys.exit(f"{path}: not all states were explored")
    if not any("lost" in labels for labels, _ in states):
        return 0.0
    low, high = ("min", "max") if best else ("max", "min")
    sent = {n: to[0][0] for n, (_, actions) in enumerate(states) for name, _, to in actions if name == "send"}
    clock = cycle(states, lambda n, time: time)
    if not sent:
        loss = solve(clock, f'P{low}=? [ !"home" U "lost" ]')[-1]
        return loss / solve(clock, f'R{high}=? [ F ("home" | "lost") ]')[-1]
    after = [(labels, [a for a in actions if a[0] != "send"]) for labels, actions in states]
    lost = solve(after, f'P{low}=? [ F "lost" ]')
    if not any(lost[s] for s in sent.values()):
        return 0.0
    weighted = cycle(states, lambda n, time: lost[sent[n]] * time if n in sent else 0.0)
    return solve(weighted, f'R{low}=? [ F "home" ]')[-1] / solve(clock, f'R{high}=? [ F "home" ]')[-1]


for file in sys.argv[1:]:
    print(repr(risk(file, True)), repr(risk(file, False)))
