package io.github.finitentk.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is known of a kernel's eigenvalues.
 *
 * @param order of the kernel
 * @param method how they were found
 * @param eigenvalues the largest, descending
 * @param residuals {@code |Theta u - lambda u|} of each: there is an eigenvalue within that distance, and the error of a well separated one is of
 *     the order of its square; 0 from the dense kernel, whose errors are rounding's
 * @param density trace, determinant and where the eigenvalues lie; from the dense kernel, or if it was asked for
 * @param products of the kernel with a vector; 0 for the dense one
 */
public record SpectrumEstimate(
        int order,
        Method method,
        List<Double> eigenvalues,
        List<Double> residuals,
        Optional<Density> density,
        long products) {

    /** How eigenvalues are found. */
    public enum Method {
        /** From the kernel matrix. */
        DENSE,
        /** By products with the kernel, which is never formed. */
        LANCZOS;

        /** {@code dense} or {@code lanczos}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is no such label (case does not matter) */
        public static Method parse(String label) {
            for (Method method : values()) {
                if (method.label().equals(label.toLowerCase(Locale.ROOT))) {
                    return method;
                }
            }
            throw new IllegalArgumentException(
                    "There is no method \"" + label + "\" of spectra; there are dense and lanczos.");
        }
    }

    /**
     * A number with its standard error over probes; 0 if it is exact but for rounding, NaN for a single probe.
     *
     * @param value the number
     * @param error its standard error
     */
    public record Estimate(double value, double error) {}

    /**
     * How many eigenvalues lie in an interval.
     *
     * @param from its lower end; 0 in the last one, which also counts rounding's negative ones
     * @param to its upper end
     * @param count the number
     */
    public record Bin(double from, double to, Estimate count) {}

    /**
     * Sums over all eigenvalues.
     *
     * @param trace their sum
     * @param logDeterminant the sum of their logarithms; minus infinity if one is not positive, for example by rounding
     * @param bins from the largest down, four to a factor of ten
     * @param probes random vectors that they were estimated with; 0 from the dense kernel
     */
    public record Density(Estimate trace, Estimate logDeterminant, List<Bin> bins, int probes) {

        public Density {
            bins = List.copyOf(bins);
        }
    }

    public SpectrumEstimate {
        eigenvalues = List.copyOf(eigenvalues);
        residuals = List.copyOf(residuals);
    }
}
