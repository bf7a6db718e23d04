"""PyTorch: as one would write it (autograd, torch.func), by hand (batched products into the gradients of preactivations), and with
nngeometry."""
import math

import torch
from worker import serve, some


def tensors(problem):
    w, b = problem.layers()
    return [torch.from_numpy(a) for a in w], [torch.from_numpy(a) for a in b]


@torch.no_grad()
def kernels(w, b, x, activation):
    """Theta of B networks without a gradient of parameters: B x S x S."""
    h, states, slopes = x.expand(len(w[0]), -1, -1), [], []
    for l in range(len(w)):
        states.append(h)
        h = torch.baddbmm(b[l].unsqueeze(1), h, w[l].mT)
        if l < len(w) - 1:
            h = torch.relu(h) if activation == "relu" else torch.tanh(h)
            slopes.append((h > 0).to(h.dtype) if activation == "relu" else 1 - h * h)
    theta = torch.bmm(states[-1], states[-1].mT) + 1
    delta = None
    for l in range(len(w) - 2, -1, -1):
        delta = (w[-1].expand(-1, x.shape[0], -1) if delta is None else torch.bmm(delta, w[l + 1])) * slopes[l]
        theta += torch.bmm(delta, delta.mT) * (torch.bmm(states[l], states[l].mT) + 1)
    return theta


def forward(parameters, x, activation):
    for l, (w, b) in enumerate(parameters):
        x = w @ x + b
        if l < len(parameters) - 1:
            x = torch.relu(x) if activation == "relu" else torch.tanh(x)
    return x


def jacobian_kernels(w, b, x, activation):
    """The same from gradients of all parameters, as tutorials have it."""

    def one(*flat):
        parameters = list(zip(flat[: len(w)], flat[len(w) :]))
        gradient = torch.func.grad(lambda p, s: forward(p, s, activation)[0])
        rows = torch.func.vmap(gradient, (None, 0))(parameters, x)
        return sum(g.flatten(1) @ g.flatten(1).T for pair in rows for g in pair)

    chunk = 1 if w[0].shape[0] * x.shape[0] * sum(a[0].numel() for a in w) > 3e7 else None
    return torch.func.vmap(one, chunk_size=chunk)(*w, *b)


def with_nngeometry(w, b, x):
    from nngeometry.gram import GramMatrix

    layers = []
    for l in range(len(w)):
        linear = torch.nn.Linear(w[l].shape[2], w[l].shape[1], dtype=x.dtype)
        linear.weight.data, linear.bias.data = w[l][0], b[l][0]
        layers += [linear, torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x[:, 0]), batch_size=len(x))
    return lambda: GramMatrix(model=model, loader=loader).to_torch().reshape(len(x), len(x))


def variance(problem):
    n = [problem.M] * problem.L + [1]
    dtype = torch.float64
    x = torch.ones(1, problem.M, dtype=dtype)
    chunk = 10 if problem.form == "idiomatic" else 25  # networks at a time: what is fastest, and 200 large ones do not fit

    def thetas(w, b):
        if problem.form == "by-hand":
            return kernels(w, b, x, "tanh").reshape(-1)
        gradients = torch.func.vmap(torch.func.grad(lambda p: forward(p, x[0], "tanh")[0]))(list(zip(w, b)))
        return sum((g * g).flatten(1).sum(1) for pair in gradients for g in pair)

    def draw(count):
        w = [torch.randn(count, n[l + 1], n[l], dtype=dtype).mul_(math.sqrt(2 / n[l])) for l in range(problem.L)]
        return w, [torch.randn(count, n[l + 1], dtype=dtype) for l in range(problem.L)]

    def run(times):
        for _ in range(times):
            t = torch.cat([thetas(*draw(min(chunk, problem.B - k))) for k in range(0, problem.B, chunk)])
            float((t**2).mean() / t.mean() ** 2)

    return lambda: thetas(*tensors(problem)), run


