package io.github.finitentk.internal.compute;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.internal.numeric.QrFactorization;
import io.github.finitentk.model.Architecture;
import java.util.Arrays;

/**
 * The exact reduction of the first layer: {@code S} inputs span at most {@code S} of the {@code n_0} dimensions, so with
 * {@code X^T = Q R} the network with first weights {@code W^1 Q} on the inputs {@code R^T} has the same outputs, the same
 * kernel and, under gradient descent, the same training, for {@code S/n_0} of the work in that layer. What {@code W^1}
 * does outside the span never changes, and is put back by {@link #restore}.
 */
public final class InputRotation {

    private final double[] inputs;
    private final QrFactorization factors; // null: nothing to gain

    private InputRotation(double[] inputs, QrFactorization factors) {
        this.inputs = inputs;
        this.factors = factors;
    }

    /**
     * The rotation for these inputs; the identity if there are at least as many inputs as dimensions, or an input has a
     * norm beyond the range of a double.
     */
    public static InputRotation of(Dataset data) {
        double[] x = data.inputs().toArray();
        if (data.samples() >= data.inputDim()) {
            return new InputRotation(x, null);
        }
        QrFactorization factors = new QrFactorization(x, data.samples(), data.inputDim());
        double[] coordinates = factors.coordinates();
        boolean finite = Arrays.stream(coordinates).allMatch(Double::isFinite);
        return finite ? new InputRotation(coordinates, factors) : new InputRotation(x, null);
    }

    /** The identity, for trainings that see single weights rather than their layer's map. */
    public static InputRotation none(Dataset data) {
        return new InputRotation(data.inputs().toArray(), null);
    }

    /** The rotated inputs, {@code S x min(S, n_0)} row-major; a copy. */
    public double[] inputs() {
        return inputs.clone();
    }

    /** The widths of the rotated network: {@code min(S, n_0), n_1, ..., n_L}. */
    public Architecture rotated(Architecture architecture) {
        if (factors == null) {
            return architecture;
        }
        int[] widths = architecture.widths();
        widths[0] = factors.size();
        return Architecture.of(widths);
    }

    /**
     * The parameters of the rotated network.
     *
     * @param parameters those of a network with the given widths; not modified
     */
    public double[] rotate(Architecture architecture, double[] parameters) {
        if (factors == null) {
            return parameters.clone();
        }
        int dim = architecture.inputDim();
        int size = factors.size();
        int units = architecture.width(1);
        int rest = parameters.length - units * dim;
        double[] rotated = new double[units * size + rest];
        for (int i = 0; i < units; i++) {
            for (int k = 0; k < size; k++) {
                rotated[i * size + k] = dot(parameters, i * dim, factors.basisVector(k));
            }
        }
        System.arraycopy(parameters, units * dim, rotated, units * size, rest);
        return rotated;
    }

    /**
     * The parameters of the network itself after training in rotated form:
     * {@code W^1 = W^1_0 + (V - W^1_0 Q) Q^T}, all others as they are.
     *
     * @param initial those before training, with the given widths; not modified
     * @param trained those of the rotated network after training ({@code V} are its first weights); not modified
     */
    public double[] restore(Architecture architecture, double[] initial, double[] trained) {
        if (factors == null) {
            return trained.clone();
        }
        int dim = architecture.inputDim();
        int size = factors.size();
        int units = architecture.width(1);
        double[] restored = initial.clone();
        for (int i = 0; i < units; i++) {
            for (int k = 0; k < size; k++) {
                double[] q = factors.basisVector(k);
                double moved = trained[i * size + k] - dot(initial, i * dim, q);
                for (int j = 0; j < dim; j++) {
                    restored[i * dim + j] += moved * q[j];
                }
            }
        }
        System.arraycopy(trained, units * size, restored, units * dim, trained.length - units * size);
        return restored;
    }

    private static double dot(double[] rows, int offset, double[] vector) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < vector.length; i += 4) {
            s0 += rows[offset + i] * vector[i];
            s1 += rows[offset + i + 1] * vector[i + 1];
            s2 += rows[offset + i + 2] * vector[i + 2];
            s3 += rows[offset + i + 3] * vector[i + 3];
        }
        for (; i < vector.length; i++) {
            s0 += rows[offset + i] * vector[i];
        }
        return (s0 + s1) + (s2 + s3);
    }
}
