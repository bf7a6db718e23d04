package io.github.finitentk.cli;

import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import io.github.finitentk.model.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of {@code ntk regress} that say how the training kernel is inverted, and where predictions go. */
final class SolverOptions {

    /** How the training kernel is inverted. */
    enum Solver {
        AUTO,
        EIGEN,
        CHOLESKY,
        CHOLESKY_F32,
        CG;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Solver parse(String label) {
            return Arrays.stream(values())
                    .filter(solver -> solver.label().equals(label.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Unknown solver \"" + label + "\"; allowed are "
                            + Arrays.stream(values()).map(Solver::label).collect(Collectors.joining(", ")) + "."));
        }
    }

    /** Up to so many inputs, training and test together, all that theory says is computed unless another solver is asked for. */
    private static final int EVERYTHING = 5000;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--solver",
            completionCandidates = OptionTypes.Solvers.class,
            paramLabel = "auto|eigen|cholesky|cholesky-f32|cg",
            description =
                    "How the training kernel is inverted: from its eigenvalues, with variances and any --time (eigen); predictions at"
                            + " convergence alone, for tens of thousands of inputs, by a Cholesky factor of 4 S^2 bytes (cholesky),"
                            + " by one of half the size, refined (cholesky-f32), or by conjugate gradients, which never hold the"
                            + " kernel (cg). auto: eigen up to " + EVERYTHING
                            + " inputs, then cholesky where it fits, else cg (default: auto).")
    private Solver solver = Solver.AUTO;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description =
                    "With all solvers but eigen: how much memory to take at most, as 6g or 500m (default: what there is).")
    private ByteCount memory;

    @Option(
            names = "--tolerance",
            paramLabel = "R",
            description =
                    "With cholesky-f32 and cg: the relative residual to end with, |Y - K a| / |Y| of each output (default: 1e-6).")
    private Double tolerance;

    @Option(
            names = "--kernel-file",
            paramLabel = "FILE.npy",
            description =
                    "With all solvers but eigen, of an initialisation: compute the training kernel once, into this file (its lower"
                            + " triangle), not in each iteration. It stays; one that is there is taken, if it holds this kernel.")
    private Path kernelFile;

    @Option(
            names = "--storage",
            completionCandidates = OptionTypes.Precisions.class,
            paramLabel = "f32|f64",
            description = "With --kernel-file: number type of the file, 2 S^2 or 4 S^2 bytes (default: f64).")
    private Precision storage;

    @Option(names = "--output", paramLabel = "FILE.npy|.csv", description = "Write the predictions, T x K, to a file.")
    private Path output;

    /**
     * The solver for a problem; auto is eigen where the problem is small, or takes it.
     *
     * @param inputs training and test inputs together
     * @param finite options of the command that need eigenvalues, such as a finite training time
     */
    Solver of(long inputs, List<String> finite) {
        if (kernelFile == null) {
            GlobalOptions.refuseWithoutEffect(command, "without --kernel-file", List.of("--storage"));
        }
        boolean direct = solver == Solver.AUTO && (inputs <= EVERYTHING || !finite.isEmpty());
        if (solver == Solver.EIGEN || direct) {
            String because = solver == Solver.EIGEN
                    ? "with --solver eigen"
                    : finite.isEmpty()
                            ? "with " + inputs + " inputs, for which --solver auto is eigen"
                            : "with " + finite.get(0) + ", which takes --solver eigen";
            GlobalOptions.refuseWithoutEffect(command, because, List.of("--memory", "--tolerance", "--kernel-file"));
            return Solver.EIGEN;
        }
        if (!finite.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    finite.get(0) + " takes eigenvalues: --solver " + solver.label()
                            + " finds predictions at convergence alone; leave it out, or use --solver eigen.");
        }
        if (solver == Solver.CHOLESKY) {
            GlobalOptions.refuseWithoutEffect(
                    command, "with --solver cholesky, whose residual is what rounding leaves", List.of("--tolerance"));
        }
        return solver;
    }

    /** Tells a solver memory and tolerance. */
    KernelSolver configure(KernelSolver of) {
        if (memory != null) {
            of.memory(memory.left());
        }
        if (tolerance != null) {
            of.tolerance(tolerance);
        }
        if (kernelFile != null) {
            of.keep(kernelFile, storage == null ? Precision.F64 : storage);
        }
        return of;
    }

    /** The method of a solver; of auto what fits, which is said. */
    KernelSolution.Method method(Solver chosen, KernelSolver of, int outputs, GlobalOptions options) {
        return switch (chosen) {
            case CHOLESKY -> KernelSolution.Method.CHOLESKY;
            case CHOLESKY_F32 -> KernelSolution.Method.CHOLESKY_F32;
            case CG -> KernelSolution.Method.CONJUGATE_GRADIENTS;
            case AUTO -> {
                KernelSolver.Choice choice = of.choice(outputs);
                options.message("ntk: --solver " + name(choice.method()) + ": " + choice.reason() + ".");
                yield choice.method();
            }
            case EIGEN -> throw new IllegalStateException("Eigenvalues are found elsewhere.");
        };
    }

    private static String name(KernelSolution.Method method) {
        return method == KernelSolution.Method.CONJUGATE_GRADIENTS ? Solver.CG.label() : method.label();
    }

    /** Refuses what is about kernels that are computed here. */
    void refuseKernelFile(String because) {
        GlobalOptions.refuseWithoutEffect(command, because, List.of("--kernel-file"));
    }

    /** Where predictions go, checked before the work, as is the file of the kernel. */
    Optional<PredictionFile> output(GlobalOptions options, Path... used) {
        if (kernelFile != null) {
            Destination file = Destination.file(kernelFile, options, Destination.and(used, output));
            if (!file.ending().equals("npy")) {
                throw new IllegalArgumentException(
                        "A kernel is kept in an .npy file, but " + kernelFile + " is not named so.");
            }
        }
        return Optional.ofNullable(output).map(path -> new PredictionFile(path, options, used));
    }
}
