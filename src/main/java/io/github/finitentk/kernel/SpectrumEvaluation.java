package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.Lanczos;
import io.github.finitentk.internal.compute.Lanczos.Ritz;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.random.NormalStream;
import io.github.finitentk.kernel.SpectrumEstimate.Density;
import io.github.finitentk.kernel.SpectrumEstimate.Method;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The eigenvalues of a network's empirical kernel, to be told which and asked. Where the kernel is small, from the matrix. Else without
 * it: {@code Theta v = J (J^T v)} costs a few matrix products with the states of all inputs, and Lanczos iteration with full
 * reorthogonalisation finds the largest eigenvalues by such products, repeated ones included; the density of all of them is estimated
 * from random vectors of signs (stochastic Lanczos quadrature).
 *
 * <p>Not thread-safe while it is being told.
 */
public final class SpectrumEvaluation {

    /** Beyond this order the kernel is not formed unless that is asked for: decomposing it takes minutes. */
    private static final int DENSE_ORDER = 2_500;

    /** How small a residual is in units of its eigenvalue when that has been found. */
    private static final double TOLERANCE = 1e-10;

    /** Eigenvalues below this share of the largest are found to this share of it. */
    private static final double ROUNDING = 1e-5;

    /** The same for an eigenvalue that is only to be told from larger ones. */
    private static final double ROUGH = 1e-3;

    /** Steps after which eigenvalues are looked at. */
    private static final int LOOK = 10;

    /** The most steps of one Krylov space, whose vectors are kept. */
    private static final int MOST_STEPS = 600;

    private static final int QUADRATURE_STEPS = 80;

    private final Engine engine;
    private final Network network;
    private final Inputs inputs;
    private KernelForm form = KernelForm.TRACE;
    private LayerRates rates;
    private Optional<Method> method = Optional.empty();
    private int top = 10;
    private int probes;
    private Seed seed = Seed.of(0);

    /**
     * @param network with its activation
     * @param inputs {@code S x n_0}
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes
     * @throws IllegalStateException if the network has no activation
     */
    public SpectrumEvaluation(Network network, Inputs inputs, Engine engine) {
        inputs.requireDimension(network.architecture().inputDim());
        network.activation();
        this.engine = engine;
        this.network = network;
        this.inputs = inputs;
        rates = LayerRates.standard(network.architecture()).of(network);
    }

    /**
     * What is made of several outputs: the trace form if not said. {@link KernelForm#DIAGONAL} consists of several kernels and has no
     * spectrum of its own.
     *
     * @throws IllegalArgumentException if it is that, or the form of an output that the network does not have
     */
    public SpectrumEvaluation form(KernelForm chosen) {
        chosen.requireOutputs(network.architecture().outputs());
        if (chosen.equals(KernelForm.DIAGONAL)) {
            throw new IllegalArgumentException(
                    "The diagonal form consists of a kernel for each output; each has a spectrum of its own.");
        }
        form = chosen;
        return this;
    }

    /** How much each layer counts: all alike if not said. */
    public SpectrumEvaluation rates(LayerRates chosen) {
        rates = chosen.of(network);
        return this;
    }

    /** From the matrix, or without it; if not said, from the matrix up to an order of 2,500, as far as it fits the heap. */
    public SpectrumEvaluation method(Method chosen) {
        method = Optional.of(Objects.requireNonNull(chosen, "chosen"));
        return this;
    }

    /**
     * How many of the largest eigenvalues: 10 if not said; all, if there are fewer.
     *
     * @throws IllegalArgumentException unless it is 1 to 100
     */
    public SpectrumEvaluation top(int count) {
        if (count < 1 || count > 100) {
            throw new IllegalArgumentException("1 to 100 eigenvalues can be asked for, not " + count + ".");
        }
        top = count;
        return this;
    }

    /**
     * Asks for the density, too, estimated with so many random vectors where the kernel is not formed; 80 products for each.
     *
     * @throws IllegalArgumentException if there is none
     */
    public SpectrumEvaluation density(int randomVectors) {
        if (randomVectors < 1) {
            throw new IllegalArgumentException(
                    "A density is estimated with at least 1 random vector, not " + randomVectors + ".");
        }
        probes = randomVectors;
        return this;
    }

    /** Of all random vectors: 0 if not said. */
    public SpectrumEvaluation seed(Seed chosen) {
        seed = Objects.requireNonNull(chosen, "seed");
        return this;
    }

    /**
     * Computes it.
     *
     * @throws ArithmeticException if the kernel leaves the range of a double, or eigenvalues do not converge
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     */
    public SpectrumEstimate evaluate() {
        long order = (long) inputs.count()
                * (form.pairsOutputs(network.architecture().outputs())
                        ? network.architecture().outputs()
                        : 1);
        // The kernel, a copy to be decomposed, its eigenvectors, and as much in working space.
        boolean small = order <= DENSE_ORDER && 32.0 * order * order < Memory.availableHeap();
        return method.orElse(small ? Method.DENSE : Method.LANCZOS) == Method.DENSE ? dense() : matrixFree();
    }

    private SpectrumEstimate dense() {
        Kernel theta = new KernelEvaluation(network, inputs, engine)
                .form(form)
                .rates(rates)
                .evaluate()
                .theta();
        if (!theta.isFinite()) {
            throw outOfRange();
        }
        double[] all = Spectrum.of(theta, engine).eigenvalues();
        SpectrumDensity density = new SpectrumDensity(all.length);
        double[] weights = new double[all.length];
        Arrays.fill(weights, 1.0 / all.length);
        density.add(all, weights);
        List<Double> largest = Arrays.stream(all).limit(top).boxed().toList();
        return new SpectrumEstimate(
                all.length,
                Method.DENSE,
                largest,
                largest.stream().map(value -> 0.0).toList(),
                Optional.of(density.density(true)),
                0);
    }

