"""NNGP and NTK of a set of inputs in the infinite-width limit with neural-tangents."""
import argparse
import resource

import jax
import numpy as np
from neural_tangents import stax
from timing import measure, report

jax.config.update("jax_enable_x64", True)


def kernel_function(activation, depth, sigma_w2, sigma_b2):
    layers = []
    for _ in range(depth - 1):
        layers += [stax.Dense(1, W_std=sigma_w2**0.5, b_std=sigma_b2**0.5), activation]
    layers.append(stax.Dense(1, W_std=sigma_w2**0.5, b_std=sigma_b2**0.5))
    return jax.jit(lambda x: stax.serial(*layers)[2](x, None, ("nngp", "ntk")))


def check():
    # ReLU at sigma_w^2 = 2, sigma_b^2 = 0 keeps the norm: K(x, x) = 2 |x|^2 / n_0, NTK = L K.
    x = np.array([[1.0, 2.0, 2.0]])
    kernel = kernel_function(stax.Relu(), 3, 2.0, 0.0)(x)
    # Equal inputs cost neural-tangents half of its digits: it finds 17.99999997.
    assert abs(kernel.nngp[0, 0] - 6) < 1e-12 and abs(kernel.ntk[0, 0] - 18) < 1e-7


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1024)
    parser.add_argument("--depth", type=int, default=50)
    parser.add_argument("--input-dim", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    check()
    x = np.random.default_rng(1).normal(size=(a.samples, a.input_dim))
    x *= np.sqrt(a.input_dim) / np.linalg.norm(x, axis=1, keepdims=True)
    results = {}
    for name, activation in (("erf", stax.Erf()), ("relu", stax.Relu())):
        run = kernel_function(activation, a.depth, 2.0, 0.1)
        results[f"neural-tangents {name}, S={a.samples}, L={a.depth}"] = measure(lambda: jax.block_until_ready(run(x)))
    report(results, a.json)
    if not a.json:
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
