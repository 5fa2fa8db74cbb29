# %% [markdown]
# # One model, four ways out
#
# The same rows are predicted by Python, by an ONNX runtime, by a compiled C function, by a MOJO and by a service over HTTP.
# What differs is rounding.

# %%
import ctypes
import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import h2o
import numpy as np
import onnxruntime
import pandas as pd
from h2o.estimators import H2ODeepLearningEstimator

h2o.init(verbose=False)
h2o.no_progress()
folder = Path(tempfile.mkdtemp())
patients = h2o.load_dataset("prostate").as_data_frame().drop(columns="ID")
patients["RACE"] = patients["RACE"].map({0: "unknown", 1: "white", 2: "black"})
patients["CAPSULE"] = patients["CAPSULE"].map({0: "no", 1: "yes"})
model = H2ODeepLearningEstimator(hidden=[30, 30], epochs=20, seed=1, reproducible=True, model_id="capsule")
model.train(y="CAPSULE", training_frame=patients)
rows = patients.drop(columns="CAPSULE").head(50)
found = {"Python": model.predict(rows)["yes"].to_numpy()}

# %% [markdown]
# **ONNX**: one input for each column, texts for categories.

# %%
model.to_onnx(str(folder))
graph = onnxruntime.InferenceSession(folder / "capsule.onnx")
cells = {name: rows[[name]].to_numpy(object if name == "RACE" else float) for name in rows.columns}
found["ONNX"] = graph.run(["probabilities"], cells)[0][:, 1]

# %% [markdown]
# **C**: a function without allocation; here it is called from Python, as any library.

# %%
model.to_c(str(folder))
subprocess.run(
    ["cc", "-O2", "-std=c99", "-shared", "-fPIC", "-o", "capsule.so", "capsule.c", "-lm"],
    cwd=folder,
    check=True,
)
library = ctypes.CDLL(str(folder / "capsule.so"))
header = (folder / "capsule.h").read_text()
size = {
    name: int(re.findall(rf"capsule_{name} = (\d+)", header)[0])
    for name in ("NUMBERS", "TEXTS", "OUTPUTS", "WORKSPACE")
}
names = [
    [text.decode() for text in (ctypes.c_char_p * size[kind.upper()]).in_dll(library, f"capsule_{kind}")]
    for kind in ("numbers", "texts")
]


def scored(row):
    """The probability of a row."""
    numbers = (ctypes.c_double * size["NUMBERS"])(*(row[name] for name in names[0]))
    texts = (ctypes.c_char_p * size["TEXTS"])(*(row[name].encode() for name in names[1]))
    outputs, space = (ctypes.c_double * size["OUTPUTS"])(), (ctypes.c_double * size["WORKSPACE"])()
    library.capsule_score(numbers, texts, outputs, space)
    return outputs[1]


found["C"] = np.array([scored(row) for row in rows.to_dict("records")])

# %% [markdown]
# **MOJO**: what H2O-3, Spark and Java programs read; here it is read back.

# %%
model.download_mojo(str(folder))
found["MOJO"] = h2o.import_mojo(str(folder / "capsule.zip")).predict(rows)["yes"].to_numpy()

# %% [markdown]
# **HTTP**: `h2o serve --model capsule`.

# %%
model.download_model(str(folder))
command = [sys.executable, "-m", "h2o", "serve", "--json", "--port", "0", "--model", str(folder / "capsule")]
with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as service:
    address = json.loads(service.stdout.readline())["url"]
    body = rows.to_json(orient="records").encode()
    asked = urllib.request.Request(f"{address}/score/capsule", body, {"Content-Type": "application/json"})
    answers = json.load(urllib.request.urlopen(asked))["predictions"]
    service.terminate()
found["HTTP"] = np.array([answer["yes"] for answer in answers])

# %%
files = {"ONNX": "capsule.onnx", "C": "capsule.c", "MOJO": "capsule.zip", "HTTP": "capsule"}
table = pd.DataFrame(
    {
        name: {
            "largest difference": f"{abs(found[name] - found['Python']).max():.1e}",
            "kB": round((folder / file).stat().st_size / 1000),
        }
        for name, file in files.items()
    }
)
print(table.T.to_string())

# %% [markdown]
# Further: [models for other programs](../exporting.md), [scoring as a service](../scoring.md),
# [deploying](../guide/deploying.md).
