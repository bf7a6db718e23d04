package io.github.finitentk.fuzzing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What every parser owes for every input: it returns, or throws one of its documented exceptions with one sentence; it takes less than a
 * second of its thread's processor time; and it allocates no more than a constant and a multiple of the input's size.
 */
public final class Parsing {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final long MAX_NANOS = 1_000_000_000;

    /** Names that a file gives are quoted in sentences; none may fill the terminal. */
    private static final int MAX_SENTENCE = 2000;

    /** Loading of classes and the compiler are not the parser's: what is above a limit is measured again. */
    private static final int ATTEMPTS = 3;

    private static final Path FOLDER = folder();

    private final long base;
    private final long factor;
    private final Set<Class<? extends RuntimeException>> documented;

    /**
     * A parser's limits.
     *
     * @param base bytes it may allocate whatever the input
     * @param factor bytes it may allocate beyond that for each byte of the input
     * @param documented the exceptions it may throw, exactly: subclasses must be named too
     */
    public Parsing(long base, long factor, Set<Class<? extends RuntimeException>> documented) {
        this.base = base;
        this.factor = factor;
        this.documented = Set.copyOf(documented);
    }

    private static Path folder() {
        try {
            Path folder = Files.createTempDirectory("fuzzing");
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of this name in a folder of this process, which goes when the process does. */
    public static Path file(String name) {
        Path file = FOLDER.resolve(name);
        file.toFile().deleteOnExit();
        return file;
    }

    /** As {@link #of(long, Supplier)} with the input in a file of this name. */
    public boolean of(byte[] content, String name, Function<Path, ?> parser) {
        Path file = file(name);
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return of(content.length, () -> parser.apply(file));
    }

    /**
     * Parses.
     *
     * @param inputBytes the input's size
     * @param parser leaves nothing behind: it may be called again
     * @return whether the input was accepted
     */
    public boolean of(long inputBytes, Supplier<?> parser) {
        long limit = base + factor * inputBytes;
        for (int attempt = 1; ; attempt++) {
            long bytes = THREADS.getCurrentThreadAllocatedBytes();
            long nanos = THREADS.getCurrentThreadCpuTime();
            boolean accepted = isAccepted(parser);
            nanos = THREADS.getCurrentThreadCpuTime() - nanos;
            bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
            if (nanos <= MAX_NANOS && bytes <= limit) {
                return accepted;
            }
            if (attempt == ATTEMPTS) {
                assertThat(nanos).as("nanoseconds").isLessThanOrEqualTo(MAX_NANOS);
                assertThat(bytes)
                        .as("bytes allocated for an input of " + inputBytes)
                        .isLessThanOrEqualTo(limit);
            }
        }
    }

    private boolean isAccepted(Supplier<?> parser) {
        try {
            parser.get();
            return true;
        } catch (RuntimeException e) {
            if (!documented.contains(e.getClass())) {
                fail("An exception that is not documented left the parser", e);
            }
            String sentence = e.getMessage();
            if (sentence == null
                    || !sentence.matches("(?s).*[.)]") // advice may end with a line of Python
                    || sentence.length() > MAX_SENTENCE
                    || sentence.chars().anyMatch(Character::isISOControl)) {
                fail("This is not one sentence: " + sentence, e);
            }
            return false;
        }
    }
}
