package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Targets;
import io.github.finitentk.kernel.KernelSolution;
import io.github.finitentk.kernel.KernelSolver;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** {@code ntk regress} by a solver: solves, predicts, writes and prints, and can be interrupted. */
final class SolvedRegression {

    /** Where the kernels come from. */
    interface Kernels {

        /** Whose {@code K(X)} is to be inverted. */
        KernelSolver train(Ntk ntk);

        /** The same for conjugate gradients, which take products with it only. */
        default KernelSolver products(Ntk ntk) {
            return train(ntk);
        }

        /** {@code K(x, X) alpha}. */
        double[][] predict(KernelSolution solution);
    }

    private final GlobalOptions options;
    private final SolverOptions solvers;
    private final SolverOptions.Solver chosen;
    private final StageProgress progress;

    SolvedRegression(GlobalOptions options, SolverOptions solvers, SolverOptions.Solver chosen) {
        this.options = options;
        this.solvers = solvers;
        this.chosen = chosen;
        progress = new StageProgress("Regression", options);
    }

    /** Who hears of the progress of what is computed on the way. */
    StageProgress progress() {
        return progress;
    }

    /**
     * @param name of the kernel, for the document
     * @param data what the targets belong to, if that is known
     * @param testTargets {@code T x K}, if they are known
     * @param output where predictions go, if anywhere
     * @return the exit code
     */
    int run(
            Kernels kernels,
            String name,
            Optional<Dataset> data,
            Targets targets,
            Optional<Targets> testTargets,
            double ridge,
            Optional<PredictionFile> output) {
        try (StopSignal stop = new StopSignal(options, "stopping")) {
            try {
                KernelSolver solver =
                        solvers.configure(kernels.train(options.ntk().cancelledBy(stop))
                                .ridge(ridge)
                                .listener(progress));
                KernelSolution solution =
                        solver.solve(targets, solvers.method(chosen, solver, targets.outputs(), options));
                progress.progress("predicting", 0);
                double[][] predictions = kernels.predict(solution);
                progress.progress("predicting", 1);
                print(
                        SolvedAnswer.of(
                                data, targets, name, ridge, solution, predictions, testTargets, progress.seconds()),
                        predictions,
                        output);
                return solution.converged() ? 0 : unconverged(solution);
            } catch (CancellationException interrupted) {
                options.err()
                        .println("ntk: interrupted"
                                + (progress.stage().isEmpty() ? "" : " while " + progress.stage())
                                + "; no predictions were written.");
                return stop.exitCode();
            }
        }
    }

    private void print(SolvedAnswer.Document document, double[][] predictions, Optional<PredictionFile> output) {
        output.ifPresent(file -> file.write(predictions));
        if (options.json) {
            options.print(document);
        } else if (output.stream().noneMatch(PredictionFile::isStandardOutput)) {
            RecordText.print(document, options.out());
        }
    }

    private int unconverged(KernelSolution solution) {
        options.err()
                .println("ntk: not converged: after " + solution.iterations() + " iterations the relative residual is "
                        + solution.largestResidual() + ", above the tolerance; what stands there is of that accuracy.");
        return 1;
    }
}
