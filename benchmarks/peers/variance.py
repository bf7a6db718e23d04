"""E[Theta(x,x)^2] / E[Theta(x,x)]^2 over random networks drawn with all their weights, as a researcher would write it."""
import argparse
import math

from timing import measure, report

# Networks that are held at once; all 200 of the larger ones would take 40 GB.
CHUNK = 10


def widths(width, depth):
    return [width] * depth + [1]


def torch_ratio(width, depth, draws, sigma_w2, sigma_b2):
    import torch

    n = widths(width, depth)
    x = torch.ones(width, dtype=torch.float64)  # |x|^2 = M_0 = M

    def output(parameters):
        h = x
        for layer, (w, b) in enumerate(parameters):
            h = w @ h + b
            if layer < depth - 1:
                h = torch.tanh(h)
        return h[0]

    gradients = torch.func.vmap(torch.func.grad(output))

    def draw(networks):
        parameters = [
            (
                torch.randn(networks, n[l + 1], n[l], dtype=torch.float64) * math.sqrt(sigma_w2 / n[l]),
                torch.randn(networks, n[l + 1], dtype=torch.float64) * math.sqrt(sigma_b2),
            )
            for l in range(depth)
        ]
        squares = [(g * g).flatten(1).sum(1) for pair in gradients(parameters) for g in pair]
        return parameters, torch.stack(squares).sum(0)

    def run():
        thetas = torch.cat([draw(min(CHUNK, draws - first))[1] for first in range(0, draws, CHUNK)])
        return float((thetas**2).mean() / thetas.mean() ** 2)

    def check():
        parameters, theta = draw(1)
        leaves = [t[0].clone().requires_grad_() for pair in parameters for t in pair]
        explicit = torch.autograd.grad(output([(leaves[2 * l], leaves[2 * l + 1]) for l in range(depth)]), leaves)
        assert abs(float(sum((g * g).sum() for g in explicit)) / float(theta[0]) - 1) < 1e-10

    return run, check


def jax_ratio(width, depth, draws, sigma_w2, sigma_b2):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    n = widths(width, depth)
    x = jnp.ones(width)

    def output(parameters):
        h = x
        for layer, (w, b) in enumerate(parameters):
            h = w @ h + b
            if layer < depth - 1:
                h = jnp.tanh(h)
        return h[0]

    def theta(key):
        keys = jax.random.split(key, 2 * depth)
        parameters = [
            (
                jax.random.normal(keys[2 * l], (n[l + 1], n[l])) * math.sqrt(sigma_w2 / n[l]),
                jax.random.normal(keys[2 * l + 1], (n[l + 1],)) * math.sqrt(sigma_b2),
            )
            for l in range(depth)
        ]
        return sum(jnp.vdot(g, g) for pair in jax.grad(output)(parameters) for g in pair)

    thetas = jax.jit(lambda key: jax.lax.map(theta, jax.random.split(key, draws), batch_size=CHUNK))

    def run():
        t = thetas(jax.random.PRNGKey(0)).block_until_ready()
        return float((t**2).mean() / t.mean() ** 2)

    return run, lambda: None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=100)
    parser.add_argument("--depth", type=int, default=50)
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--sigma-w2", type=float, default=2)
    parser.add_argument("--sigma-b2", type=float, default=1)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    results = {}
    for name, make in (("PyTorch", torch_ratio), ("JAX", jax_ratio)):
        make(5, 3, 2, a.sigma_w2, a.sigma_b2)[1]()
        run, _ = make(a.width, a.depth, a.draws, a.sigma_w2, a.sigma_b2)
        results[f"{name}, M={a.width}, L={a.depth}, {a.draws} draws"] = measure(run, a.repetitions)
    report(results, a.json)


if __name__ == "__main__":
    main()
