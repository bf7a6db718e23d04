package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LanczosTest {

    private static final LinearAlgebra ALGEBRA = Backend.pureJava().linearAlgebra();

    private static double[] start(int n, int which) {
        Random random = new Random(which);
        return random.doubles(n, -1, 1).toArray();
    }

    /** Of a diagonal matrix, turned by a reflection {@code I - 2 u u^T}, which leaves its eigenvalues alone. */
    private static UnaryOperator<double[]> turned(double... eigenvalues) {
        int n = eigenvalues.length;
        double[] u = start(n, 99);
        double square = 0;
        for (double entry : u) {
            square += entry * entry;
        }
        double norm2 = square;
        UnaryOperator<double[]> reflection = v -> {
            double product = 0;
            for (int i = 0; i < n; i++) {
                product += u[i] * v[i];
            }
            double[] w = v.clone();
            for (int i = 0; i < n; i++) {
                w[i] -= 2 * product / norm2 * u[i];
            }
            return w;
        };
        return v -> {
            double[] w = reflection.apply(v);
            for (int i = 0; i < n; i++) {
                w[i] *= eigenvalues[i];
            }
            return reflection.apply(w);
        };
    }

    private static Lanczos lanczos(UnaryOperator<double[]> operator, int n, List<double[]> deflated) {
        return new Lanczos(n, operator, deflated, which -> start(n, which), ALGEBRA);
    }

    @Test
    void allStepsGiveAllEigenvaluesEvenRepeatedOnes() {
        double[] eigenvalues = {7, 7, 5, 3, 3, 3, 1, 0, 0, -2};
        Lanczos lanczos = lanczos(turned(eigenvalues), 10, List.of());
        int steps = 0;
        while (lanczos.step()) {
            steps++;
        }
        assertThat(steps).isEqualTo(10);
        assertThat(lanczos.ritz().values()).containsExactly(eigenvalues, within(1e-13));
    }

    @Test
    void residualsBoundTheErrorAndVectorsAreEigenvectors() {
        int n = 200;
        double[] eigenvalues = new double[n];
        for (int i = 0; i < n; i++) {
            eigenvalues[i] = Math.pow(0.8, i);
        }
        UnaryOperator<double[]> operator = turned(eigenvalues);
        Lanczos lanczos = lanczos(operator, n, List.of());
        for (int step = 0; step < 25; step++) {
            assertThat(lanczos.step()).isTrue();
        }
        Lanczos.Ritz ritz = lanczos.ritz();
        assertThat(ritz.residuals()[0]).isLessThan(1e-11);
        for (int i = 0; i < 12; i++) {
            assertThat(ritz.values()[i]).isCloseTo(eigenvalues[i], within(ritz.residuals()[i] + 1e-14));
            double[] u = lanczos.vector(ritz.vectors()[i]);
            double[] image = operator.apply(u);
            double residual = 0;
            for (int k = 0; k < n; k++) {
                residual += Math.pow(image[k] - ritz.values()[i] * u[k], 2);
            }
            assertThat(Math.sqrt(residual)).isCloseTo(ritz.residuals()[i], within(1e-13));
        }
    }

    /** {@code v^T A^p v} of the normalised start vector, exact for p < 2m. */
    @Test
    void weightsAreThoseOfGaussianQuadrature() {
        int n = 30;
        double[] eigenvalues = start(n, 5);
        UnaryOperator<double[]> operator = turned(eigenvalues);
        Lanczos lanczos = lanczos(operator, n, List.of());
        for (int step = 0; step < 4; step++) {
            lanczos.step();
        }
        double[] v = start(n, 0);
        double norm2 = 0;
        for (double entry : v) {
            norm2 += entry * entry;
        }
        Lanczos.Ritz ritz = lanczos.ritz();
        double[] power = v;
        for (int p = 0; p < 8; p++) {
            double exact = 0;
            for (int i = 0; i < n; i++) {
                exact += v[i] * power[i] / norm2;
            }
            double quadrature = 0;
            for (int i = 0; i < 4; i++) {
                quadrature += ritz.weights()[i] * Math.pow(ritz.values()[i], p);
            }
            assertThat(quadrature).isCloseTo(exact, within(1e-13));
            power = operator.apply(power);
        }
    }

    @Test
    void deflationLeavesTheRest() {
        UnaryOperator<double[]> operator = turned(5, 4, 3, 2, 1, 0.5);
        Lanczos all = lanczos(operator, 6, List.of());
        while (all.step()) {}
        double[] first = all.vector(all.ritz().vectors()[0]);
        Lanczos rest = lanczos(operator, 6, List.of(first));
        while (rest.step()) {}
        assertThat(rest.ritz().values()).containsExactly(new double[] {4, 3, 2, 1, 0.5}, within(1e-13));
    }
}
