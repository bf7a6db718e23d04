/**
 * Mean-field theory of wide networks: the recursions of eqs (5) to (9), phases and their boundary, infinite-width
 * kernels and learning-rate bounds; moments of finite networks, exact for piecewise linear activations, to first order in 1/width
 * for all.
 *
 * <p>Conventions. {@code sigmaW2} and {@code sigmaB2} are variances; weights have variance {@code sigmaW2 / M_{l-1}}
 * (fan-in); depth L counts weight layers; the last layer is linear with one output. {@code q^l} is the variance of a
 * preactivation of layer l = 1 … L, {@code qhat^l} the second moment of an activation of layer l = 0 … L - 1, with
 * {@code qhat^0 = |x|^2 / M_0}. Everything is double precision.
 */
package io.github.finitentk.meanfield;
