package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.internal.numeric.GaussianQuadrature;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeadingOrderTest {

    private static LeadingOrder.Moments moments(
            Activation activation, double sigmaW2, double sigmaB2, Architecture network, double norm2, boolean bias) {
        MeanField theory = new MeanField(activation, new Initialization(sigmaW2, sigmaB2));
        return LeadingOrder.of(theory, norm2 / network.inputDim(), network.depth())
                .moments(network, bias);
    }

    @ParameterizedTest
    @CsvSource({
        "tanh, 1.5, 1, 20, 1.8361861",
        "tanh, 3.44321091, 1, 10, 19.3794801",
        "tanh, 6, 1, 10, 49.4951386",
        "erf, 5, 0.5, 8, 39.0424884",
        "relu, 2, 0, 20, 67.7257989",
        "relu, 1, 1, 30, 6.1774808",
    })
    void hasTheGoldenValues(String activation, double sigmaW2, double sigmaB2, int depth, double constant) {
        Architecture network = Architecture.constant(100, 100, depth);
        LeadingOrder.Moments moments = moments(Activations.parse(activation), sigmaW2, sigmaB2, network, 100, true);
        assertThat(moments.constant()).isCloseTo(constant, within(6e-8));
        assertThat(moments.layers()).hasSize(depth - 1);
        assertThat(moments.layers().stream().mapToDouble(d -> d).sum())
                .isCloseTo(moments.relativeVariance(), within(1e-14));
    }

    @Test
    void servesUnequalWidthsAndCutNetworks() {
        Architecture network = Architecture.of(30, 200, 100, 50, 1);
        LeadingOrder.Moments moments = moments(Activations.TANH, 2, 0.3, network, 15, true);
        assertThat(moments.mean().doubleValue()).isCloseTo(138.88933, within(5e-6));
        assertThat(moments.relativeVariance()).isCloseTo(0.06630835, within(5e-9));
        assertThat(moments.width()).isEqualTo(200);
        LeadingOrder deeper = LeadingOrder.of(new MeanField(Activations.TANH, new Initialization(2, 0.3)), 0.5, 9);
        assertThat(deeper.moments(network)).isEqualTo(moments);
        assertThat(deeper.moments(Architecture.of(30, 1)).relativeVariance()).isZero();
    }

    /** Section 14 of the theory as written there: absolute quantities, each average by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"tanh", "erf", "gelu", "sin", "sigmoid", "softplus", "silu", "abs", "leaky-relu(0.2)"})
    void equalsTheSumOfQuadraticForms(String name) {
        Activation phi = Activations.parse(name);
        for (double sigmaB2 : new double[] {0, 0.7}) {
            for (double bias : new double[] {0, 1}) {
                int[] n = {7, 40, 90, 25, 60, 1};
                double sigmaW2 = 1.7;
                double[] expected = quadraticForms(phi, sigmaW2, sigmaB2, n, 5, bias);
                LeadingOrder.Moments moments = moments(phi, sigmaW2, sigmaB2, Architecture.of(n), 5, bias == 1);
                assertThat(moments.mean().doubleValue()).isCloseTo(expected[0], within(1e-11 * expected[0]));
                double variance = moments.relativeVariance() * expected[0] * expected[0];
                assertThat(variance).isCloseTo(expected[1], within(1e-10 * expected[1]));
            }
        }
    }

    private static double average(Activation phi, double v, DoubleUnaryOperator f) {
        return GaussianQuadrature.expectation(f, GaussianQuadrature.borders(0, Math.sqrt(v), phi.kinks()), 1e-13);
    }

    private static double[] quadraticForms(Activation phi, double sw2, double sb2, int[] n, double norm2, double bias) {
        int depth = n.length - 1;
        double[] q = new double[depth];
        double[][] e = new double[depth][];
        q[0] = norm2 / n[0];
        for (int l = 1; l < depth; l++) {
            double v = sw2 * q[l - 1] + sb2;
            double root = Math.sqrt(v);
            DoubleUnaryOperator s = z -> Math.pow(phi.value(root * z), 2);
            DoubleUnaryOperator d = z -> Math.pow(phi.derivative(root * z), 2);
            double square = average(phi, v, s);
            double derivative = average(phi, v, d);
            q[l] = square;
            e[l] = new double[] {
                (average(phi, v, z -> s.applyAsDouble(z) * z * z) - square) / (2 * v),
                sw2 * derivative,
                sw2 * (average(phi, v, z -> d.applyAsDouble(z) * z * z) - derivative) / (2 * v),
                average(phi, v, z -> s.applyAsDouble(z) * s.applyAsDouble(z)) - square * square,
                sw2
                        * sw2
                        * (3 * average(phi, v, z -> d.applyAsDouble(z) * d.applyAsDouble(z)) - derivative * derivative),
                sw2 * (average(phi, v, z -> s.applyAsDouble(z) * d.applyAsDouble(z)) - square * derivative)
            };
        }
        double[] product = new double[depth + 1];
        double[] terms = new double[depth + 1];
        product[depth] = 1;
        for (int l = depth; l >= 1; l--) {
            if (l < depth) {
                product[l] = product[l + 1] * e[l][1];
            }
            terms[l] = product[l] * (n[l - 1] * q[l - 1] + bias);
        }
        double variance = 0;
        double a = 0;
        double b = 0;
        for (int m = depth - 1; m >= 1; m--) {
            a = product[m + 1] * n[m] + (m + 1 < depth ? sw2 * (e[m + 1][0] * a + b * e[m + 1][2]) : 0);
            b = Arrays.stream(terms, 1, m + 1).sum() / e[m][1];
            variance += (a * a * e[m][3] + 2 * a * b * e[m][5] + b * b * e[m][4]) / n[m];
        }
        return new double[] {Arrays.stream(terms).sum(), variance};
    }

    @ParameterizedTest
    @CsvSource({
        "relu, 2, 0, 20, true",
        "relu, 2, 0, 20, false",
        "relu, 1, 1, 30, true",
        "relu, 1, 1, 30, false",
        "relu, 3, 0.5, 12, true",
        "relu, 0.4, 2, 3, true",
        "leaky-relu(0.3), 2, 0.5, 15, true",
        "abs, 1, 0.1, 10, false",
        "identity, 1.2, 0, 10, true"
    })
    void isTheDerivativeOfExactMomentsInOneOverTheWidth(
            String activation, double sigmaW2, double sigmaB2, int depth, boolean bias) {
        Activation linear = Activations.parse(activation);
        Initialization initialization = new Initialization(sigmaW2, sigmaB2);
        double exact = limit(scale -> {
            Architecture network = growing(scale, depth);
            return scale
                    * (ExactMoments.of(new RandomNetwork(network, linear, initialization), 2 * network.inputDim(), bias)
                                    .ratio()
                            - 1);
        });
        double law = limit(scale -> {
            Architecture network = growing(scale, depth);
            return scale
                    * moments(linear, sigmaW2, sigmaB2, network, 2 * network.inputDim(), bias)
                            .relativeVariance();
        });
        assertThat(law).isCloseTo(exact, within(1e-8 * exact));
    }

    /** What figure 15 says of ReLU, whose true ratio is exact. */
    @Test
    void theLawHoldsToATenthAndItsExponentialFurther() {
        int compared = 0;
        for (double sigmaW2 = 1; sigmaW2 <= 6; sigmaW2 += 0.25) {
            LeadingOrder law = LeadingOrder.of(new MeanField(Activations.RELU, new Initialization(sigmaW2, 1)), 1, 50);
            for (int depth = 2; depth <= 50; depth += 4) {
                for (int width : new int[] {50, 200, 1000}) {
                    Architecture network = Architecture.constant(width, width, depth);
                    LeadingOrder.Moments moments = law.moments(network);
                    double excess = moments.relativeVariance();
                    double exact = ExactMoments.of(network, new Initialization(sigmaW2, 1), width)
                            .ratio();
                    if (excess <= 0.1) {
                        assertThat((exact - 1) / excess).isBetween(0.99, 1.12);
                        compared++;
                    }
                    assertThat(Math.log(exact) / excess).isBetween(0.969, sigmaW2 < 2.5 ? 1.35 : 1.15);
                }
            }
        }
        assertThat(compared).isGreaterThan(250);
    }

    private static Architecture growing(int scale, int depth) {
        int[] widths = new int[depth + 1];
        Arrays.setAll(widths, l -> l == depth ? 1 : scale * (1 + l % 3));
        return Architecture.of(widths);
    }

    /** The limit of {@code f(M)} for large M, by extrapolation from three widths. */
    private static double limit(IntToDoubleFunction f) {
        double[] t = {f.applyAsDouble(500_000), f.applyAsDouble(1_000_000), f.applyAsDouble(2_000_000)};
        double first = 2 * t[1] - t[0];
        double second = 2 * t[2] - t[1];
        return (4 * second - first) / 3;
    }

    @Test
    void reluHasNoCorrectionOfTheMean() {
        for (double sigmaB2 : new double[] {0, 0.8}) {
            assertThat(moments(Activations.RELU, 2.4, sigmaB2, Architecture.of(7, 3, 20, 5, 1), 4.2, true)
                            .meanCorrection())
                    .isCloseTo(0, within(1e-15));
        }
    }

    /** The same averages by quadrature across the kink as in closed form. */
    @Test
    void kinksAreIntegratedAsAccuratelyAsClosedForms() {
        Activation closed = Activations.leakyRelu(0.3);
        Activation numeric = new Activation() {
            @Override
            public String label() {
                return "numeric";
            }

            @Override
            public double value(double h) {
                return closed.value(h);
            }

            @Override
            public double derivative(double h) {
                return closed.derivative(h);
            }

            @Override
            public double[] kinks() {
                return closed.kinks();
            }
        };
        Architecture network = Architecture.constant(20, 30, 12);
        LeadingOrder.Moments expected = moments(closed, 1.9, 0.2, network, 31, true);
        LeadingOrder.Moments found = moments(numeric, 1.9, 0.2, network, 31, true);
        assertThat(found.relativeVariance())
                .isCloseTo(expected.relativeVariance(), within(1e-12 * expected.relativeVariance()));
        assertThat(found.meanCorrection()).isCloseTo(0, within(1e-13));
    }

    @Test
    void nothingOverflowsInDeepNetworks() {
        // E[Theta] = 10^4000 and more, or 10^-4000: the ratio depends on depth over width alone
        Architecture deep = Architecture.constant(100, 100, 4000);
        LeadingOrder.Moments huge = moments(Activations.RELU, 20, 0, deep, 100, false);
        LeadingOrder.Moments tiny = moments(Activations.RELU, 0.2, 0, deep, 100, false);
        assertThat(huge.mean().log()).isCloseTo(3999 * Math.log(10) + Math.log(400_000), within(1e-8));
        assertThat(huge.relativeVariance()).isCloseTo(tiny.relativeVariance(), within(1e-9 * huge.relativeVariance()));
        // far out gelu is relu
        double gelu = moments(Activations.GELU, 20, 0, deep, 1e40, false).relativeVariance();
        assertThat(gelu).isCloseTo(huge.relativeVariance(), within(1e-9 * gelu));
        // near 0 tanh is the identity
        LeadingOrder.Moments tanh = moments(Activations.TANH, 0.2, 0, deep, 1e-30, false);
        LeadingOrder.Moments linear = moments(Activations.IDENTITY, 0.2, 0, deep, 1e-30, false);
        assertThat(tanh.relativeVariance())
                .isCloseTo(linear.relativeVariance(), within(1e-9 * tanh.relativeVariance()));
        LeadingOrder.Moments chaotic = moments(Activations.TANH, 100, 1, Architecture.constant(10, 10, 2000), 10, true);
        assertThat(chaotic.mean().log()).isGreaterThan(2000);
        assertThat(chaotic.relativeVariance()).isFinite().isGreaterThan(100);
    }

    @Test
    void zeroInputsAndBadArguments() {
        // nothing reaches phi: Theta = 1, the output's bias
        assertThat(moments(Activations.RELU, 2, 0, Architecture.of(4, 3, 3, 1), 0, true))
                .satisfies(m -> assertThat(m.mean().doubleValue()).isEqualTo(1))
                .satisfies(m -> assertThat(m.relativeVariance()).isZero());
        // a linear network at the input 0: Theta = 1 + |delta^1|^2, whose variance is 2/n
        assertThat(moments(Activations.TANH, 1, 0, Architecture.of(4, 50, 1), 0, true))
                .satisfies(m -> assertThat(m.mean().doubleValue()).isEqualTo(2))
                .satisfies(m -> assertThat(m.relativeVariance()).isCloseTo(2.0 / 50 / 4, within(1e-16)));
        LeadingOrder.Moments nothing = moments(Activations.RELU, 2, 0, Architecture.of(4, 3, 1), 0, false);
        assertThat(nothing.mean().doubleValue()).isZero();
        assertThat(nothing.ratio()).isNaN();
        MeanField theory = new MeanField(Activations.TANH, new Initialization(2, 1));
        assertThatThrownBy(() -> LeadingOrder.of(theory, -1, 3)).isInstanceOf(IllegalArgumentException.class);
        LeadingOrder law = LeadingOrder.of(theory, 1, 3);
        assertThatThrownBy(() -> law.moments(Architecture.constant(5, 5, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The averages are known for 3 weight layers, but the network has 4.");
        assertThatThrownBy(() -> law.smallestWidth(width -> Architecture.constant(5, width, 3), 1, 1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("above 1, not 1.0");
    }

    @Test
    void smallestWidthIsTheLastOneUnderTheTolerance() {
        LeadingOrder law = LeadingOrder.of(new MeanField(Activations.GELU, new Initialization(2, 0.1)), 1, 8);
        int width = law.smallestWidth(n -> Architecture.constant(784, n, 8), 1.05, 100_000_000)
                .orElseThrow();
        assertThat(law.moments(Architecture.constant(784, width, 8)).lognormalRatio())
                .isLessThanOrEqualTo(1.05);
        assertThat(law.moments(Architecture.constant(784, width - 1, 8)).lognormalRatio())
                .isGreaterThan(1.05);
        assertThat(law.smallestWidth(n -> Architecture.constant(784, n, 8), 1.05, width - 1))
                .isEqualTo(OptionalInt.empty());
        assertThat(law.smallestWidth(n -> Architecture.constant(784, n, 1), 1.05, 100))
                .hasValue(1);
    }
}
