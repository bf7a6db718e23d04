#!/usr/bin/env python3
"""Fits the polynomials behind the elementary functions and writes them in C++ and in Java.

Both languages get the same literals and the same order of operations: that is what makes their results bit-identical.
Needs mpmath (pip install mpmath). Run from the repository root; the output is deterministic.

Method: weighted least squares at Chebyshev nodes in 60-digit arithmetic, which comes within a small factor of the
minimax error. The weight turns the polynomial's error into the relative error of the function it serves. Coefficients
are rounded to the working precision one by one, lowest first, and the remaining ones fitted again, so that the error
reported in the comments (largest value on a fine grid, in exact arithmetic) is that of the rounded coefficients.
"""

import struct

from mpmath import atanh, cos, erf, erfc, exp, expm1, log, lu_solve, matrix, mp, mpf, nstr, pi, sin, sqrt

mp.dps = 60

CPP = "src/main/cpp/ntk/simd/polynomials.h"
JAVA = "src/main/java/io/github/finitentk/internal/numeric/Polynomials.java"


def round_to(precision, x):
    x = float(x)
    return x if precision == "double" else struct.unpack("f", struct.pack("f", x))[0]


def chebyshev_nodes(lo, hi, m):
    return [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * i + 1) / (2 * m)) for i in range(m)]


def fit(samples, terms, fixed):
    free = terms - len(fixed)
    a = matrix(len(samples), free)
    b = matrix(len(samples), 1)
    for i, (x, f, w) in enumerate(samples):
        for k in range(free):
            a[i, k] = w * x ** (k + len(fixed))
        b[i] = w * (f - sum(mpf(c) * x**k for k, c in enumerate(fixed)))
    solution = lu_solve(a, b)
    return [solution[i] for i in range(free)]


def rounded_fit(precision, f, weight, lo, hi, degree):
    samples = [(x, f(x), weight(x)) for x in chebyshev_nodes(lo, hi, 5 * degree + 15)]
    fixed = []
    while len(fixed) <= degree:
        fixed.append(round_to(precision, fit(samples, degree + 1, fixed)[0]))
    error = mpf(0)
    for x in chebyshev_nodes(lo, hi, 1500) + [lo, hi]:
        error = max(error, abs(weight(x) * (f(x) - sum(mpf(c) * x**k for k, c in enumerate(fixed)))))
    return fixed, error


# Each function is written so that the removable singularity at 0 keeps full precision.
def expm1_tail(r):
    return (expm1(r) - r) / r**2 if abs(r) > mpf(10) ** -20 else mpf(1) / 2


def atanh_tail(z):
    return (2 * atanh(sqrt(z)) - 2 * sqrt(z)) / sqrt(z) ** 3 if z > mpf(10) ** -18 else mpf(2) / 3 + 2 * z / 5


def sin_tail(z):
    return (sin(sqrt(z)) / sqrt(z) - 1) / z if z > mpf(10) ** -15 else -mpf(1) / 6 + z / 120


def cos_tail(z):
    return (cos(sqrt(z)) - 1 + z / 2) / z**2 if z > mpf(10) ** -10 else mpf(1) / 24 - z / 720


def erf_ratio(z):
    return erf(sqrt(z)) / sqrt(z) if z > mpf(10) ** -30 else 2 / sqrt(pi) * (1 - z / 3)


def erf_centre(z):
    return erf_ratio(z) - 1


def normal_centre(z):
    return erf_ratio(z / 2) / sqrt(mpf(8))


def unmap(t, k):
    return k * (1 + t) / (1 - t)


