package io.github.finitentk.kernel;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.model.Network;

/**
 * What becomes of one given network if training moves its weights so little that its kernel stays what it is (eq. (3)): regression
 * with its own kernel, from its own outputs,
 * <pre>
 * f_t(x) = f_0(x) - Theta(x,X) Theta(X)^-1 (I - exp(-t Theta(X)/S)) (f_0(X) - Y).
 * </pre>
 * Beside a network that was really trained from there it says what of the training NTK theory describes.
 */
public final class LinearizedNetwork {

    private final TrainTestData data;
    private final KernelRegression regression;
    private final double[][] initialTrain;
    private final double[][] initialTest;

    private LinearizedNetwork(
            TrainTestData data, KernelRegression regression, double[][] initialTrain, double[][] initialTest) {
        this.data = data;
        this.regression = regression;
        this.initialTrain = initialTrain;
        this.initialTest = initialTest;
    }

    /**
     * @param network with its activation
     * @param data of the network's inputs and outputs; classes are taken as one-hot targets
     * @param form {@link KernelForm#FULL} linearises exactly; with {@link KernelForm#TRACE} or {@link KernelForm#PSEUDO} every output
     *     is learnt by itself with that one kernel, which is cheaper by K^3
     * @param ridge see {@link KernelRegression}
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the data do not fit the network, an argument is out of its range, or the form is another
     * @throws IllegalStateException if the network has no activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if the kernel does not fit
     */
    public static LinearizedNetwork of(
            Network network, TrainTestData data, KernelForm form, double ridge, Engine engine) {
        int outputs = network.architecture().outputs();
        if (!form.equals(KernelForm.FULL) && !form.equals(KernelForm.TRACE) && !form.equals(KernelForm.PSEUDO)) {
            throw new IllegalArgumentException(
                    "Regression takes the full kernel of all outputs, or the trace or pseudo kernel for each of them, not "
                            + form + ".");
        }
        TrainTestData fitting = data.forOutputs(outputs);
        int together = form.pairsOutputs(outputs) ? outputs : 1;
        double samples = (double) data.train().samples() * together;
        // On the heap the kernel's blocks, a copy and the eigenvectors; outside it what LAPACK works on.
        Memory.requireHeap(
                8 * samples * (3 * samples + 2.0 * data.tests() * together),
                24 * samples * samples,
                "Regression with the " + form + " kernel of " + data.train().samples() + " inputs and " + outputs
                        + " output(s)");
        EmpiricalNtk train = new KernelEvaluation(network, data.train().inputs(), engine)
                .form(form)
                .evaluate();
        EmpiricalNtk test = new KernelEvaluation(network, data.testInputs(), engine)
                .form(form)
                .versus(data.train().inputs())
                .evaluate();
        requireFinite(train.theta());
        requireFinite(test.theta());
        KernelRegression regression =
                KernelRegression.of(new TrainTestKernel(train.theta(), test.theta()), together, ridge, engine);
        return new LinearizedNetwork(fitting, regression, train.outputs(), test.outputs());
    }

    private static void requireFinite(Kernel theta) {
        if (!theta.isFinite()) {
            throw new ArithmeticException(
                    "The kernel of this network leaves the range of a double: its weights, its depth or its"
                            + " inputs are too large.");
        }
    }

    /** The data, with targets for the network's outputs. */
    public TrainTestData data() {
        return data;
    }

    /** Regression with the network's kernel. */
    public KernelRegression regression() {
        return regression;
    }

    /** {@code f_0(X)}, {@code S x K}, a new array. */
    public double[][] initialTrain() {
        return EmpiricalNtk.copy(initialTrain);
    }

    /** {@code f_0(x)}, {@code T x K}, a new array. */
    public double[][] initialTest() {
        return EmpiricalNtk.copy(initialTest);
    }

    /**
     * {@code f_t(x)} at the test inputs, {@code T x K}.
     *
     * @param time t, the learning rate times the number of steps; infinite at convergence
     * @throws IllegalArgumentException if t is negative or NaN
     */
    public double[][] predict(double time) {
        return smoother(time).predict(initialTest, initialTrain, data.train().targets());
    }

    /** The smoother of training for time t, which may be infinite. */
    public Smoother smoother(double time) {
        return regression.smoother(time);
    }
}
