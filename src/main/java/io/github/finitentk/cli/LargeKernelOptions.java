package io.github.finitentk.cli;

import io.github.finitentk.Ntk;
import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.kernel.KernelStream;
import io.github.finitentk.model.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Kernels that are written block by block: the options for it, and the work. */
final class LargeKernelOptions {

    private static final int MOST_OF_AN_ARRAY = Integer.MAX_VALUE - 8;

    private static final String CURE = "--memory 2g --output theta.npy writes it block by block.";

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--memory",
            paramLabel = "2g",
            description =
                    "Write the kernel block by block into --output FILE.npy, with at most this much memory for the whole"
                            + " process (bytes, or k, m, g, t: powers of 1000); any size that the disk holds.")
    private ByteCount memory;

    @Option(
            names = "--storage",
            completionCandidates = OptionTypes.Precisions.class,
            paramLabel = "f32|f64",
            description =
                    "With --memory: number type of the file (default: that of the states, --precision; f64 with --infinite).")
    private Precision storage;

    @Option(
            names = "--triangle",
            description =
                    "With --memory: the lower triangle of a symmetric kernel alone, row after row; half the size.")
    private boolean triangle;

    @Option(names = "--resume", description = "With --memory: continue an interrupted kernel, or begin it.")
    private boolean resume;

    private record Written(String file, int[] shape, String storage, boolean triangle) {}

    /** Whether a kernel is to be written block by block. */
    boolean isAsked() {
        if (memory == null) {
            GlobalOptions.refuseWithoutEffect(spec, "without --memory", List.of("--storage", "--triangle", "--resume"));
        }
        return memory != null;
    }

    /**
     * Computes a kernel into a file.
     *
     * @param stream of a kernel, by who may be stopped
     * @param what the file holds
     * @param ofStates the number type that the file has if none was asked for
     * @param used the other files of the command
     * @return the exit code
     */
    int write(
            Function<Ntk, KernelStream> stream,
            String what,
            Path output,
            Precision ofStates,
            GlobalOptions options,
            Path... used) {
        Path file = file(output, options, used);
        Precision numbers = storage == null ? ofStates : storage;
        KernelWriter.Format format = numbers == Precision.F32
                ? triangle ? KernelWriter.Format.F32_TRIANGLE : KernelWriter.Format.F32
                : triangle ? KernelWriter.Format.F64_TRIANGLE : KernelWriter.Format.F64;
        try (StopSignal stop = new StopSignal(options, "saving the finished blocks");
                KernelProgress progress = new KernelProgress(options)) {
            KernelStream kernel = stream.apply(options.ntk().cancelledBy(stop));
            kernel.memory(forBlocks()).listener(progress);
            try {
                if (resume) {
                    kernel.resume(file, format);
                } else {
                    kernel.write(file, format);
                }
            } catch (CancellationException e) {
                options.err()
                        .println("ntk: interrupted with " + progress.share() + " of the kernel saved; resume with: "
                                + TypedCommand.resuming(spec));
                return stop.exitCode();
            }
            int[] shape = kernel.shape();
            if (options.json) {
                options.print(new Written(file.toString(), shape, numbers.label(), triangle));
            }
            options.message("Wrote " + file + ": " + what + ", "
                    + String.join(
                            " x ",
                            Arrays.stream(shape).mapToObj(Integer::toString).toList())
                    + (triangle ? ", its lower triangle" : "") + ", float" + 8 * numbers.bytes() + ".");
            return 0;
        }
    }

    // What is free of the heap is filled with garbage before it is collected again.
    private long forBlocks() {
        long left = memory.left();
        return left - Math.min(left / 2, Runtime.getRuntime().freeMemory());
    }

    /**
     * That a kernel can be had in one piece.
     *
     * @throws IllegalArgumentException if it cannot, with what can be done
     */
    static void requireArray(KernelStream kernel) {
        double entries = (double) kernel.rows() * kernel.columns();
        if (entries > MOST_OF_AN_ARRAY) {
            throw new IllegalArgumentException("A kernel of " + kernel.rows() + " x " + kernel.columns()
                    + " entries has more than one array can hold; " + CURE);
        }
    }

    /** What can be done where memory does not suffice for a kernel in one piece. */
    static InsufficientMemoryException cured(InsufficientMemoryException refusal) {
        return new InsufficientMemoryException(refusal.getMessage().replaceFirst("\\.$", "") + "; " + CURE);
    }

    private Path file(Path output, GlobalOptions options, Path... used) {
        if (output == null) {
            throw new ParameterException(
                    spec.commandLine(), "--memory writes the kernel block by block, into --output FILE.npy.");
        }
        Destination file = Destination.file(output, options, used);
        if (!file.ending().equals("npy")) {
            throw new IllegalArgumentException(
                    "A kernel that is written block by block is an .npy file, but " + output + " is not named so.");
        }
        return output;
    }
}
