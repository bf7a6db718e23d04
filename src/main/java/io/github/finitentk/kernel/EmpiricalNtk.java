package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The empirical kernel of one given network with its outputs; see {@link KernelEvaluation}.
 *
 * @param form what was made of several outputs
 * @param kernels one, or K of them for {@link KernelForm#DIAGONAL}
 * @param outputs {@code f(x_s)} for each row's input, {@code S} times {@code K} numbers; copied in and out
 */
public record EmpiricalNtk(KernelForm form, List<Kernel> kernels, double[][] outputs) {

    /** @throws IllegalArgumentException if there is not one row of outputs for each input of the kernels */
    public EmpiricalNtk {
        Objects.requireNonNull(form, "form");
        kernels = List.copyOf(kernels);
        if (outputs.length == 0 || outputs[0].length == 0) {
            throw new IllegalArgumentException("A network has at least 1 output at 1 input.");
        }
        int rows = outputs.length * (form.pairsOutputs(outputs[0].length) ? outputs[0].length : 1);
        int expected = form.equals(KernelForm.DIAGONAL) ? outputs[0].length : 1;
        if (kernels.size() != expected || kernels.stream().anyMatch(kernel -> kernel.rows() != rows)) {
            throw new IllegalArgumentException("The " + form + " kernel of " + outputs[0].length + " output(s) at "
                    + outputs.length + " input(s) does not consist of " + kernels + ".");
        }
        outputs = copy(outputs);
    }

    static double[][] copy(double[][] rows) {
        return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
    }

    /**
     * The kernel, where there is one.
     *
     * @throws IllegalStateException if there is one for each of several outputs: {@link #kernels}
     */
    public Kernel theta() {
        if (kernels.size() > 1) {
            throw new IllegalStateException(
                    "The diagonal form has a kernel for each of " + kernels.size() + " outputs; kernels() gives them.");
        }
        return kernels.get(0);
    }

    @Override
    public double[][] outputs() {
        return copy(outputs);
    }

    /** Output k at each row's input, a new array. */
    public double[] output(int k) {
        return Arrays.stream(outputs).mapToDouble(row -> row[k]).toArray();
    }

    /** The same kernels and outputs. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EmpiricalNtk that
                && form.equals(that.form)
                && kernels.equals(that.kernels)
                && Arrays.deepEquals(outputs, that.outputs);
    }

    @Override
    public int hashCode() {
        return 31 * kernels.hashCode() + Arrays.deepHashCode(outputs);
    }

    @Override
    public String toString() {
        return form + " form of the empirical NTK, " + kernels;
    }
}
