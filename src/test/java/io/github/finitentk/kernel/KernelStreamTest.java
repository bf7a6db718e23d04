package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelWriter.Format;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import io.github.finitentk.model.RandomNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernels block by block are those in one piece, bit for bit, and files of them the same after whatever interruption. */
class KernelStreamTest {

    private static final int[] WIDTHS = {5, 9, 12, 3};

    @TempDir
    Path folder;

    static List<Backend> backends() {
        return Stream.of(Backend.fastest(), Backend.pureJava()).distinct().toList();
    }

    private static Network network(int... widths) {
        return new RandomNetwork(Architecture.of(widths), Activations.TANH, new Initialization(1.5, 0.3))
                .sample(Seed.of(1));
    }

    private static KernelEvaluation evaluation(Engine engine, int samples, int... widths) {
        return new KernelEvaluation(network(widths), Inputs.onSphere(samples, widths[0], Seed.of(2)), engine);
    }

    // Memory for many blocks, not too many for a test.
    private static long littleMemory(KernelStream stream) {
        long tooLittle = 1;
        long enough = 1 << 26;
        assertThat(fits(stream, enough)).isTrue();
        while (enough - tooLittle > 4096) {
            long middle = (enough + tooLittle) / 2;
            if (fits(stream, middle)) {
                enough = middle;
            } else {
                tooLittle = middle;
            }
        }
        return enough;
    }

    private static boolean fits(KernelStream stream, long memory) {
        try {
            return stream.memory(memory).plan().order().size() <= 40;
        } catch (InsufficientMemoryException tooLittle) {
            assertThat(tooLittle.getMessage()).contains("of memory, but only").endsWith("may be used.");
            return false;
        }
    }

