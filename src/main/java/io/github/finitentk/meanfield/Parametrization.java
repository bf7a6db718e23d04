package io.github.finitentk.meanfield;

/** How an NTK weighs the layers; the network's output law (NNGP) is the same. */
public enum Parametrization {
    /** {@code W ~ N(0, sigmaW2 / n)}, trained as such: {@code Theta = sum_l p^l (n_{l-1} qhat^{l-1} + 1)}. The paper's. */
    STANDARD,
    /** {@code W = sigmaW / sqrt(n) omega, b = sigmaB beta}, omega and beta trained: {@code Theta = sum_l p^l q^l}. */
    NTK
}
