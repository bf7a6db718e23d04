package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmpiricalNtkTest {

    private static final Network NETWORK = new RandomNetwork(
                    Architecture.of(3, 5, 4, 1), Activations.TANH, new Initialization(1.5, 0.3))
            .sample(Seed.of(2));
    private static final Inputs X = Inputs.onSphere(4, 3, Seed.of(6));

    static List<Engine> engines() {
        return List.of(Engine.single(Backend.fastest()), Engine.single(Backend.pureJava()));
    }

    private static EmpiricalNtk ntk(Network network, Engine engine) {
        return new KernelEvaluation(network, X, engine).evaluate();
    }

    /** Gradients by central differences of the outputs, whose error is of the order of the step squared. */
    @ParameterizedTest
    @MethodSource("engines")
    void isTheGramMatrixOfTheGradients(Engine engine) {
        EmpiricalNtk ntk = ntk(NETWORK, engine);
        double[] parameters = NETWORK.parameters();
        double step = 1e-5;
        double[][] gradients = new double[parameters.length][];
        for (int w = 0; w < parameters.length; w++) {
            double[] up = outputs(parameters, w, step, engine);
            double[] down = outputs(parameters, w, -step, engine);
            gradients[w] = new double[X.count()];
            for (int s = 0; s < X.count(); s++) {
                gradients[w][s] = (up[s] - down[s]) / (2 * step);
            }
        }
        for (int s = 0; s < X.count(); s++) {
            for (int r = 0; r < X.count(); r++) {
                double sum = 0;
                for (double[] gradient : gradients) {
                    sum += gradient[s] * gradient[r];
                }
                assertThat(ntk.theta().get(s, r)).isCloseTo(sum, within(1e-8));
            }
        }
        assertThat(ntk.theta().statistics().asymmetry()).isZero();
    }

    private static double[] outputs(double[] parameters, int w, double change, Engine engine) {
        double[] changed = parameters.clone();
        changed[w] += change;
        Network network = new Network(NETWORK.architecture(), changed).with(Activations.TANH);
        return ntk(network, engine).output(0);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void isAValue(Engine engine) {
        EmpiricalNtk ntk = ntk(NETWORK, engine);
        assertThat(ntk).isEqualTo(ntk(NETWORK, engine)).hasSameHashCodeAs(ntk(NETWORK, engine));
        assertThat(ntk).isNotEqualTo(ntk(NETWORK.with(Activations.ERF), engine));
        ntk.outputs()[0][0] = 9;
        ntk.output(0)[0] = 9;
        assertThat(ntk).isEqualTo(ntk(NETWORK, engine));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void misuseGetsOneSentence(Engine engine) {
        Network weights = new Network(NETWORK.architecture(), NETWORK.parameters());
        assertThatThrownBy(() -> ntk(weights, engine))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("This network has weights but no activation");
        Inputs transposed = Inputs.of(3, 4, X.toArray());
        assertThatThrownBy(() -> new KernelEvaluation(NETWORK, transposed, engine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Inputs of dimension 3 are needed, but these are 3 inputs of dimension 4; transposed?"
                        + " Each row is one input.");
        Inputs other = Inputs.of(new double[5]);
        assertThatThrownBy(() -> new KernelEvaluation(NETWORK, other, engine))
                .hasMessage("Inputs of dimension 3 are needed, but these are 1 input of dimension 5.");
        Kernel theta = ntk(NETWORK, engine).theta();
        assertThatThrownBy(() -> theta.get(4, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("(4, 0)");
        assertThatThrownBy(() -> new EmpiricalNtk(KernelForm.FULL, List.of(theta), new double[3][1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "The full kernel of 1 output(s) at 3 input(s) does not consist of [4 x 4 kernel");
    }
}
