package io.github.finitentk;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.TrainTestData;
import io.github.finitentk.experiment.CellContext;
import io.github.finitentk.experiment.EnsembleComparison;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.kernel.InfiniteWidthRegression;
import io.github.finitentk.kernel.KernelEvaluation;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.KernelRegression;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.kernel.KernelStream;
import io.github.finitentk.kernel.LinearizedNetwork;
import io.github.finitentk.kernel.Spectrum;
import io.github.finitentk.kernel.SpectrumEvaluation;
import io.github.finitentk.kernel.TrainTestKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.RandomNetwork;
import io.github.finitentk.report.paper.PaperFigure;
import io.github.finitentk.sampling.VarianceEstimation;
import io.github.finitentk.store.Sweep;
import io.github.finitentk.training.Training;
import io.github.finitentk.training.TrainingListener;
import io.github.finitentk.training.TrainingPlan;
import io.github.finitentk.training.TrainingProblem;
import io.github.finitentk.training.TrainingResult;
import io.github.finitentk.trust.NetworkQuestion;
import io.github.finitentk.trust.NetworkReport;
import io.github.finitentk.trust.TrustQuestion;
import io.github.finitentk.trust.TrustReport;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The way in: one object that owns a backend and the threads it computes on.
 *
 * <pre>
 * try (Ntk ntk = Ntk.fastest()) {
 *     Kernel theta = ntk.kernel(Network.read(path).with(Activations.TANH), Inputs.of(rows));
 *     RatioEstimate ratio = ntk.variance(network).draws(200).seed(0).estimate();
 * }
 * </pre>
 *
 * Numbers depend on the arguments and the backend, never on threads. Safe for use by several threads. After {@link #close} every
 * method that computes throws {@link IllegalStateException}; what is under way ends with it, too, or runs to its end. One that is
 * never closed is reclaimed with its threads; started with {@code -Dntk.leaks=true}, Java says where it was opened.
 */
public final class Ntk implements AutoCloseable {

    private final Engine engine;
    private final boolean owned;
    private final BooleanSupplier cancel;

    private Ntk(Engine engine, boolean owned, BooleanSupplier cancel) {
        this.engine = engine;
        this.owned = owned;
        this.cancel = cancel;
    }

    /** The native core where it loads, else pure Java ({@link #whyNotNative} says why), one thread for each processor. */
    public static Ntk fastest() {
        return builder().build();
    }

    /** For another backend, fewer threads, or an executor of the application. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * For a quantity of one's own: what the unit of cells is computed with. Closing it has no effect, since it belongs to the
     * sweep.
     */
    public static Ntk of(CellContext context) {
        return new Ntk(context.engine(), false, () -> false);
    }

    /** Makes an {@link Ntk}. */
    public static final class Builder {

        private String backend = "auto";
        private int threads = WorkerPool.processors();
        private Executor executor;

        private Builder() {}

        /**
         * Who computes: {@code native} (the C++ core), {@code java}, or {@code auto}, the core where it loads.
         *
         * @throws IllegalArgumentException for any other name
         */
        public Builder backend(String name) {
            Objects.requireNonNull(name, "name");
            if (!List.of("auto", "native", "java").contains(name)) {
                throw new IllegalArgumentException(
                        "There is no backend \"" + name + "\"; there are auto, native and java.");
            }
            backend = name;
            return this;
        }

        /**
         * How many threads work at once, the calling one included: as many as there are processors if not set. Where the system
         * refuses to start that many, those that it grants are used.
         *
         * @throws IllegalArgumentException if it is not between 1 and 1024
         */
        public Builder threads(int number) {
            WorkerPool.requireThreads(number);
            threads = number;
            return this;
        }

        /**
         * Threads of the application, which stay its own: {@link Ntk#close} leaves them alone. A computation hands at most
         * {@code threads - 1} tasks to the executor and works itself; it never waits for a task that has not begun, so one thread,
         * a busy executor or a call from one of its own threads do not block it.
         */
        public Builder executor(Executor ofTheApplication) {
            executor = Objects.requireNonNull(ofTheApplication, "executor");
            return this;
        }

        /**
         * @throws UnsupportedOperationException if the native core was asked for by name and cannot be loaded: why, and what helps
         */
        public Ntk build() {
            Backend named = switch (backend) {
                case "native" -> Backend.nativeCore();
                case "java" -> Backend.pureJava();
                default -> null;
            };
            WorkerPool workers = executor == null ? WorkerPool.of(threads) : WorkerPool.on(executor, threads);
            return new Ntk(named == null ? Engine.fastest(workers) : Engine.of(named, workers), true, () -> false);
        }
    }

    /**
     * This Ntk for work that may be cancelled: what is computed with the result ends with {@link CancellationException} soon after
     * {@code flag} says true; a sweep or figure ends early with what it has. Closing the result has no effect.
     *
     * @param flag asked often, by all threads that compute
     */
    public Ntk cancelledBy(BooleanSupplier flag) {
        return new Ntk(engine, false, or(flag));
    }

    /** {@code native} or {@code java}. */
    public String backend() {
        return engine.backend().name();
    }

    /** One line: SIMD level and BLAS build, or the virtual machine. */
    public String description() {
        return engine.backend().description();
    }

    /** The number of threads that work at once, the calling one included. */
    public int threads() {
        return engine.threads();
    }

    /** Why the native core is not used, in one or two sentences; empty if it is. */
    public Optional<String> whyNotNative() {
        return engine.whyNotNative();
    }

    /**
     * The empirical NTK of one network, eq. (2), {@code S x S}, in f64; of several outputs the trace form.
     *
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes, or the native core cannot
     *     evaluate the activation
     * @throws IllegalStateException if the network has no activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit
     */
    public Kernel kernel(Network network, Inputs inputs) {
        return empirical(network, inputs).evaluate().theta();
    }

    /**
     * The same in a form of one's choice.
     *
     * @throws IllegalStateException if that form consists of several kernels ({@link KernelForm#DIAGONAL}: {@link #empirical}), or the
     *     network has no activation
     */
    public Kernel kernel(Network network, Inputs inputs, KernelForm form) {
        return empirical(network, inputs).form(form).evaluate().theta();
    }

    /**
     * {@code f(x_s)}, {@code S x K}, in f64; throws as {@link #kernel(Network, Inputs)}.
     */
    public double[][] outputs(Network network, Inputs inputs) {
        return empirical(network, inputs).outputs();
    }

    /**
     * The empirical kernel of one network, to be told which one of several outputs, other inputs for its columns, how much each
     * layer counts and in what precision, and asked.
     *
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes
     * @throws IllegalStateException if the network has no activation
     */
    public KernelEvaluation empirical(Network network, Inputs inputs) {
        return new KernelEvaluation(network, inputs, open());
    }

    /**
     * NTK and NNGP in the limit of infinite width, Lemma 2, at standard parametrisation.
     *
     * @param network its widths are finite numbers that weigh the layers
     * @throws IllegalArgumentException if the inputs have another dimension
     * @throws ArithmeticException if an entry exceeds the range of a double
     */
    public InfiniteWidth infiniteWidth(RandomNetwork network, Inputs inputs) {
        return InfiniteWidth.of(network, inputs, open());
    }

    /** The same at another parametrisation. */
    public InfiniteWidth infiniteWidth(
            RandomNetwork network, Inputs inputs, InfiniteWidth.Parametrization parametrization) {
        return InfiniteWidth.of(network, inputs, parametrization, open());
    }

    /**
     * One of them for any number of inputs, standard parametrisation: an entry is computed each time that it is read.
     *
     * @throws IllegalArgumentException if the inputs have another dimension
     */
    public KernelSource infiniteWidth(RandomNetwork network, Inputs inputs, InfiniteWidth.Limit limit) {
        return InfiniteWidth.computed(network, inputs, limit, open());
    }

    /**
     * NTK (kernel 0) and NNGP (kernel 1) in the limit of infinite width block by block, for any number of inputs.
     *
     * @param parametrization of the NTK
     * @throws IllegalArgumentException if the inputs have another dimension
     */
    public KernelStream infiniteWidthStream(
            RandomNetwork network, Inputs inputs, InfiniteWidth.Parametrization parametrization) {
        return KernelStream.infiniteWidth(network, inputs, Optional.empty(), parametrization, open());
    }

    /**
     * The same with other inputs for the columns: {@code rows x columns}, not symmetric.
     *
     * @param rows test inputs, say
     * @param columns training inputs, say
     */
    public KernelStream infiniteWidthStream(
            RandomNetwork network, Inputs rows, Inputs columns, InfiniteWidth.Parametrization parametrization) {
        Objects.requireNonNull(columns, "columns");
        return KernelStream.infiniteWidth(network, rows, Optional.of(columns), parametrization, open());
    }

    /** How random the kernel is at initialisation: {@code E[Theta(x,x)^2] / E[Theta(x,x)]^2}, to be told how and asked. */
    public VarianceEstimation variance(RandomNetwork network) {
        return new VarianceEstimation(open(), network);
    }

    /** Trains one network to the end of the plan. */
    public TrainingResult train(Network network, Dataset data, TrainingPlan plan) {
        return train(network, data, plan, TrainingListener.NONE, () -> false);
    }

    /**
     * Trains one network to the end of the plan or until it is cancelled. A training that is to be saved and taken up again is a
     * {@link #training}.
     *
     * @param listener is told of steps and of the kernel's change at snapshots; decides nothing
     * @param cancel asked between units of work, which take up to a second or so; true ends the training
     * @throws CancellationException if it was cancelled
     * @throws IllegalArgumentException if network and data do not fit
     * @throws IllegalStateException if the network has no activation
     */
    public TrainingResult train(
            Network network, Dataset data, TrainingPlan plan, TrainingListener listener, BooleanSupplier cancel) {
        Objects.requireNonNull(network, "network");
        return train(List.of(network), data, plan, listener, cancel).get(0);
    }

    /**
     * The same for several networks of the same widths, side by side.
     *
     * @param listener {@link TrainingListener#network} tells it which network it hears of
     * @return one result for each network, in their order
     */
    public List<TrainingResult> train(
            List<Network> networks,
            Dataset data,
            TrainingPlan plan,
            TrainingListener listener,
            BooleanSupplier cancel) {
        try (Training training = training(new TrainingProblem(data, networks), plan)) {
            if (!training.run(listener, or(cancel))) {
                throw new CancellationException("The training was cancelled at step " + training.step() + ".");
            }
            return training.results();
        }
    }

    /**
     * A training of one or several networks that is run in pieces, watched, cancelled and saved; the caller closes it. What cancels
     * this Ntk does not cancel it.
     */
    public Training training(TrainingProblem problem, TrainingPlan plan) {
        return Training.start(problem, plan, engine());
    }

    /**
     * The training that was saved.
     *
     * @param checkpoint from {@link Training#checkpoint}
     * @throws IllegalArgumentException if it is damaged, of another version, or of another problem or plan
     */
    public Training resume(TrainingProblem problem, TrainingPlan plan, byte[] checkpoint) {
        return Training.resume(problem, plan, engine(), checkpoint);
    }

    /**
     * One given network with its kernel held fixed: regression with its own kernel, from its own outputs, all parameters trained
     * alike; of several outputs with the full kernel.
     *
     * @throws IllegalArgumentException if the data do not fit the network
     * @throws IllegalStateException if the network has no activation
     * @throws io.github.finitentk.compute.InsufficientMemoryException if the kernel does not fit
     */
    public LinearizedNetwork linearized(Network network, TrainTestData data) {
        return linearized(network, data, KernelForm.FULL, 0);
    }

    /**
     * The same with another form of the kernel and a ridge.
     *
     * @param form full, trace or pseudo
     * @param ridge added to the diagonal of the training block, at least 0
     */
    public LinearizedNetwork linearized(Network network, TrainTestData data, KernelForm form, double ridge) {
        return LinearizedNetwork.of(network, data, form, ridge, open());
    }

    /**
     * Kernel regression with any kernel, eq. (10).
     *
     * @param ridge added to the diagonal of the training block, at least 0
     */
    public KernelRegression regression(TrainTestKernel kernel, double ridge) {
        return KernelRegression.of(kernel, ridge, open());
    }

    /**
     * The same with the full kernel of several outputs, which are learnt together.
     *
     * @param outputs K; rows are in the order of {@link KernelForm#FULL}
     */
    public KernelRegression regression(TrainTestKernel kernel, int outputs, double ridge) {
        return KernelRegression.of(kernel, outputs, ridge, open());
    }

    /**
     * Kernel regression with more training inputs than a matrix in memory allows: {@link KernelSolver}.
     *
     * @param train {@code K(X)}, in memory or in a file
     * @throws IllegalArgumentException if it is not square
     */
    public KernelSolver solver(KernelSource train) {
        return KernelSolver.of(train, open());
    }

    /** The same with a kernel that is computed block by block, whenever it is needed, and never held. */
    public KernelSolver solver(KernelStream train) {
        return KernelSolver.of(train, open());
    }

    /** What NTK theory says about trained networks: eq. (10) with {@code Theta*}, its variance, Theorem 3. */
    public InfiniteWidthRegression regression(RandomNetwork network, TrainTestData data, double ridge) {
        return InfiniteWidthRegression.of(
                network, data.jointInputs(), data.train().samples(), ridge, open());
    }

    /**
     * Trains networks and compares them with what the theory says of them.
     *
     * @param theory {@link #regression} of the same network and data
     * @param networks how many, at least 2
     * @param time of training; infinity stands for the duration that sweeps have by default
     * @param seed network i is sample i of it
     */
    public EnsembleComparison ensemble(
            RandomNetwork network,
            TrainTestData data,
            InfiniteWidthRegression theory,
            int networks,
            double time,
            Seed seed) {
        return EnsembleComparison.train(network, data, theory, networks, time, seed, engine());
    }

    /**
     * The eigenvalues of a kernel of inputs with themselves.
     *
     * @throws IllegalArgumentException if it is not square or not finite
     */
    public Spectrum spectrum(Kernel kernel) {
        return Spectrum.of(kernel, open());
    }

    /**
     * The largest eigenvalues of a network's empirical kernel and their density, to be told how many and asked: for any number of
     * inputs, since the kernel is formed only where it is small.
     *
     * @throws IllegalArgumentException if the inputs have another dimension than the network takes
     * @throws IllegalStateException if the network has no activation
     */
    public SpectrumEvaluation spectrum(Network network, Inputs inputs) {
        return new SpectrumEvaluation(network, inputs, open());
    }

    /** The condition number of a kernel on training inputs. */
    public double conditionNumber(Kernel kernel) {
        return KernelRegression.conditionNumber(kernel, open());
    }

    /**
     * May NTK theory be trusted for this network? {@code ntk.trust(TrustQuestion.about(network).build())} asks it of the paper's data.
     *
     * @throws IllegalArgumentException if there are fewer images of MNIST than were asked for
     * @throws ArithmeticException if the kernel of this network exceeds the range of a double
     */
    public TrustReport trust(TrustQuestion question) {
        return trust(question, () -> false);
    }

    /**
     * The same, until it is cancelled.
     *
     * @param cancel asked between units of work, which take up to a second or so, and before a kernel is drawn; true ends it
     * @throws CancellationException if it was cancelled
     */
    public TrustReport trust(TrustQuestion question, BooleanSupplier cancel) {
        return TrustReport.of(question, engine(), or(cancel));
    }

    /**
     * What is NTK theory worth for a network that was trained elsewhere? {@code ntk.trust(NetworkQuestion.about(network,
     * data).initial(before).build())}.
     *
     * @throws IllegalArgumentException if the question takes a kernel that is too large
     * @throws ArithmeticException if a kernel of the network exceeds the range of a double
     */
    public NetworkReport trust(NetworkQuestion question) {
        return trust(question, () -> false);
    }

    /**
     * The same, to be cancelled.
     *
     * @param cancel asked between steps of the computation, possibly by several threads at once; true ends it
     * @throws CancellationException if it was cancelled
     */
    public NetworkReport trust(NetworkQuestion question, BooleanSupplier cancel) {
        return NetworkReport.of(question, engine(), or(cancel));
    }

    /** A grid of any quantity, to be told where its cells go, who watches and who may cancel, and run. */
    public Sweep sweep(SweepSpec spec) {
        return new Sweep(spec, engine()).cancel(cancel);
    }

    /**
     * A figure of the paper, to be told how fine, who watches and who may cancel, and drawn into a folder.
     *
     * @param number one of {@link PaperFigure#numbers}
     * @throws IllegalArgumentException if there is no such figure
     */
    public PaperFigure figure(int number) {
        return new PaperFigure(number, engine()).cancel(cancel);
    }

    // For what is cancelled between its tasks.
    private Engine open() {
        return engine().cancelledBy(cancel);
    }

    // For what asks itself, where it can end with all that it has.
    private Engine engine() {
        engine.requireOpen();
        return engine;
    }

    private BooleanSupplier or(BooleanSupplier other) {
        return () -> cancel.getAsBoolean() || other.getAsBoolean();
    }

    /** Ends its own threads; an executor of the application is left alone. Closing again does nothing. */
    @Override
    public void close() {
        if (owned) {
            engine.close();
        }
    }

    /** {@code native, 4 threads}. */
    @Override
    public String toString() {
        return engine.toString();
    }
}