    private static void requireSame(KernelStream stream, List<Kernel> whole) {
        int rows = whole.get(0).rows();
        int columns = whole.get(0).columns();
        assertThat(stream.kernels()).isEqualTo(whole.size());
        BitSet seen = new BitSet(whole.size() * rows * columns);
        AtomicInteger blocks = new AtomicInteger();
        stream.forEach(block -> {
            blocks.incrementAndGet();
            for (int s = 0; s < block.rows(); s++) {
                for (int r = 0; r < block.columns(); r++) {
                    int row = block.row() + s;
                    int column = block.column() + r;
                    assertThat(block.values()[s * block.columns() + r])
                            .isEqualTo(whole.get(block.kernel()).get(row, column));
                    int place = (block.kernel() * rows + row) * columns + column;
                    assertThat(seen.get(place)).as("handed on before").isFalse();
                    seen.set(place);
                }
            }
        });
        for (int kernel = 0; kernel < whole.size(); kernel++) {
            for (int s = 0; s < rows; s++) {
                int end = stream.isSymmetric() ? s + 1 : columns;
                int place = (kernel * rows + s) * columns;
                assertThat(seen.nextClearBit(place)).isGreaterThanOrEqualTo(place + end);
            }
        }
        if (rows > 100) {
            assertThat(blocks.get()).isGreaterThan(2);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void everyFormInBlocksIsTheFormInOnePiece(Backend backend) {
        try (Engine engine = Engine.of(backend, WorkerPool.of(2))) {
            for (Precision precision : Precision.values()) {
                for (KernelForm form : new KernelForm[] {
                    KernelForm.FULL, KernelForm.DIAGONAL, KernelForm.TRACE, KernelForm.PSEUDO, KernelForm.output(1)
                }) {
                    for (int samples : new int[] {1, 2, 65, 131}) {
                        KernelEvaluation asked =
                                evaluation(engine, samples, WIDTHS).form(form).precision(precision);
                        KernelStream stream = asked.stream();
                        stream.memory(littleMemory(stream));
                        requireSame(stream, asked.evaluate().kernels());
                    }
                    KernelEvaluation asked = evaluation(engine, 70, WIDTHS)
                            .form(form)
                            .precision(precision)
                            .versus(Inputs.onSphere(45, WIDTHS[0], Seed.of(3)));
                    KernelStream stream = asked.stream();
                    stream.memory(littleMemory(stream));
                    requireSame(stream, asked.evaluate().kernels());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void ratesAndSingleLayersToo(Backend backend) {
        try (Engine engine = Engine.of(backend, WorkerPool.of(3))) {
            KernelEvaluation asked = evaluation(engine, 71, WIDTHS)
                    .form(KernelForm.DIAGONAL)
                    .rates(LayerRates.of(new double[] {0.5, 0, 2}, new double[] {0, 0, 0.25}));
            KernelStream stream = asked.stream();
            stream.memory(littleMemory(stream));
            requireSame(stream, asked.evaluate().kernels());
            stream = asked.streamByLayer();
            stream.memory(littleMemory(stream));
            requireSame(
                    stream,
                    asked.byLayer().stream()
                            .flatMap(layer -> layer.kernels().stream())
                            .toList());
            // One output, one input against many, no hidden layer.
            for (int[] widths : new int[][] {{4, 7, 6, 1}, {4, 1}, {4, 3}}) {
                asked = evaluation(engine, 1, widths).versus(Inputs.onSphere(67, 4, Seed.of(4)));
                stream = asked.stream();
                stream.memory(littleMemory(stream));
                requireSame(stream, asked.evaluate().kernels());
            }
        }
    }

    @Test
    void withRoomForAllThereIsOneBlock() {
        try (Engine engine = Engine.of(Backend.fastest(), WorkerPool.of(2))) {
            AtomicInteger blocks = new AtomicInteger();
            AtomicLong last = new AtomicLong();
            evaluation(engine, 300, WIDTHS).stream()
                    .listener((done, all) -> {
                        assertThat(all).isEqualTo(300L * 301 / 2);
                        last.set(done);
                    })
                    .forEach(block -> blocks.incrementAndGet());
            assertThat(blocks).hasValue(1);
            assertThat(last).hasValue(300L * 301 / 2);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void filesHoldTheSameNumbers(Backend backend) throws IOException {
        try (Engine engine = Engine.of(backend, WorkerPool.of(2))) {
            for (Precision precision : Precision.values()) {
                KernelEvaluation asked = evaluation(engine, 90, WIDTHS).precision(precision);
                Kernel whole = asked.evaluate().theta();
                for (Format format : Format.values()) {
                    Path file = folder.resolve(precision + "-" + format + ".npy");
                    KernelStream stream = asked.stream();
                    stream.memory(littleMemory(stream)).write(file, format);
                    boolean single = format == Format.F32 || format == Format.F32_TRIANGLE;
                    try (StoredKernel stored = StoredKernel.open(file)) {
                        assertThat(stored.isPacked()).isEqualTo(format.isTriangle());
                        assertThat(stored.block(0, 90, 0, 90).toArray())
                                .isEqualTo(
                                        single
                                                ? Arrays.stream(whole.toArray())
                                                        .map(x -> (float) x)
                                                        .toArray()
                                                : whole.toArray());
                    }
                    if (format == Format.F64) {
                        Path inOnePiece = folder.resolve("whole.npy");
                        whole.write(inOnePiece);
                        assertThat(file).hasSameBinaryContentAs(inOnePiece);
                    }
                }
            }
            KernelEvaluation stack = evaluation(engine, 50, WIDTHS).form(KernelForm.DIAGONAL);
            Path file = folder.resolve("stack.npy");
            stack.streamByLayer().write(file, Format.F64);
            NpyArray array = NpyArray.read(file);
            assertThat(array.shape()).containsExactly(3, 3, 50, 50);
            double[] expected = stack.byLayer().stream()
                    .flatMap(layer -> layer.kernels().stream())
                    .flatMapToDouble(kernel -> Arrays.stream(kernel.toArray()))
                    .toArray();
            assertThat(array.data()).isEqualTo(expected);
            assertThat(files()).allMatch(name -> name.endsWith(".npy"));
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void whatWasInterruptedGoesOnToTheSameBytes(Backend backend) throws IOException {
        try (Engine engine = Engine.of(backend, WorkerPool.of(2))) {
            for (Format format : Format.values()) {
                Path expected = folder.resolve("expected-" + format + ".npy");
                Path file = folder.resolve("interrupted-" + format + ".npy");
                KernelEvaluation asked = evaluation(engine, 131, WIDTHS);
                long memory = littleMemory(asked.stream());
                asked.stream().memory(memory).write(expected, format);
                List<Long> begins = new ArrayList<>();
                boolean finished = false;
                for (int attempt = 0; !finished; attempt++) {
                    AtomicInteger left = new AtomicInteger(3);
                    List<Long> heard = new ArrayList<>();
                    KernelStream stream = asked.stream().memory(memory + attempt * 1000L);
                    stream.listener((done, all) -> {
                        heard.add(done);
                        if (left.decrementAndGet() == 0) {
                            throw new CancellationException("as if by a user");
                        }
                    });
                    try {
                        stream.resume(file, format);
                        finished = true;
                    } catch (CancellationException interrupted) {
                        assertThat(file).doesNotExist();
                        assertThat(folder.resolve("interrupted-" + format + ".npy.blocks"))
                                .exists();
                    }
                    begins.add(heard.get(0));
                }
                assertThat(begins).hasSizeGreaterThan(2).isSorted().doesNotHaveDuplicates();
                assertThat(file).hasSameBinaryContentAs(expected);
            }
            assertThat(files()).allMatch(name -> name.endsWith(".npy"));
        }
    }

    @Test
    void whatIsThereIsNeverReplacedAndOtherSettingsAreNamed() throws IOException {
        try (Engine engine = Engine.of(Backend.fastest(), WorkerPool.of(2))) {
            KernelEvaluation asked = evaluation(engine, 131, WIDTHS);
            Path file = folder.resolve("theta.npy");
            long memory = littleMemory(asked.stream());
            KernelStream stream = asked.stream().memory(memory).listener((done, all) -> {
                if (done > 0) {
                    throw new CancellationException();
                }
            });
            assertThatThrownBy(() -> stream.write(file, Format.F64)).isInstanceOf(CancellationException.class);
            assertThatThrownBy(() -> asked.stream().write(file, Format.F64))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("was begun and is not finished; resume it, or remove");
            assertThatThrownBy(() -> asked.stream().resume(file, Format.F32))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("there it is \"format: F64\", now \"format: F32\"");
            assertThatThrownBy(() -> evaluation(engine, 131, WIDTHS).form(KernelForm.PSEUDO).stream()
                            .resume(file, Format.F64))
                    .hasMessageContaining("there it is \"form: trace\", now \"form: pseudo\"");
            assertThatThrownBy(() -> evaluation(engine, 131, WIDTHS).precision(Precision.F32).stream()
                            .resume(file, Format.F64))
                    .hasMessageContaining("there it is \"precision of states: f64\", now \"precision of states: f32\"");
            assertThatThrownBy(
                            () -> evaluation(engine, 131, 5, 9, 13, 3).stream().resume(file, Format.F64))
                    .hasMessageContaining("there it is \"network: tanh [5, 9, 12, 3]");
            asked.stream().memory(memory).resume(file, Format.F64);
            byte[] whole = Files.readAllBytes(file);
            assertThatThrownBy(() -> asked.stream().resume(file, Format.F64))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("The output file " + file + " exists");
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
            KernelEvaluation versus = evaluation(engine, 10, WIDTHS).versus(Inputs.onSphere(10, 5, Seed.of(9)));
            assertThatThrownBy(() -> versus.stream().write(folder.resolve("no.npy"), Format.F32_TRIANGLE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no lower triangle");
        }
    }

    @Test
    void aLineWithoutItsEndDoesNotCount() throws IOException {
        try (Engine engine = Engine.of(Backend.fastest(), WorkerPool.of(2))) {
            KernelEvaluation asked = evaluation(engine, 131, WIDTHS);
            Path expected = folder.resolve("expected.npy");
            asked.stream().write(expected, Format.F64);
            Path file = folder.resolve("theta.npy");
            long memory = littleMemory(asked.stream());
            KernelStream stream = asked.stream().memory(memory).listener((done, all) -> {
                if (done > all / 2) {
                    throw new CancellationException();
                }
            });
            assertThatThrownBy(() -> stream.write(file, Format.F64)).isInstanceOf(CancellationException.class);
            Path record = folder.resolve("theta.npy.blocks");
            String text = Files.readString(record);
            // As a process leaves it that was killed while it wrote a line: this block is not finished.
            String last = text.substring(text.lastIndexOf("block "));
            Files.writeString(record, text.substring(0, text.length() - 1));
            Path data = folder.resolve("theta.npy.unfinished");
            byte[] bytes = Files.readAllBytes(data);
            int row = Integer.parseInt(last.split("\\s")[1]);
            int column = Integer.parseInt(last.split("\\s")[2]);
            bytes[128 + 8 * (row * 131 + column)] ^= 1;
            Files.write(data, bytes);
            asked.stream().memory(memory).resume(file, Format.F64);
            assertThat(file).hasSameBinaryContentAs(expected);
        }
    }

    @Test
    void numbersThatSinglePrecisionDoesNotHoldAreRefused() {
        try (Engine engine = Engine.of(Backend.fastest(), WorkerPool.of(2))) {
            double[] huge = Inputs.onSphere(3, 5, Seed.of(2)).toArray();
            for (int i = 0; i < huge.length; i++) {
                huge[i] *= 1e30;
            }
            Inputs inputs = Inputs.of(3, 5, huge);
            Path file = folder.resolve("theta.npy");
            KernelStream stream = new KernelEvaluation(network(5, 4), inputs, engine).stream();
            assertThatThrownBy(() -> stream.write(file, Format.F32))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageMatching(
                            "Entry \\(\\d, \\d\\) of the kernel is \\S+, which single precision does not hold;"
                                    + " store the kernel in f64.");
            assertThat(file).doesNotExist();
        }
    }
}
