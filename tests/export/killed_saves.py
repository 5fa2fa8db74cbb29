"""Saves a model again and again in a child process, kills it at any moment, and looks at what stands there.

``python killed_saves.py <folder> <rounds>`` prints how often the old and the new model were found. It is a program of its
own: a process that has used the engine should not be forked, this one only saves and loads.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter

import numpy as np
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.export.model_file import read_model, write_model
from heavywater.frame.columns.makers import numeric
from heavywater.frame.frame import Frame
from heavywater.session import JobHandle, LocalSession


def models() -> list:
    """Two models that differ; large enough for a save to take some milliseconds."""
    session = LocalSession(nthreads=1)
    x = np.random.default_rng(1).normal(size=(50, 20))
    session.store.put_frame(Frame([f"x{k}" for k in range(20)], [numeric(v) for v in x.T]), "data")
    for seed in (1, 2):
        parameters = {"hidden": [200, 100], "epochs": 1, "seed": seed, "model_id": f"seed_{seed}"}
        train = session.training.train
        JobHandle(
            session, train("deeplearning", parameters, x=None, y="x0", training_frame_key="data")
        ).wait()
    return [session.store.get(f"seed_{seed}", DeepLearningModel) for seed in (1, 2)]


def save_for_ever(path: str, both: list, ready: int) -> None:
    for number in range(10**9):
        write_model(both[number % 2], path, force=True)
        if number == 0:
            os.write(ready, b"!")  # from here on each save replaces one


def main(folder: str, rounds: int) -> None:
    both, path, moment = models(), os.path.join(folder, "model"), random.Random(5)
    found: Counter[str] = Counter()
    parts = 0
    for _ in range(rounds):
        out, ready = os.pipe()
        child = os.fork()
        if child == 0:
            save_for_ever(path, both, ready)
        os.read(out, 1)
        time.sleep(moment.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(out)
        os.close(ready)
        model = read_model(path)[0]
        expected = both[int(model.key[-1]) - 1]
        assert all(map(np.array_equal, model.network.weights, expected.network.weights))
        found[model.key] += 1
        left = [name for name in os.listdir(folder) if name != "model"]
        assert all(name.startswith(".model.") and name.endswith(".part") for name in left)
        assert len(left) <= 1  # what the one before has left is gone
        parts += len(left)
    write_model(both[0], path, force=True)
    assert os.listdir(folder) == ["model"]
    print(found["seed_1"], found["seed_2"], parts)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
