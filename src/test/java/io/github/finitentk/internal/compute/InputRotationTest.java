package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InputRotationTest {

    private final SplittableRandom random = new SplittableRandom(12);

    private Dataset data(int samples, int dim) {
        double[] x = random.doubles((long) samples * dim, -1, 1).toArray();
        return new Dataset(Inputs.of(samples, dim, x), new double[samples]);
    }

    private static EmpiricalNtk kernel(Architecture architecture, double[] parameters, Inputs x) {
        return new KernelEvaluation(
                        new Network(architecture, parameters).with(Activations.TANH),
                        x,
                        Engine.single(Backend.pureJava()))
                .evaluate();
    }

    @Test
    void outputsAndKernelStayAndTheReductionIsUndone() {
        for (int[] size : new int[][] {{4, 50}, {30, 200}, {9, 9}, {20, 3}}) {
            Dataset data = data(size[0], size[1]);
            Architecture architecture = Architecture.of(size[1], 15, 11, 1);
            double[] parameters =
                    random.doubles(architecture.parameterCount(), -1, 1).toArray();
            InputRotation rotation = InputRotation.of(data);
            Architecture rotated = rotation.rotated(architecture);
            assertThat(rotated.inputDim()).isEqualTo(Math.min(size[0], size[1]));
            EmpiricalNtk before = kernel(architecture, parameters, data.inputs());
            double[] inner = rotation.rotate(architecture, parameters);
            EmpiricalNtk after = kernel(rotated, inner, Inputs.of(size[0], rotated.inputDim(), rotation.inputs()));
            assertClose(after.output(0), before.output(0), 1e-12);
            assertClose(after.theta().toArray(), before.theta().toArray(), 1e-12);
            assertClose(rotation.restore(architecture, parameters, inner), parameters, 1e-13);

            // Any change of the rotated network is one of the network itself, and is all that the inputs see.
            for (int i = 0; i < inner.length; i++) {
                inner[i] += 0.3 * Math.sin(i);
            }
            double[] restored = rotation.restore(architecture, parameters, inner);
            assertClose(rotation.rotate(architecture, restored), inner, 1e-12);
            assertClose(
                    kernel(architecture, restored, data.inputs()).theta().toArray(),
                    kernel(rotated, inner, Inputs.of(size[0], rotated.inputDim(), rotation.inputs()))
                            .theta()
                            .toArray(),
                    1e-12);
        }
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        double largest = 1;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(tolerance * largest));
        }
    }
}
