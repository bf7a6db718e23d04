package io.github.finitentk.spark;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.Locale;
import picocli.CommandLine;

/** What {@code spark-submit} runs: {@code spark-submit [OPTIONS OF SPARK] finite-ntk-spark.jar SPEC.yaml --out DIR}. */
public final class Main {

    private Main() {}

    /** Ends the virtual machine with an exit code unless that is 0. */
    public static void main(String[] args) {
        // Digits and decimal points are the same everywhere, also where a library formats them.
        Locale.setDefault(Locale.ROOT);
        SweepCommand sweep = new SweepCommand();
        int exitCode = io.github.finitentk.cli.Main.run(
                parser(sweep),
                sweep.options,
                args,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err));
        // YARN takes a driver that exits by itself for one that failed.
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static CommandLine parser(SweepCommand sweep) {
        CommandLine parser = new CommandLine(sweep).setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
        // A task computes on one thread; how many of them there are is Spark's to say.
        parser.getCommandSpec().remove(parser.getCommandSpec().findOption("--threads"));
        return parser;
    }
}
