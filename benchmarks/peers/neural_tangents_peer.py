"""neural-tangents: kernels of infinite width, and the empirical kernel of a given network by its default rules."""
import jax
import jax.numpy as jnp
import neural_tangents as nt
import numpy
from neural_tangents import stax
from worker import serve, some

jax.config.update("jax_enable_x64", True)


def infinite(problem):
    # tanh has no closed form there: a quadrature of 25 nodes for each pair and layer.
    activation = {
        "erf": stax.Erf(),
        "relu": stax.Relu(),
        "tanh": stax.ElementwiseNumerical(jnp.tanh, deg=25, df=lambda z: 1 - jnp.tanh(z) ** 2),
    }[problem.activation]
    dense = lambda: stax.Dense(1, W_std=2**0.5, b_std=0.1**0.5)
    layers = [layer for _ in range(problem.L - 1) for layer in (dense(), activation)] + [dense()]
    function = jax.jit(lambda x: stax.serial(*layers)[2](x, None, ("nngp", "ntk")))
    x = problem.array("x")
    return lambda: function(x)


def empirical(problem):
    w, b = problem.layers()
    parameters = [(jnp.asarray(v[0]), jnp.asarray(c[0])) for v, c in zip(w, b)]
    x = jnp.asarray(problem.array("x"))

    def forward(p, x):
        for l, (v, c) in enumerate(p):
            x = x @ v.T + c
            x = jnp.maximum(x, 0) if l < len(p) - 1 else x
        return x

    function = jax.jit(nt.empirical_ntk_fn(forward, vmap_axes=0, implementation=nt.NtkImplementation.STRUCTURED_DERIVATIVES))
    return lambda: function(x, None, parameters)


def prepare(problem):
    work = infinite(problem) if problem.work == "infinite" else empirical(problem)

    def run(times):
        for _ in range(times):
            jax.block_until_ready(work())

    def check():
        kernel = work()
        if problem.work == "infinite":
            return numpy.concatenate([some(kernel.nngp), some(kernel.ntk)])
        return some(kernel)

    return check, run


if __name__ == "__main__":
    serve(prepare)
