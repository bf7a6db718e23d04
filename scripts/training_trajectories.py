"""Trajectories of small trainings by PyTorch in f64: what PyTorchTrajectoriesTest compares both backends with.

    python scripts/training_trajectories.py src/test/resources/io/github/finitentk/training/pytorch-trajectories.json

Weights, inputs and targets come from formulas, and the order of mini-batches from Philox 4x32-10 as the documentation of
BatchOrder says, so that the file holds results only. Written with PyTorch 2.x on a CPU.
"""
import json
import sys

import torch

torch.set_default_dtype(torch.float64)
MASK = 0xFFFFFFFF
SEED = 11
SAMPLES, STEPS, RATE = 7, 40, 0.02


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c


def derive(seed, index):
    words = philox([index & MASK, index >> 32, 0x204B544E, 0x0079656B], [seed & MASK, seed >> 32])
    return words[:2]


def order(epoch, key):
    """Fisher and Yates from the last place down, place i with the upper half of 64-bit word i of (key, epoch)."""
    places = list(range(SAMPLES))
    for i in range(SAMPLES - 1, 0, -1):
        upper = philox([i // 2, 0, epoch & MASK, epoch >> 32], key)[2 * (i % 2) + 1]
        other = upper * (i + 1) >> 32
        places[i], places[other] = places[other], places[i]
    return places


def formula(count, shift):
    return torch.tensor([((7 * i + shift) % 23 - 11) / 12 for i in range(count)])


def network(widths):
    size = sum(n * (m + 1) for m, n in zip(widths, widths[1:]))
    numbers, layers, at = formula(size, 3), [], 0
    for m, n in zip(widths, widths[1:]):
        layer = torch.nn.Linear(m, n)
        with torch.no_grad():
            layer.weight.copy_(numbers[at : at + n * m].view(n, m))
            layer.bias.copy_(numbers[at + n * m : at + n * (m + 1)])
        layers += [layer, torch.nn.Tanh()]
        at += n * (m + 1)
    return torch.nn.Sequential(*layers[:-1])


def targets(loss, outputs):
    y = formula(SAMPLES * outputs, 5).view(SAMPLES, outputs)
    return torch.softmax(y, 1) if loss == "cross-entropy" else y


def loss_of(loss, f, y):
    if loss == "cross-entropy":
        return torch.nn.functional.cross_entropy(f, y)
    return (f - y).square().sum() / len(f) / (2 if loss == "half-mse" else 1)


def train(optimizer, loss, widths, batch):
    net, x, y = network(widths), formula(SAMPLES * widths[0], 1).view(SAMPLES, -1), targets(loss, widths[-1])
    steps_of = {
        "gd": lambda p: torch.optim.SGD(p, lr=RATE),
        "momentum": lambda p: torch.optim.SGD(p, lr=RATE, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=RATE),
    }[optimizer](net.parameters())
    key, epoch_steps = derive(SEED, 0), -(-SAMPLES // batch)
    for t in range(STEPS):
        places = order(t // epoch_steps, key)[t % epoch_steps * batch :][:batch] if batch < SAMPLES else range(SAMPLES)
        rows = list(places)
        steps_of.zero_grad()
        loss_of(loss, net(x[rows]), y[rows]).backward()
        steps_of.step()
    return {
        "optimizer": optimizer,
        "loss": loss,
        "widths": widths,
        "batch": batch,
        "targets": y.flatten().tolist(),
        "final_loss": loss_of(loss, net(x), y).item(),
        "parameters": torch.cat([p.detach().flatten() for p in net.parameters()]).tolist(),
    }


def main():
    cases = [
        train(optimizer, loss, widths, batch)
        for optimizer in ("gd", "momentum", "adam")
        for loss, widths in (("half-mse", [3, 4, 1]), ("mse", [3, 4, 2]), ("cross-entropy", [3, 4, 3]))
        for batch in (SAMPLES, 3)
    ]
    with open(sys.argv[1], "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
