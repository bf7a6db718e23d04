package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.KernelBlocks;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The empirical kernel of one given network, to be told which and asked:
 * <pre>
 * Theta_{(s,k),(r,j)} = sum_l (delta^l_{s,k} . delta^l_{r,j}) (alpha_l x^{l-1}_s . x^{l-1}_r + beta_l)
 * </pre>
 * by default for all pairs of the inputs, with all {@code alpha_l = beta_l = 1} (the NTK of eq. (2)), as the {@link KernelForm#TRACE} over
 * outputs, in f64. No gradient is formed.
 *
 * <p>In single precision an entry is typically off by 3e-7 (ReLU) or 1e-6 (tanh) of the largest one. A ReLU unit whose
 * preactivation is zero to within rounding may open in one precision and stay shut in the other, and then a whole path
 * appears or disappears: among 240 random ReLU networks (M = 256, L = 3 to 50, S = 64) the worst entry was off by 3 % of the
 * largest. Use f64 where single entries matter.
 *
 * <p>In one piece a kernel has to fit the heap, and each S x S array of it has at most 2^31 - 9 entries (S = 46,340). {@link #stream} has neither limit.
 *
 * <p>Not thread-safe while it is being told.
 */
public final class KernelEvaluation {

    /** Deltas that are kept at once where each output is paired with itself only; activations are then used this many times. */
    private static final int DIRECTIONS = 8;

    private final Engine engine;
    private final Network network;
    private final Inputs inputs;
    private Optional<Inputs> columns = Optional.empty();
    private KernelForm form = KernelForm.TRACE;
    private LayerRates rates;
    private Precision precision = Precision.F64;

    /**
     * @param network with its activation
     * @param inputs {@code S x n_0}
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes
     * @throws IllegalStateException if the network has no activation
     */
    public KernelEvaluation(Network network, Inputs inputs, Engine engine) {
        inputs.requireDimension(network.architecture().inputDim());
        network.activation();
        this.engine = engine;
        this.network = network;
        this.inputs = inputs;
        rates = LayerRates.standard(network.architecture()).of(network);
    }

    /**
     * The rectangular kernel {@code Theta(x_s, z_r)} with other inputs for its columns.
     *
     * @throws IllegalArgumentException if they have another dimension
     */
    public KernelEvaluation versus(Inputs others) {
        others.requireDimension(inputs.dimension());
        columns = Optional.of(others);
        return this;
    }

    /**
     * What is made of several outputs.
     *
     * @throws IllegalArgumentException if it is the form of an output that the network does not have
     */
    public KernelEvaluation form(KernelForm chosen) {
        chosen.requireOutputs(outputCount());
        form = chosen;
        return this;
    }

    /**
     * How much each layer counts. Biases that the network does not have never count.
     *
     * @throws IllegalArgumentException if the rates are of another depth
     */
    public KernelEvaluation rates(LayerRates chosen) {
        if (chosen.depth() != network.architecture().depth()) {
            throw new IllegalArgumentException("A network of depth "
                    + network.architecture().depth() + " has no rates for " + chosen.depth() + " layer(s).");
        }
        rates = chosen.of(network);
        return this;
    }

    /** The number type of states and products; their sum over layers is f64 in either case. */
    public KernelEvaluation precision(Precision chosen) {
        precision = Objects.requireNonNull(chosen, "precision");
        return this;
    }

    /**
     * Computes it.
     *
     * @throws IllegalArgumentException if the kernel has more entries than an array, or the native core cannot evaluate the activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     */
    public EmpiricalNtk evaluate() {
        return evaluate(List.of(rates)).get(0);
    }

    /**
     * The kernel of each layer alone, {@code l = 1, ..., L}, from the same passes: their sum is {@link #evaluate}, up to rounding.
     *
     * @throws IllegalArgumentException as {@link #evaluate}
     * @throws io.github.finitentk.compute.InsufficientMemoryException if all of them do not fit
     */
    public List<EmpiricalNtk> byLayer() {
        return evaluate(single());
    }

    private List<LayerRates> single() {
        List<LayerRates> single = new ArrayList<>();
        for (int l = 1; l <= rates.depth(); l++) {
            single.add(rates.only(l));
        }
        return single;
    }

    /**
     * The network's outputs at the rows' inputs, {@code S x K}, without a kernel.
     *
     * @throws IllegalArgumentException if the native core cannot evaluate the activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if the states do not fit
     */
    public double[][] outputs() {
        // A batch has room for a kernel; one column takes the least.
        KernelBlocks blocks = inputs.count() == 1 ? KernelBlocks.ONE : new KernelBlocks(1, false, 1);
        try (NetworkBatch batch = engine.allocate(shape(inputs, blocks))) {
            return forward(batch, inputs);
        }
    }

    /**
     * Regression with this kernel, which is never formed: conjugate gradients take its products {@code J (R (J^T v))} with the rates R of weights and biases, in
     * f64, each as expensive as a few passes through the network. A kernel that fits a file is solved with faster from there.
     *
     * @throws IllegalStateException if it is told other inputs for its columns, f32, or a form that consists of several kernels
     */
    public KernelSolver solver() {
        if (columns.isPresent() || precision != Precision.F64 || form.equals(KernelForm.DIAGONAL)) {
            throw new IllegalStateException(
                    "Regression without forming the kernel takes one square kernel in f64, not the " + this
                            + (precision == Precision.F64 ? "." : " in f32."));
        }
        return new KernelSolver(new NetworkKernel(network, inputs, form, rates, engine), engine);
    }

    /**
     * The same kernel block by block, for inputs whose kernel does not fit memory or an array.
     *
     * @throws ArithmeticException if it has more rows or columns than an int counts
     */
    public KernelStream stream() {
        return new KernelStream(blocks(List.of(rates), false), engine);
    }

    /** {@link #byLayer} block by block: a stack of L kernels, or of L times K. */
    public KernelStream streamByLayer() {
        return new KernelStream(blocks(single(), true), engine);
    }

    private EmpiricalBlocks blocks(List<LayerRates> kinds, boolean byLayer) {
        return new EmpiricalBlocks(network, inputs, columns, form, kinds, byLayer, precision, engine);
    }

    private BatchShape shape(Inputs all, KernelBlocks blocks) {
        return new BatchShape(network.architecture(), network.activation(), precision, 1, all.count(), blocks);
    }

    // f at the rows' inputs, which are the first ones.
    private double[][] forward(NetworkBatch batch, Inputs all) {
        batch.setInputs(all.toArray());
        batch.setParameters(0, network.parameters());
        batch.forward();
        double[] f = batch.outputs(0);
        int outputs = outputCount();
        double[][] rows = new double[inputs.count()][];
        Arrays.setAll(rows, s -> Arrays.copyOfRange(f, s * outputs, (s + 1) * outputs));
        return rows;
    }

    private List<EmpiricalNtk> evaluate(List<LayerRates> kinds) {
        int outputs = outputCount();
        double[][] directions = form.directions(outputs);
        boolean pairs = form.pairsOutputs(outputs);
        int together = pairs ? outputs : share(directions.length);
        Inputs all = columns.map(inputs::followedBy).orElse(inputs);
        BatchShape shape = shape(all, new KernelBlocks(together, pairs, all.count() - inputs.count()));
        List<KernelAssembly> assemblies = KernelAssembly.allocate(kinds.size(), form, shape);
        try (NetworkBatch batch = engine.allocate(shape)) {
            double[][] values = forward(batch, all);
            for (int first = 0; first < directions.length; first += together) {
                int end = Math.min(first + together, directions.length);
                batch.backward(Arrays.copyOfRange(directions, first, end));
                for (int kind = 0; kind < kinds.size(); kind++) {
                    batch.computeNtk(kinds.get(kind));
                    assemblies.get(kind).add(batch, first, end);
                }
            }
            return assemblies.stream()
                    .map(assembly -> new EmpiricalNtk(form, assembly.kernels(), values))
                    .toList();
        }
    }

    // Equal groups of at most DIRECTIONS.
    private static int share(int directions) {
        int groups = (directions + DIRECTIONS - 1) / DIRECTIONS;
        return (directions + groups - 1) / groups;
    }

    private int outputCount() {
        return network.architecture().outputs();
    }

    @Override
    public String toString() {
        return form + " kernel of a " + network + " at " + inputs
                + columns.map(z -> " versus " + z).orElse("");
    }
}
