package io.github.finitentk.internal.purejava;

/**
 * Sums over the units of one layer, the coefficients of the Rao-Blackwell recursion: {@code z} unit normal, {@code x}
 * value, {@code s = phi'}, {@code p = s^2}. Names spell the summand.
 */
record LayerSums(
        double x2, double p, double p2, double pX2, double p2X2, double zsX, double z2P, double zsPX, double z2P2) {}