    private static ArithmeticException outOfRange() {
        return new ArithmeticException(
                "The kernel of this network leaves the range of a double: its weights, its depth or its inputs are too"
                        + " large.");
    }

    private SpectrumEstimate matrixFree() {
        try (KernelOperator operator = new KernelOperator(network, inputs, form, rates, engine)) {
            double steps = Math.min(operator.order(), QUADRATURE_STEPS + 4 * top);
            Memory.requireHeap(
                    8 * steps * operator.order(), 0, "The spectrum of a kernel of " + operator.order() + " rows");
            List<double[]> vectors = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            List<Double> residuals = new ArrayList<>();
            int wanted = Math.min(top, operator.order());
            find(operator, wanted, vectors, values, residuals);
            Optional<Density> density = probes == 0 ? Optional.empty() : Optional.of(density(operator));
            return new SpectrumEstimate(
                    operator.order(), Method.LANCZOS, values, residuals, density, operator.products());
        }
    }

    // The largest of one Krylov space; then, as long as the rest has one that belongs to them, that one: a space holds
    // but one
    // vector of each eigenvalue.
    private void find(
            KernelOperator operator, int wanted, List<double[]> vectors, List<Double> values, List<Double> residuals) {
        int round = 0;
        int needed = wanted;
        while (true) {
            double least = vectors.size() < wanted ? Double.NEGATIVE_INFINITY : values.get(wanted - 1);
            int start = round++;
            Lanczos lanczos = lanczos(operator, vectors, start);
            Ritz ritz = converge(lanczos, Math.min(needed, operator.order() - vectors.size()), least);
            if (ritz == null || ritz.values()[0] <= least * (1 + TOLERANCE)) {
                break;
            }
            int found = Math.min(needed, ritz.values().length);
            for (int i = 0; i < found; i++) {
                insert(
                        lanczos.vector(ritz.vectors()[i]),
                        ritz.values()[i],
                        ritz.residuals()[i],
                        vectors,
                        values,
                        residuals);
            }
            needed = 1;
        }
        values.subList(wanted, values.size()).clear();
        residuals.subList(wanted, residuals.size()).clear();
    }

    private static void insert(
            double[] vector,
            double value,
            double residual,
            List<double[]> vectors,
            List<Double> values,
            List<Double> residuals) {
        int place = 0;
        while (place < values.size() && values.get(place) >= value) {
            place++;
        }
        vectors.add(place, vector);
        values.add(place, value);
        residuals.add(place, residual);
    }

    private Lanczos lanczos(KernelOperator operator, List<double[]> deflated, int round) {
        int order = operator.order();
        return new Lanczos(
                order,
                v -> finite(operator.times(v)),
                deflated,
                which -> normal(order, "start " + round, which),
                engine.linearAlgebra());
    }

    private static double[] finite(double[] v) {
        for (double entry : v) {
            if (!Double.isFinite(entry)) {
                throw outOfRange();
            }
        }
        return v;
    }

    private double[] normal(int order, String purpose, int which) {
        double[] v = new double[order];
        new NormalStream(seed.derive("spectrum " + purpose).value(), which, 0, 0).fill(v, 0, order, 0, 1);
        return v;
    }

    // Until the first ones have converged, or are known to lie below what is needed; null if there is nothing left.
    private static Ritz converge(Lanczos lanczos, int needed, double least) {
        while (lanczos.step()) {
            if (lanczos.steps() < needed || lanczos.steps() % LOOK != 0) {
                continue;
            }
            Ritz ritz = lanczos.ritz();
            boolean below = ritz.values()[0] + ritz.residuals()[0] < least
                    && ritz.residuals()[0] <= ROUGH * Math.abs(ritz.values()[0]);
            boolean converged = true;
            for (int i = 0; i < needed; i++) {
                double size = Math.max(ritz.values()[i], ROUNDING * ritz.values()[0]);
                converged &= ritz.residuals()[i] <= TOLERANCE * size;
            }
            if (below || converged) {
                return ritz;
            }
            if (lanczos.steps() >= MOST_STEPS) {
                throw new ArithmeticException("After " + MOST_STEPS + " products " + needed
                        + " eigenvalues have not converged; ask for fewer.");
            }
        }
        return lanczos.steps() == 0 ? null : lanczos.ritz();
    }

    private Density density(KernelOperator operator) {
        int order = operator.order();
        SpectrumDensity density = new SpectrumDensity(order);
        for (int p = 0; p < probes; p++) {
            int probe = p;
            Lanczos lanczos = new Lanczos(
                    order,
                    v -> finite(operator.times(v)),
                    List.of(),
                    which -> signs(normal(order, "probe " + probe, which)),
                    engine.linearAlgebra());
            while (lanczos.steps() < QUADRATURE_STEPS && lanczos.step()) {}
            Ritz ritz = lanczos.ritz();
            density.add(ritz.values(), ritz.weights());
        }
        return density.density(false);
    }

    private static double[] signs(double[] v) {
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.signum(v[i]);
        }
        return v;
    }

    @Override
    public String toString() {
        return "spectrum of the " + form + " kernel of a " + network + " at " + inputs;
    }
}
