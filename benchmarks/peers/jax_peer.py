"""JAX: vmap, grad and jit, one compiled function for the work; the steps of a training inside one compiled loop."""
import math

import jax
import jax.numpy as jnp
import numpy
from worker import serve, some

jax.config.update("jax_enable_x64", True)


def forward(parameters, x, activation):
    for l, (w, b) in enumerate(parameters):
        x = x @ w.T + b
        if l < len(parameters) - 1:
            x = jnp.maximum(x, 0) if activation == "relu" else jnp.tanh(x)
    return x


def layers(problem):
    w, b = problem.layers()
    return [(jnp.asarray(v), jnp.asarray(c)) for v, c in zip(w, b)]


def kernel(problem):
    parameters, x = layers(problem), jnp.asarray(problem.array("x"))

    def one(p):
        rows = jax.vmap(jax.grad(lambda q, s: forward(q, s, "relu")[0]), (None, 0))(p, x)
        flat = [g.reshape(len(x), -1) for g in jax.tree.leaves(rows)]
        return sum(g @ g.T for g in flat)

    thetas = jax.jit(lambda p: jax.lax.map(one, p, batch_size=10))
    return lambda: thetas(parameters)


def variance(problem):
    n = [problem.M] * problem.L + [1]
    x = jnp.ones(problem.M)

    def theta(parameters):
        return sum(jnp.vdot(g, g) for g in jax.tree.leaves(jax.grad(lambda p: forward(p, x, "tanh")[0])(parameters)))

    def draw(key):
        keys = jax.random.split(key, 2 * problem.L)
        return [
            (
                jax.random.normal(keys[2 * l], (n[l + 1], n[l])) * math.sqrt(2 / n[l]),
                jax.random.normal(keys[2 * l + 1], (n[l + 1],)),
            )
            for l in range(problem.L)
        ]

    thetas = jax.jit(
        lambda key: jax.lax.map(lambda k: theta(draw(k)), jax.random.split(key, problem.B), batch_size=10)
    )

    def run(times):
        for k in range(times):
            t = thetas(jax.random.PRNGKey(k))
            float((t**2).mean() / t.mean() ** 2)

    return lambda: jax.vmap(theta)(layers(problem)), run


def training(problem):
    parameters = layers(problem)
    x, y = jnp.asarray(problem.array("x")), jnp.asarray(problem.array("y"))

    def loss(p):
        f = forward(p, x, "relu")
        if problem.optimizer == "adam":
            return -(jax.nn.log_softmax(f, 1) * y).sum(1).mean()
        return jnp.mean((f - y) ** 2) / 2

    gradients = jax.vmap(jax.value_and_grad(loss))
    rate = jnp.asarray(problem.rate, x.dtype)

    def step(_, state):
        p, m, v, t, _ = state
        losses, g = gradients(p)
        t = t + 1
        if problem.optimizer == "adam":
            m = jax.tree.map(lambda a, d: 0.9 * a + 0.1 * d, m, g)
            v = jax.tree.map(lambda a, d: 0.999 * a + 0.001 * d * d, v, g)
            c, s = rate / (1 - 0.9**t), 1 / (1 - 0.999**t)
            p = jax.tree.map(lambda a, b, d: a - c * b / (jnp.sqrt(d * s) + 1e-8), p, m, v)
        else:
            p = jax.tree.map(lambda a, d: a - rate * d, p, g)
        return p, m, v, t, losses

    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters) if problem.optimizer == "adam" else ()
    state = [(parameters, zeros(), zeros(), jnp.zeros((), x.dtype), jnp.zeros(problem.B, x.dtype))]
    advance = jax.jit(lambda s, count: jax.lax.fori_loop(0, count, step, s))

    def run(times):
        state[0] = jax.block_until_ready(advance(state[0], times))

    def check():
        run(10)
        weights = numpy.asarray(state[0][0][0][0]).reshape(problem.B, -1)
        return numpy.concatenate([numpy.concatenate([[state[0][4][k]], weights[k, :50]]) for k in range(problem.B)])

    return check, run


def prepare(problem):
    if problem.work == "variance":
        return variance(problem)
    if problem.work == "training":
        return training(problem)
    if problem.work == "cholesky":
        a, b = jnp.asarray(problem.array("a")), jnp.asarray(problem.array("b"))
        solve = jax.jit(lambda: jax.scipy.linalg.cho_solve(jax.scipy.linalg.cho_factor(a, lower=True), b))
    else:
        solve = kernel(problem)

    def run(times):
        for _ in range(times):
            jax.block_until_ready(solve())

    return lambda: some(solve()), run


if __name__ == "__main__":
    serve(prepare)
