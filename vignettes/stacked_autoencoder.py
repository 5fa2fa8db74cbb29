"""The booklet's "Stacked Autoencoder": a deep encoder whose layers are trained one after the other.

A deep autoencoder that is trained all at once converges slowly. Here the first autoencoder learns to reproduce the
digits, the next one to reproduce the hidden layer of the first, and so on; what comes out of the last hidden layer
describes a digit by 20 numbers instead of 784 pixels. A classifier then learns from those.

Run ``python -m vignettes.stacked_autoencoder`` (or ``python vignettes/stacked_autoencoder.py``). With ``--quick`` it
trains on a few rows only, to see that everything works; the figures mean nothing then.
"""

from __future__ import annotations

import argparse

import h2o
from h2o.estimators.deeplearning import H2OAutoEncoderEstimator, H2ODeepLearningEstimator

if __package__:
    from vignettes import mnist
else:  # started as a script: its own folder is on the path
    import mnist  # type: ignore[no-redef]

LAYERS = [200, 100, 20]
QUICK_ROWS = 1000


def train_stack(frame, layers, **parameters):
    """Train one autoencoder for each layer, on the hidden layer of the one before; return all of them."""
    models = []
    for units in layers:
        model = H2OAutoEncoderEstimator(hidden=[units], **parameters)
        model.train(x=frame.names, training_frame=frame)
        models.append(model)
        frame = encode([model], frame, len(models))
    return models


def encode(models, frame, first_layer=1):
    """Send a frame through the hidden layers of all models; the columns are L3.C1, L3.C2 ... of layer 3."""
    for layer, model in enumerate(models, start=first_layer):
        frame = model.deepfeatures(frame, 0)
        frame.names = [name.replace("DF.L1", f"L{layer}") for name in frame.names]
    return frame


def main(arguments=None):
    """Fetch the digits, train the stack, and a classifier on what it gives; print the test error."""
    parser = argparse.ArgumentParser(description="A stacked autoencoder on MNIST, as the booklet advises.")
    parser.add_argument("--quick", action="store_true", help="few rows and one epoch")
    quick = parser.parse_args(arguments).quick
    h2o.init()
    train, test = (h2o.import_file(str(file)) for file in mnist.fetch())
    if quick:
        train, test = train[0:QUICK_ROWS, :], test[0:QUICK_ROWS, :]
    pixels = train.names[0:784]
    models = train_stack(train[pixels], LAYERS, activation="Tanh", epochs=1, seed=1)
    for layer, model in enumerate(models, start=1):
        print(f"Layer {layer}: {LAYERS[layer - 1]} units, reconstruction error {model.mse():.4f}")
    coded = []
    for frame in (train, test):
        codes = encode(models, frame[pixels])
        codes["digit"] = frame["C785"].asfactor()
        coded.append(codes)
    classifier = H2ODeepLearningEstimator(hidden=[100, 100], epochs=1 if quick else 10, seed=1)
    classifier.train(y="digit", training_frame=coded[0], validation_frame=coded[1])
    error = classifier.model_performance(valid=True).confusion_matrix().as_data_frame()["Error"].iloc[-1]
    print(f"Test error of a classifier that sees {LAYERS[-1]} numbers instead of 784 pixels: {error:.2%}")


if __name__ == "__main__":
    main()
