"""The S x S empirical NTK of one ReLU network in PyTorch: a hand-written layer-wise backward pass, no gradient formed."""
import argparse
import math

import torch
from timing import measure, report


def network(width, depth, dtype, generator):
    n = [width] * depth + [1]
    return [
        (
            torch.randn(n[l + 1], n[l], dtype=dtype, generator=generator) * math.sqrt(2 / n[l]),
            torch.randn(n[l + 1], dtype=dtype, generator=generator) * math.sqrt(0.1),
        )
        for l in range(depth)
    ]


@torch.no_grad()
def ntk(parameters, x):
    activations, masks = [x], []
    for w, b in parameters[:-1]:
        h = torch.addmm(b, activations[-1], w.T)
        masks.append(h > 0)
        activations.append(torch.relu_(h))
    theta = activations[-1] @ activations[-1].T + 1
    delta = parameters[-1][0].expand(x.shape[0], -1) * masks[-1]
    for l in range(len(parameters) - 2, -1, -1):
        theta.addcmul_(delta @ delta.T, activations[l] @ activations[l].T + 1)
        if l > 0:
            delta = (delta @ parameters[l][0]) * masks[l - 1]
    return theta


def check():
    generator = torch.Generator().manual_seed(1)
    parameters = network(6, 4, torch.float64, generator)
    x = torch.randn(3, 6, dtype=torch.float64, generator=generator)
    leaves = [t.requires_grad_() for pair in parameters for t in pair]
    rows = []
    for s in range(3):
        h = x[s]
        for l in range(4):
            h = leaves[2 * l] @ h + leaves[2 * l + 1]
            h = torch.relu(h) if l < 3 else h
        rows.append(torch.cat([g.flatten() for g in torch.autograd.grad(h[0], leaves)]))
    jacobian = torch.stack(rows)
    assert torch.allclose(ntk(parameters, x), jacobian @ jacobian.T, rtol=1e-10)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--inputs", type=int, default=128)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    check()
    generator = torch.Generator().manual_seed(1)
    results = {}
    for name, dtype in (("f32", torch.float32), ("f64", torch.float64)):
        parameters = network(a.width, a.depth, dtype, generator)
        x = torch.randn(a.inputs, a.width, dtype=dtype, generator=generator)
        for threads in (1, 2):
            torch.set_num_threads(threads)
            results[f"PyTorch layer-wise, {name}, {threads} thread(s)"] = measure(lambda: ntk(parameters, x), 200)
    report(results, a.json)


if __name__ == "__main__":
    main()
