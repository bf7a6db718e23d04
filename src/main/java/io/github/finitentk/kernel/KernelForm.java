package io.github.finitentk.kernel;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is made of the kernel {@code Theta_{(s,k),(r,j)}} of a network with {@code K} outputs; of one with a single output all forms
 * are that output's kernel. Immutable.
 */
public final class KernelForm {

    /** {@code S K x S K}: all pairs of inputs and outputs, output k of input s in row {@code s K + k}. */
    public static final KernelForm FULL = new KernelForm("full");

    /** {@code K} kernels {@code S x S}: that of each output with itself. */
    public static final KernelForm DIAGONAL = new KernelForm("diagonal");

    /** {@code S x S}: {@code 1/K sum_k Theta_kk}, the mean of {@link #DIAGONAL}. */
    public static final KernelForm TRACE = new KernelForm("trace");

    /** {@code S x S}: the kernel of {@code sum_k f_k / sqrt(K)}, one backward pass (Mohamadi et al. 2022). */
    public static final KernelForm PSEUDO = new KernelForm("pseudo");

    private static final int ALL_OUTPUTS = -1;

    private final String label;
    private final int output;

    private KernelForm(String label) {
        this.label = label;
        output = ALL_OUTPUTS;
    }

    private KernelForm(int output) {
        label = Integer.toString(output);
        this.output = output;
    }

    /**
     * {@code S x S}: {@code Theta_kk} of one output.
     *
     * @param k counted from 0
     * @throws IllegalArgumentException if it is negative
     */
    public static KernelForm output(int k) {
        if (k < 0) {
            throw new IllegalArgumentException("Outputs are counted from 0; there is no output " + k + ".");
        }
        return new KernelForm(k);
    }

    /**
     * The form of this name: {@code full}, {@code diagonal}, {@code trace}, {@code pseudo} (case does not matter), or the number of
     * an output, counted from 0.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static KernelForm parse(String label) {
        if (label.matches("[0-9]{1,9}")) {
            return output(Integer.parseInt(label));
        }
        for (KernelForm form : new KernelForm[] {FULL, DIAGONAL, TRACE, PSEUDO}) {
            if (form.label.equals(label.toLowerCase(Locale.ROOT))) {
                return form;
            }
        }
        throw new IllegalArgumentException(
                "There is no form \"" + label
                        + "\" of a kernel; there are full, diagonal, trace, pseudo, and the number of one output, counted from 0.");
    }

    /** The name that {@link #parse} takes. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException if it is the form of an output that such a network does not have */
    void requireOutputs(int outputs) {
        if (output >= outputs) {
            throw new IllegalArgumentException(
                    "There is no output " + output + "; this network has " + outputs + ", counted from 0.");
        }
    }

    /** Whether its entries belong to pairs of different outputs, too. */
    boolean pairsOutputs(int outputs) {
        return this == FULL && outputs > 1;
    }

    /** The directions in the space of outputs that deltas start from, each {@code K} numbers. */
    double[][] directions(int outputs) {
        if (this == PSEUDO && outputs > 1) {
            double[] mean = new double[outputs];
            Arrays.fill(mean, 1 / Math.sqrt(outputs));
            return new double[][] {mean};
        }
        double[][] unit = new double[outputs][outputs];
        for (int k = 0; k < outputs; k++) {
            unit[k][k] = 1;
        }
        return output == ALL_OUTPUTS ? unit : new double[][] {unit[output]};
    }

    /** The same form. */
    @Override
    public boolean equals(Object other) {
        return other instanceof KernelForm that && label.equals(that.label);
    }

    @Override
    public int hashCode() {
        return label.hashCode();
    }

    @Override
    public String toString() {
        return label;
    }
}
