"""Network-steps per second of full-batch gradient descent on the squared error: 8 networks of width 256 side by side.

PyTorch with a backward pass written by hand (batched matrix products, updates in place), PyTorch as one would write it
(autograd and SGD on stacked weights), and JAX (vmap, grad, the steps inside one compiled loop). All learn the same: first each
is checked against a step of plain autograd on one network at a time.
"""
import argparse
import json
import math

import torch
from timing import measure

RATE = 1e-5


def widths(inputs_dim, width, depth):
    return [inputs_dim] + [width] * (depth - 1) + [1]


def draw(n, networks, dtype, generator):
    """Stacked weights W[l]: networks x n_l x n_{l-1}, b[l]: networks x 1 x n_l."""
    weights = [
        torch.randn(networks, n[l + 1], n[l], dtype=dtype, generator=generator) * math.sqrt(2 / n[l])
        for l in range(len(n) - 1)
    ]
    biases = [torch.randn(networks, 1, n[l + 1], dtype=dtype, generator=generator) for l in range(len(n) - 1)]
    return weights, biases


class ByHand:
    """Every buffer is allocated once; no autograd."""

    def __init__(self, weights, biases, x, y):
        self.w, self.b = [w.clone() for w in weights], [b.clone() for b in biases]
        networks, samples = weights[0].shape[0], x.shape[0]
        self.x = x.expand(networks, -1, -1)
        self.y = y.view(1, -1, 1)
        self.h = [w.new_empty(networks, samples, w.shape[1]) for w in weights]
        self.g = [w.new_empty(networks, samples, w.shape[1]) for w in weights[:-1]]
        self.rate = RATE / samples

    @torch.no_grad()
    def steps(self, count):
        w, b, h, g = self.w, self.b, self.h, self.g
        last = len(w) - 1
        for _ in range(count):
            below = self.x
            for l in range(last + 1):
                torch.baddbmm(b[l], below, w[l].mT, out=h[l])
                if l < last:
                    h[l].relu_()
                below = h[l]
            loss = (h[last] - self.y).square_().mean() / 2  # what a stopping rule looks at
            delta = h[last].sub_(self.y)
            for l in range(last, -1, -1):
                if l > 0:
                    torch.bmm(delta, w[l], out=g[l - 1])
                    g[l - 1].mul_(h[l - 1] > 0)
                w[l].baddbmm_(delta.mT, h[l - 1] if l > 0 else self.x, alpha=-self.rate)
                b[l].sub_(delta.sum(1, keepdim=True), alpha=self.rate)
                if l > 0:
                    delta = g[l - 1]
        return float(loss)


class Idiomatic:
    """Autograd and SGD."""

    def __init__(self, weights, biases, x, y):
        self.w = [w.clone().requires_grad_() for w in weights]
        self.b = [b.clone().requires_grad_() for b in biases]
        self.x, self.y = x.expand(weights[0].shape[0], -1, -1), y.view(1, -1, 1)
        self.optimizer = torch.optim.SGD(self.w + self.b, lr=RATE)

    def steps(self, count):
        for _ in range(count):
            self.optimizer.zero_grad()
            h = self.x
            for l, (w, b) in enumerate(zip(self.w, self.b)):
                h = torch.baddbmm(b, h, w.mT)
                if l < len(self.w) - 1:
                    h = torch.relu(h)
            losses = (h - self.y).square().mean((1, 2)) / 2
            losses.sum().backward()
            self.optimizer.step()
        return float(losses[0].detach())


class Jax:
    """vmap over networks, grad, and fori_loop over steps under one jit."""

    def __init__(self, weights, biases, x, y):
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        self.parameters = [(jnp.asarray(w.numpy()), jnp.asarray(b[:, 0].numpy())) for w, b in zip(weights, biases)]
        x, y = jnp.asarray(x.numpy()), jnp.asarray(y.numpy())

        def loss(parameters):
            h = x
            for l, (w, b) in enumerate(parameters):
                h = h @ w.T + b
                if l < len(parameters) - 1:
                    h = jnp.maximum(h, 0)
            return jnp.mean((h[:, 0] - y) ** 2) / 2

        gradients = jax.vmap(jax.value_and_grad(loss))

        def step(_, state):
            parameters, _ = state
            losses, g = gradients(parameters)
            rate = jnp.asarray(RATE, x.dtype)
            return jax.tree.map(lambda p, d: p - rate * d, parameters, g), losses

        start = jnp.zeros(weights[0].shape[0], x.dtype)
        self.run = jax.jit(
            lambda parameters, count: jax.lax.fori_loop(0, count, step, (parameters, start)), donate_argnums=0
        )

    def steps(self, count):
        self.parameters, losses = self.run(self.parameters, count)
        return float(losses[0])

    @property
    def w(self):
        import numpy

        return [torch.tensor(numpy.asarray(w)) for w, _ in self.parameters]


def check(methods):
    generator = torch.Generator().manual_seed(1)
    n = widths(7, 6, 4)
    weights, biases = draw(n, 2, torch.float64, generator)
    x = torch.randn(5, 7, dtype=torch.float64, generator=generator)
    y = torch.randn(5, dtype=torch.float64, generator=generator)
    expected = [w.clone() for w in weights]
    for k in range(2):
        leaves = [(w[k].clone().requires_grad_(), b[k, 0].clone().requires_grad_()) for w, b in zip(weights, biases)]
        h = x
        for l, (w, b) in enumerate(leaves):
            h = h @ w.T + b
            h = torch.relu(h) if l < len(leaves) - 1 else h
        ((h[:, 0] - y) ** 2).mean().div(2).backward()
        for l, (w, _) in enumerate(leaves):
            expected[l][k] -= RATE * w.grad
    for method in methods:
        trained = method(weights, biases, x, y)
        trained.steps(1)
        for w, e, start in zip(trained.w, expected, weights):
            assert torch.allclose(w.detach() - start, e - start, rtol=1e-9, atol=1e-15), method.__name__


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depths", type=int, nargs="+", default=[3, 10, 20])
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--samples", type=int, default=128)
    parser.add_argument("--dimension", type=int, default=784)
    parser.add_argument("--networks", type=int, default=8)
    parser.add_argument("--precisions", nargs="+", choices=["f32", "f64"], default=["f32", "f64"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    methods = {"PyTorch by hand": ByHand, "PyTorch idiomatic": Idiomatic, "JAX": Jax}
    check(methods.values())
    results = {}
    for precision in a.precisions:
        dtype = {"f32": torch.float32, "f64": torch.float64}[precision]
        for depth in a.depths:
            generator = torch.Generator().manual_seed(1)
            n = widths(a.dimension, a.width, depth)
            weights, biases = draw(n, a.networks, dtype, generator)
            x = torch.randn(a.samples, a.dimension, dtype=dtype, generator=generator)
            y = torch.randn(a.samples, dtype=dtype, generator=generator)
            count = max(3, 120 // depth)
            for name, method in methods.items():
                trained = method(weights, biases, x, y)
                seconds = measure(lambda: trained.steps(count), 7)
                rate = {k: a.networks * count / s for k, s in seconds.items()}
                results[f"{name}, {precision}, L = {depth}"] = rate
                if not a.json:
                    print(f"{name:18s} {precision} L = {depth:2d}   best {rate['best']:7.0f}   "
                          f"median {rate['median']:7.0f} network-steps/s", flush=True)
    if a.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