def polynomials():
    """(name, argument, formula, {precision: (f, weight, lo, hi, degree, domain text)})"""
    half = log(2) / 2 * mpf("1.001")
    quarter = (pi / 4 * mpf("1.0005")) ** 2
    relative_exp = lambda r: r * r / abs(expm1(r)) if r else mpf(0)
    yield "expm1Tail", "r", "(expm1(r) - r) / r^2", {
        p: (expm1_tail, relative_exp, -half, half, d, "|r| <= log(2)/2") for p, d in (("double", 9), ("float", 4))
    }
    yield "logTail", "z", "(2 atanh(s) - 2 s) / s^3 with z = s^2", {
        "double": (atanh_tail, lambda z: z / 2, mpf(0), mpf("0.02945"), 6, "s = f/(2+f), 1/sqrt(2) <= 1+f <= sqrt(2)")
    }
    yield "log1pTail", "z", "(2 atanh(s) - 2 s) / s^3 with z = s^2", {
        p: (atanh_tail, lambda z: z / 2, mpf(0), mpf("0.1112"), d, "|s| <= 1/3") for p, d in (("double", 9), ("float", 3))
    }
    yield "sinTail", "z", "(sin(r) - r) / r^3 with z = r^2", {
        p: (sin_tail, lambda z: z / (1 + z * sin_tail(z)), mpf(0), quarter, d, "|r| <= pi/4")
        for p, d in (("double", 5), ("float", 2))
    }
    yield "cosTail", "z", "(cos(r) - 1 + r^2/2) / r^4 with z = r^2", {
        p: (cos_tail, lambda z: z * z / cos(sqrt(z)), mpf(0), quarter, d, "|r| <= pi/4")
        for p, d in (("double", 5), ("float", 2))
    }
    yield "erfCentre", "z", "erf(x) / x - 1 with z = x^2", {
        p: (erf_centre, lambda z: 1 / erf_ratio(z), mpf(0), c * c, d, f"|x| <= {nstr(c, 3)}")
        for p, c, d in (("double", mpf(1), 11), ("float", mpf("0.75"), 5))
    }

    def outer(k, c, top, degree):
        f = lambda t: exp(unmap(t, k) ** 2) * erfc(unmap(t, k)) * (unmap(t, k) + k)
        w = lambda t: exp(-unmap(t, k) ** 2) / (unmap(t, k) + k) / erf(unmap(t, k))
        text = f"k = {nstr(k, 3)}, {nstr(c, 3)} <= x <= {nstr(top, 3)}"
        return f, w, (c - k) / (c + k), (top - k) / (top + k), degree, text

    yield "erfcOuter", "t", "(x + k) exp(x^2) erfc(x) with t = (x - k) / (x + k)", {
        "double": outer(mpf("2.5"), mpf(1), mpf(6), 11),
        "float": outer(mpf("2.5"), mpf("0.75"), mpf(4), 5),
    }

    yield "normalCentre", "z", "(Phi(x) - 1/2) / x with z = x^2", {
        p: (normal_centre, lambda z: sqrt(z) * mpf("4.5"), mpf(0), mpf("0.5625"), d, "|x| <= 0.75")
        for p, d in (("double", 8), ("float", 4))
    }

    def mills(k, top, degree):
        f = lambda t: exp(unmap(t, k) ** 2 / 2) * erfc(unmap(t, k) / sqrt(mpf(2))) / 2 * (unmap(t, k) + k)
        return f, lambda t: 1 / f(t), mpf(-1), (top - k) / (top + k), degree, f"k = {nstr(k, 3)}, 0 <= x <= {nstr(top, 3)}"

    yield "millsTail", "t", "(x + k) exp(x^2/2) Phi(-x) with t = (x - k) / (x + k)", {
        "double": mills(mpf(5), mpf(38), 22),
        "float": mills(mpf(4), mpf(14), 9),
    }


def literal(precision, c):
    mantissa, exponent = c.hex().split("p")
    mantissa = mantissa.rstrip("0").rstrip(".")
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}p{int(exponent)}" + ("f" if precision == "float" else "")


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def main():
    cpp = [
        "// Written by scripts/fit_polynomials.py, which describes the method; change that and run it again.",
        "// Polynomials.java holds the same literals in the same order.",
        "// No include guard on purpose: simd/elementary.h includes this once, inside its level namespace.",
    ]
    java = [
        "package io.github.finitentk.internal.numeric;",
        "",
        "/**",
        " * The polynomials behind {@link Elementary} and {@link ElementaryFloat}. Written by {@code",
        " * scripts/fit_polynomials.py}, which describes the method; the native core has the same literals in the same order.",
        " */",
        "final class Polynomials {",
        "    private Polynomials() {}",
    ]
    for name, x, formula, variants in polynomials():
        for precision, (f, weight, lo, hi, degree, domain) in variants.items():
            coefficients, error = rounded_fit(precision, f, weight, lo, hi, degree)
            bound = f"2^{nstr(log(error, 2), 4)}"
            print(name, precision, degree, bound, flush=True)
            comment = f"{formula}; {domain}."
            accuracy = f"Degree {degree}; relative error of the function it serves below {bound}."
            lines = [f"{precision} p = {literal(precision, coefficients[-1])};"]
            lines += [f"p = p * {x} + {literal(precision, c)};" for c in reversed(coefficients[:-1])]
            lines[1:] = [line.replace("+ -", "- ") for line in lines[1:]]
            # In C++ also of several vectors of doubles; the float's overload is the better match for a float.
            double = precision == "double"
            of = "Doubles" if double else precision
            cpp += ["", f"// {comment}", f"// {accuracy}"] + ["template <class Doubles>"] * double
            cpp += [f"NTK_INLINE {of} {snake(name)}({of} {x}) {{", "    " + lines[0].replace(precision, of, 1)]
            cpp += ["    " + line for line in lines[1:]] + ["    return p;", "}"]
            java += ["", f"    /** {comment} {accuracy} */" if len(comment + accuracy) < 106 else ""]
            if len(comment + accuracy) >= 106:
                java[-1:] = ["    /**", f"     * {comment}", "     *", f"     * <p>{accuracy}", "     */"]
            java += [f"    static {precision} {name}({precision} {x}) {{"]
            java += ["        " + line for line in lines] + ["        return p;", "    }"]
    java.append("}")
    for path, lines in ((CPP, cpp), (JAVA, java)):
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines).replace("<=", "&lt;=" if path == JAVA else "<=") + "\n")


if __name__ == "__main__":
    main()
