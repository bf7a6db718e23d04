package io.github.finitentk.cli;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SHA-256 of what {@code ntk export} and {@code ntk kernel} write of small runs of every kind that is to be the same on every
 * processor. A program of its own, too, so that any machine can be asked: {@code java -cp ... io.github.finitentk.cli.SameBits
 * [native|java]} prints the lines of {@code same-bits.sha256}.
 */
final class SameBits {

    private final String backend;
    private final Path folder;
    private final Map<String, String> digests = new LinkedHashMap<>();

    private SameBits(String backend, Path folder) {
        this.backend = backend;
        this.folder = folder;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("same-bits");
        try {
            lines(args[0], folder).forEach(System.out::println);
        } finally {
            try (var files = Files.list(folder)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(folder);
        }
    }

    /** Lines as {@code sha256sum} writes them, of files made in a folder. */
    static List<String> lines(String backend, Path folder) throws IOException {
        SameBits bits = new SameBits(backend, folder);
        bits.run();
        return bits.digests.entrySet().stream()
                .map(entry -> entry.getValue() + "  " + entry.getKey())
                .toList();
    }

    private void run() throws IOException {
        String grid = "sigma_w2: [1, 2.5]\nsigma_b2: [0, 0.7]\ndepth: [2, 6]\nwidth: [9, 40]\ndraws: 20\nseed: 3\n";
        String few = "activation: [relu, tanh]\n" + grid;
        String all = "activation: [relu, tanh, erf, gelu, sin, sigmoid, softplus, silu, abs]\n" + grid;
        for (String method : List.of("chain", "conditional", "rao-blackwell", "weights")) {
            sweep("variance-" + method, "quantity: variance\nmethod: " + method + "\n" + all);
        }
        for (String method : List.of("smc", "leading-order", "auto")) {
            sweep("variance-" + method, "quantity: variance\nmethod: " + method + "\n" + few);
        }
        sweep("variance-exact", "quantity: variance\nmethod: exact\nactivation: relu\n" + grid);
        sweep("variance-pair", "quantity: variance\ncorrelation: [0.3, 1]\n" + few);
        sweep("theory", "quantity: theory\n" + all.replaceAll("draws: 20\nseed: 3\n", ""));
        for (String precision : List.of("f64", "f32")) {
            sweep(
                    "gradient-descent-" + precision,
                    "quantity: kernel_change\nactivation: [tanh, relu, gelu]\nsigma_w2: 2.2\nsigma_b2: 1\n"
                            + "depth: [2, 5]\nwidth: [12, 30]\nsamples: 40\nmax_steps: 60\nintegrator: gd\n"
                            + "initializations: 2\nseed: 5\nprecision: " + precision + "\n");
            sweep(
                    "adam-" + precision,
                    "quantity: kernel_change\nactivation: [tanh, relu]\nsigma_w2: 2.2\nsigma_b2: 1\ndepth: 4\nwidth: 30\n"
                            + "samples: 40\ntargets: one-hot\nloss: cross-entropy\noptimizer: adam\nlearning_rate: 1e-3\n"
                            + "batch: 16\nmax_steps: 60\nintegrator: gd\nseed: 5\nprecision: " + precision + "\n");
            kernel(precision, 1, 1);
            kernel(precision, 1, 130);
            kernel(precision, 3, 70);
        }
    }

    private void sweep(String name, String text) throws IOException {
        Path spec = folder.resolve(name + ".yaml");
        Files.writeString(spec, text);
        Path run = folder.resolve(name + ".db");
        ntk("sweep", spec.toString(), "--out", run.toString(), "--quiet");
        add(name + ".csv", ntk("export", run.toString()).getBytes(StandardCharsets.UTF_8));
        Files.delete(run);
    }

    private void kernel(String precision, int outputs, int inputs) throws IOException {
        String name = "kernel-" + precision + "-" + outputs + "-outputs-" + inputs + "-inputs.npy";
        Path x = folder.resolve("x.npy");
        NpyArray.of(Inputs.onSphere(inputs, 20, Seed.of(1)).toArray(), inputs, 20)
                .write(x);
        Path network = folder.resolve("net.npz");
        new RandomNetwork(Architecture.of(20, 70, 33, 64, outputs), Activations.TANH, new Initialization(2, 0.3))
                .sample(Seed.of(2))
                .write(network);
        Path theta = folder.resolve(name);
        ntk(
                "kernel",
                "--network",
                network.toString(),
                "--inputs",
                x.toString(),
                "--activation",
                "tanh",
                "--precision",
                precision,
                "--outputs",
                "full",
                "--output",
                theta.toString());
        add(name, Files.readAllBytes(theta));
        Files.delete(theta);
    }

    private String ntk(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--backend";
        all[arguments.length + 1] = backend;
        CommandLineRun run = CommandLineRun.of(all);
        if (run.exitCode() != 0) {
            throw new AssertionError(String.join(" ", all) + ": " + run.err());
        }
        return run.out();
    }

    private void add(String name, byte[] bytes) {
        try {
            digests.put(
                    name,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