class ByHand:
    """Buffers that are allocated once, no autograd; Adam is PyTorch's fused one."""

    def __init__(self, problem, w, b, x, y):
        self.w, self.b, self.x, self.y = w, [a.unsqueeze(1) for a in b], x.expand(len(w[0]), -1, -1), y
        self.h = [a.new_empty(len(a), len(x), a.shape[1]) for a in w]
        self.g = [torch.empty_like(h) for h in self.h]
        self.rate, self.adam = problem.rate / len(x), None
        if problem.optimizer == "adam":
            for p in self.w + self.b:
                p.grad = torch.empty_like(p)
            self.adam = torch.optim.Adam(self.w + self.b, lr=problem.rate, fused=True)

    @torch.no_grad()
    def steps(self, count):
        w, b, h, g = self.w, self.b, self.h, self.g
        last = len(w) - 1
        for _ in range(count):
            below = self.x
            for l in range(last + 1):
                torch.baddbmm(b[l], below, w[l].mT, out=h[l])
                below = h[l].relu_() if l < last else h[l]
            if self.adam:
                logs = torch.log_softmax(h[last], 2)
                loss = -(logs * self.y).sum(2).mean(1)
                torch.sub(logs.exp(), self.y, out=g[last]).div_(len(self.y))
            else:
                torch.sub(h[last], self.y, out=g[last])
                loss = g[last].square().mean((1, 2)) / 2
            for l in range(last, -1, -1):
                below = h[l - 1] if l > 0 else self.x
                if l > 0:
                    torch.bmm(g[l], w[l], out=g[l - 1])
                    g[l - 1].mul_(h[l - 1] > 0)
                if self.adam:
                    torch.bmm(g[l].mT, below, out=w[l].grad)
                    torch.sum(g[l], 1, keepdim=True, out=b[l].grad)
                else:
                    w[l].baddbmm_(g[l].mT, below, alpha=-self.rate)
                    b[l].sub_(g[l].sum(1, keepdim=True), alpha=self.rate)
            if self.adam:
                self.adam.step()
        return loss


class Idiomatic:
    """Autograd and torch.optim on stacked weights."""

    def __init__(self, problem, w, b, x, y):
        self.w, self.b = [a.requires_grad_() for a in w], [a.unsqueeze(1).requires_grad_() for a in b]
        self.x, self.y, self.classifies = x.expand(len(w[0]), -1, -1), y, problem.optimizer == "adam"
        parameters = self.w + self.b
        adam = self.classifies
        self.optimizer = (
            torch.optim.Adam(parameters, lr=problem.rate) if adam else torch.optim.SGD(parameters, lr=problem.rate)
        )

    def steps(self, count):
        for _ in range(count):
            self.optimizer.zero_grad()
            h = self.x
            for l, (w, b) in enumerate(zip(self.w, self.b)):
                h = torch.baddbmm(b, h, w.mT)
                h = torch.relu(h) if l < len(self.w) - 1 else h
            if self.classifies:
                losses = -(torch.log_softmax(h, 2) * self.y).sum(2).mean(1)
            else:
                losses = (h - self.y).square().mean((1, 2)) / 2
            losses.sum().backward()
            self.optimizer.step()
        return losses.detach()


def training(problem):
    w, b = tensors(problem)
    x, y = torch.from_numpy(problem.array("x")), torch.from_numpy(problem.array("y"))
    method = (ByHand if problem.form == "by-hand" else Idiomatic)(problem, w, b, x, y)

    def check():
        loss = method.steps(10)  # of the weights before the last one
        return [n for k in range(len(w[0])) for n in (float(loss[k]), *method.w[0][k].detach().reshape(-1)[:50].tolist())]

    return check, method.steps


def prepare(problem):
    torch.set_num_threads(problem.threads)
    if problem.work == "variance":
        return variance(problem)
    if problem.work == "training":
        return training(problem)
    if problem.work == "cholesky":
        a, b = torch.from_numpy(problem.array("a")), torch.from_numpy(problem.array("b"))
        solve = lambda: torch.cholesky_solve(b[:, None], torch.linalg.cholesky(a))[:, 0]
    else:
        (w, b), x = tensors(problem), torch.from_numpy(problem.array("x"))
        solve = {
            "by-hand": lambda: kernels(w, b, x, "relu"),
            "idiomatic": lambda: jacobian_kernels(w, b, x, "relu"),
            "nngeometry": with_nngeometry(w, b, x) if problem.form == "nngeometry" else None,
        }[problem.form]

    def run(times):
        for _ in range(times):
            solve()

    return lambda: some(solve().detach().numpy()), run


if __name__ == "__main__":
    serve(prepare)
