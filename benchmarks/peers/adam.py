"""Steps per second of a classifier's training by Adam: cross-entropy, mini-batches of 1,024, 10 outputs, M = 300, L = 20.

PyTorch with a backward pass written by hand into buffers that are allocated once, and its fused Adam; and PyTorch as one would
write it (autograd, fused Adam). Both learn the same, which is checked first. Seconds are those of the processor.
"""
import argparse
import json
import math
import statistics
import time

import torch

RATE = 1e-5


def draw(n, dtype, generator):
    weights = [torch.randn(b, a, dtype=dtype, generator=generator) * math.sqrt(2 / a) for a, b in zip(n, n[1:])]
    return weights, [torch.randn(b, dtype=dtype, generator=generator) * 0.3 for b in n[1:]]


class Method:
    def __init__(self, weights, biases, x, labels, batch):
        self.w, self.b = [w.clone() for w in weights], [b.clone() for b in biases]
        self.x, self.labels, self.batch, self.at, self.order = x, labels, batch, len(x), None

    def rows(self):
        """The next mini-batch in a random order of this epoch."""
        if self.at >= len(self.x):
            self.order, self.at = torch.randperm(len(self.x), generator=torch.Generator().manual_seed(1)), 0
        rows = self.order[self.at : self.at + self.batch]
        self.at += self.batch
        return self.x[rows], self.labels[rows]


class ByHand(Method):
    def __init__(self, *problem):
        super().__init__(*problem)
        for p in self.w + self.b:
            p.grad = torch.empty_like(p)
        self.h = [self.x.new_empty(self.batch, len(b)) for b in self.b]
        self.g = [torch.empty_like(h) for h in self.h]
        self.optimizer = torch.optim.Adam(self.w + self.b, lr=RATE, fused=True)

    @torch.no_grad()
    def steps(self, count):
        w, b, h, g = self.w, self.b, self.h, self.g
        last = len(w) - 1
        for _ in range(count):
            x, labels = self.rows()
            below = x
            for l in range(last + 1):
                torch.addmm(b[l], below, w[l].T, out=h[l])
                below = h[l].relu_() if l < last else h[l]
            log_softmax = torch.log_softmax(h[last], 1)
            loss = -log_softmax.gather(1, labels[:, None]).mean()
            torch.exp(log_softmax, out=g[last])
            g[last].scatter_add_(1, labels[:, None], -torch.ones_like(labels, dtype=x.dtype)[:, None])
            g[last].div_(len(x))
            for l in range(last, -1, -1):
                torch.mm(g[l].T, h[l - 1] if l > 0 else x, out=w[l].grad)
                torch.sum(g[l], 0, out=b[l].grad)
                if l > 0:
                    torch.mm(g[l], w[l], out=g[l - 1])
                    g[l - 1].mul_(h[l - 1] > 0)
            self.optimizer.step()
        return float(loss)


class Idiomatic(Method):
    def __init__(self, *problem):
        super().__init__(*problem)
        for p in self.w + self.b:
            p.requires_grad_()
        self.optimizer = torch.optim.Adam(self.w + self.b, lr=RATE, fused=True)

    def steps(self, count):
        for _ in range(count):
            h, labels = self.rows()
            for l, (w, b) in enumerate(zip(self.w, self.b)):
                h = torch.addmm(b, h, w.T)
                h = torch.relu(h) if l < len(self.w) - 1 else h
            self.optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(h, labels)
            loss.backward()
            self.optimizer.step()
        return float(loss.detach())


METHODS = {"PyTorch by hand": ByHand, "PyTorch idiomatic": Idiomatic}


def problem(n, samples, batch, dtype):
    generator = torch.Generator().manual_seed(1)
    x = torch.rand(samples, n[0], dtype=dtype, generator=generator) * 2 - 1
    return *draw(n, dtype, generator), x, torch.arange(samples) % n[-1], batch


def check():
    made = [method(*problem([7, 6, 6, 3], 12, 4, torch.float64)) for method in METHODS.values()]
    losses = [method.steps(5) for method in made]
    assert math.isclose(*losses, rel_tol=1e-12), losses
    for first, second in zip(made[0].w, made[1].w):
        assert torch.allclose(first, second.detach(), rtol=1e-9, atol=1e-12)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=300)
    parser.add_argument("--depth", type=int, default=20)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--samples", type=int, default=4096)
    parser.add_argument("--precisions", nargs="+", choices=["f32", "f64"], default=["f32", "f64"])
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(1)
    check()
    n = [784] + [a.width] * (a.depth - 1) + [10]
    results = {}
    for precision in a.precisions:
        dtype = {"f32": torch.float32, "f64": torch.float64}[precision]
        for name, method in METHODS.items():
            trained = method(*problem(n, a.samples, a.batch, dtype))
            trained.steps(2)
            seconds = []
            for _ in range(a.repetitions):
                start = time.process_time()
                trained.steps(4)
                seconds.append((time.process_time() - start) / 4)
            results[f"{name}, {precision}"] = {"best": 1 / min(seconds), "median": 1 / statistics.median(seconds)}
            if not a.json:
                row = results[f"{name}, {precision}"]
                print(f"{name:18s} {precision}   best {row['best']:6.2f}   median {row['median']:6.2f} steps/s", flush=True)
    if a.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
