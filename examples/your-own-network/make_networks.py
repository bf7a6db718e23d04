"""Trains three networks on scikit-learn's digits and saves them as their libraries do, with checkpoints along the training:

    sklearn/step-*.npz           scikit-learn's MLPClassifier: coefs_0, intercepts_0, ...; cross-entropy, Adam
    torch/step-*.safetensors     a PyTorch state_dict: 0.weight, 0.bias, 2.weight, ...; half the squared error, gradient descent
    keras/step-*.npz             as Keras names them: dense/kernel, dense/bias, dense_1/kernel, ...; squared error, momentum
    x.npy, labels.npy            the 100 images they are trained on (pixels from 0 to 1) and their classes
    x_test.npy, labels_test.npy  100 others

Needs scikit-learn, torch and safetensors (requirements.txt); run in this folder. The files it made are beside it.
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

STEPS = [0, 1, 10, 100, 1000]
TRAIN, TEST = slice(0, 100), slice(100, 200)


def data():
    digits = load_digits()
    x = (digits.data / 16).astype("float32")
    np.save("x.npy", x[TRAIN])
    np.save("labels.npy", digits.target[TRAIN])
    np.save("x_test.npy", x[TEST])
    np.save("labels_test.npy", digits.target[TEST])
    return x[TRAIN], digits.target[TRAIN]


def folder(name):
    Path(name).mkdir(exist_ok=True)
    return Path(name)


def sklearn_classifier(x, labels):
    """Two hidden layers of 32 tanh units."""
    net = MLPClassifier((32, 32), activation="tanh", batch_size=len(x), learning_rate_init=1e-300, random_state=1)
    net.partial_fit(x, labels, classes=np.arange(10))  # draws the weights; at this rate it leaves them as they are
    net._optimizer.learning_rate_init = 0.005
    out = folder("sklearn")
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            weights = {f"coefs_{i}": w.astype("float32") for i, w in enumerate(net.coefs_)}
            biases = {f"intercepts_{i}": b.astype("float32") for i, b in enumerate(net.intercepts_)}
            np.savez_compressed(out / f"step-{step:04d}.npz", **weights, **biases)
        net.partial_fit(x, labels)


def torch_network(x, labels):
    """Two hidden layers of 128 ReLU units, drawn as eq. (1) draws them with sigma_w^2 = 2, sigma_b^2 = 0; saved in float16."""
    torch.manual_seed(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(64, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    )
    for layer in net[::2]:
        torch.nn.init.normal_(layer.weight, std=(2 / layer.in_features) ** 0.5)
        torch.nn.init.zeros_(layer.bias)
    x, y = torch.tensor(x), torch.nn.functional.one_hot(torch.tensor(labels), 10).float()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02)
    out = folder("torch")
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            save_file({k: v.half() for k, v in net.state_dict().items()}, out / f"step-{step:04d}.safetensors")
        optimizer.zero_grad()
        (0.5 * (net(x) - y).pow(2).sum(1).mean()).backward()
        optimizer.step()


def keras_network(x, labels):
    """One hidden layer of 64 tanh units, Glorot's initialisation, trained in NumPy so that TensorFlow is not needed."""
    rng = np.random.default_rng(1)
    widths, y = [64, 64, 10], np.eye(10)[labels]
    kernels = [rng.uniform(-1, 1, (n, m)) * np.sqrt(6 / (n + m)) for n, m in zip(widths, widths[1:])]
    biases = [np.zeros(m) for m in widths[1:]]
    speeds = [np.zeros_like(p) for p in kernels + biases]
    out = folder("keras")
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            names = ["dense", "dense_1"]
            arrays = {f"{n}/kernel": k.astype("float32") for n, k in zip(names, kernels)}
            arrays |= {f"{n}/bias": b.astype("float32") for n, b in zip(names, biases)}
            np.savez_compressed(out / f"step-{step:04d}.npz", **arrays)
        hidden = np.tanh(x @ kernels[0] + biases[0])
        error = (hidden @ kernels[1] + biases[1] - y) / len(x)
        back = error @ kernels[1].T * (1 - hidden**2)
        gradients = [x.T @ back, hidden.T @ error, back.sum(0), error.sum(0)]
        for parameter, speed, gradient in zip(kernels + biases, speeds, gradients):
            speed *= 0.9
            speed -= 0.05 * gradient
            parameter += speed


if __name__ == "__main__":
    images, classes = data()
    sklearn_classifier(images, classes)
    torch_network(images, classes)
    keras_network(images, classes)
