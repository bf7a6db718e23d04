package io.github.finitentk.cli;

import io.github.finitentk.data.NpyArray;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Kernels in files; the ending says how. An .npz archive holds them all by name; of .npy and .csv each kernel has one of
 * its own, the first under the name that was asked for, further ones with theirs added: {@code theta.npy},
 * {@code theta-nngp.npy}.
 */
final class KernelFile {

    private static final List<String> ENDINGS = List.of("npy", "csv", "npz");

    private final Map<String, Destination> byKernel = new LinkedHashMap<>();
    private final String format;

    /**
     * @param output where the first kernel goes
     * @param kernels their names
     * @param used the other files of the command
     * @throws IllegalArgumentException if nothing can be written there, or the ending is no format of kernels
     */
    KernelFile(Path output, GlobalOptions options, List<String> kernels, Path... used) {
        Destination first = Destination.of(output, options, used).besideJson();
        if (!first.ending().isEmpty() && !ENDINGS.contains(first.ending())) {
            throw new IllegalArgumentException(
                    "A kernel is written as .npy, .csv or .npz, but " + output + " ends in none of them.");
        }
        // A stream has room for one array, or for an archive.
        format = !first.ending().isEmpty() ? first.ending() : first.isStream() && kernels.size() > 1 ? "npz" : "npy";
        byKernel.put(kernels.get(0), first);
        for (String kernel : kernels.subList(1, kernels.size())) {
            byKernel.put(
                    kernel, format.equals("npz") ? first : Destination.file(sibling(output, kernel), options, used));
        }
    }

    private static Path sibling(Path output, String kernel) {
        String name = output.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return output.resolveSibling(
                dot <= 0 ? name + "-" + kernel : name.substring(0, dot) + "-" + kernel + name.substring(dot));
    }

    boolean isStandardOutput() {
        return byKernel.values().iterator().next().isStandardOutput();
    }

    /**
     * @param rank of the arrays that are to be written
     * @throws IllegalArgumentException if the format has matrices only
     */
    void requireRank(int rank) {
        if (rank > 2 && format.equals("csv")) {
            throw new IllegalArgumentException("A .csv file holds one matrix, and this is an array of " + rank
                    + " dimensions; .npy and .npz hold it.");
        }
    }

    /** @param kernels by the names given before */
    void write(Map<String, NpyArray> kernels) {
        if (format.equals("npz")) {
            NpyArray first = kernels.values().iterator().next();
            byKernel.values()
                    .iterator()
                    .next()
                    .write(
                            String.join(" and ", kernels.keySet()) + ", " + shape(first),
                            out -> NpyArray.writeAll(out, kernels));
            return;
        }
        kernels.forEach((name, kernel) -> byKernel.get(name)
                .write(
                        "the " + title(name) + ", " + shape(kernel),
                        format.equals("csv") ? kernel::writeCsv : kernel::write));
    }

    private static String title(String kernel) {
        return kernel.equals("nngp") ? "NNGP" : "NTK";
    }

    private static String shape(NpyArray kernel) {
        return Arrays.stream(kernel.shape()).mapToObj(Integer::toString).collect(Collectors.joining(" x "))
                + ", float64";
    }
}
