package io.github.finitentk.internal.numeric;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;

/**
 * The Gauss-Legendre rule with {@code n} nodes: exact for polynomials of degree {@code 2n - 1}.
 *
 * <p>Nodes are the roots of the Legendre polynomial {@code P_n}, found by Newton's method from the usual cosine
 * estimate (Abramowitz and Stegun 25.4.29); nodes and weights are right to about 2e-16. Immutable; shared instances.
 */
public final class GaussLegendre {

    private static final ConcurrentHashMap<Integer, GaussLegendre> RULES = new ConcurrentHashMap<>();

    private final double[] nodes;
    private final double[] weights;

    private GaussLegendre(int n) {
        nodes = new double[n];
        weights = new double[n];
        for (int i = 0; i < n; i++) {
            double x = StrictMath.cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 0;
            for (int step = 0; step < 100; step++) {
                double previous = 0;
                double current = 1;
                for (int k = 1; k <= n; k++) {
                    double next = ((2 * k - 1) * x * current - (k - 1) * previous) / k;
                    previous = current;
                    current = next;
                }
                slope = n * (x * current - previous) / (x * x - 1);
                double change = current / slope;
                x -= change;
                if (Math.abs(change) < 1e-16) {
                    break;
                }
            }
            nodes[i] = x;
            weights[i] = 2 / ((1 - x * x) * slope * slope);
        }
    }

    /**
     * @param n the number of nodes, 1 to 200
     * @throws IllegalArgumentException if {@code n} is outside that range
     */
    public static GaussLegendre of(int n) {
        if (n < 1 || n > 200) {
            throw new IllegalArgumentException("A Gauss-Legendre rule has 1 to 200 nodes, not " + n + ".");
        }
        return RULES.computeIfAbsent(n, GaussLegendre::new);
    }

    public int size() {
        return nodes.length;
    }

    /** Node {@code i} on [-1, 1]. */
    public double node(int i) {
        return nodes[i];
    }

    /** Weight {@code i}; the weights add up to 2. */
    public double weight(int i) {
        return weights[i];
    }

    /** The rule's value of the integral of {@code f} from {@code a} to {@code b}. */
    public double integrate(DoubleUnaryOperator f, double a, double b) {
        double middle = 0.5 * (a + b);
        double half = 0.5 * (b - a);
        double sum = 0;
        for (int i = 0; i < nodes.length; i++) {
            sum += weights[i] * f.applyAsDouble(middle + half * nodes[i]);
        }
        return half * sum;
    }
}
