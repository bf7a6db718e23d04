package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.KernelSource;
import io.github.finitentk.data.Mnist;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputedKernelTest {

    private static final int SAMPLES = 400;

    private static RandomNetwork network(String activation) {
        return new RandomNetwork(
                Architecture.constant(784, 64, 4), Activations.parse(activation), new Initialization(1.7, 0.2));
    }

    /** Any block, from one thread or read by several at once, is that of the kernel in one piece, bit for bit. */
    @ParameterizedTest
    @CsvSource({"relu, unit-q0", "relu, pixels", "erf, pixels", "tanh, unit-q0"})
    void blocksAreThoseOfTheKernelInOnePiece(String activation, String normalization) {
        Inputs inputs = Mnist.embedded().first(SAMPLES).inputs(Mnist.Normalization.parse(normalization));
        try (WorkerPool pool = WorkerPool.of(3)) {
            Engine engine = Engine.of(Backend.fastest(), pool);
            InfiniteWidth whole = InfiniteWidth.of(network(activation), inputs, engine);
            for (InfiniteWidth.Limit limit : InfiniteWidth.Limit.values()) {
                Kernel expected = limit == InfiniteWidth.Limit.NTK ? whole.ntk() : whole.nngp();
                KernelSource computed = InfiniteWidth.computed(network(activation), inputs, limit, engine);
                assertThat(computed.rows()).isEqualTo(SAMPLES);
                assertThat(computed.columns()).isEqualTo(SAMPLES);
                SplittableRandom random = new SplittableRandom(5);
                for (int k = 0; k < 5; k++) {
                    requireBlock(computed, expected, random.split());
                }
                AtomicInteger agreed = new AtomicInteger();
                engine.forEach(6, (task, slot) -> {
                    requireBlock(computed, expected, new SplittableRandom(task));
                    agreed.incrementAndGet();
                });
                assertThat(agreed).hasValue(6);
            }
        }
    }

    private static void requireBlock(KernelSource computed, Kernel expected, SplittableRandom random) {
        int row = random.nextInt(SAMPLES);
        int rows = 1 + random.nextInt(SAMPLES - row);
        int column = random.nextInt(SAMPLES);
        int columns = 1 + random.nextInt(SAMPLES - column);
        double[] target = new double[rows * columns + 1];
        target[rows * columns] = 7;
        computed.read(row, row + rows, column, column + columns, target);
        assertThat(Arrays.copyOf(target, rows * columns))
                .isEqualTo(expected.block(row, row + rows, column, column + columns)
                        .toArray());
        assertThat(target[rows * columns]).isEqualTo(7);
    }

    @Test
    void whatIsNotThereIsRefused() {
        Engine engine = Engine.single(Backend.fastest());
        Inputs inputs = Mnist.embedded().first(3).inputs();
        KernelSource computed = InfiniteWidth.computed(network("relu"), inputs, InfiniteWidth.Limit.NTK, engine);
        assertThatThrownBy(() -> computed.read(0, 4, 0, 1, new double[9]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> computed.read(0, 3, 0, 3, new double[8]))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> InfiniteWidth.computed(
                        network("relu"), Inputs.of(new double[] {1}), InfiniteWidth.Limit.NTK, engine))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partsAreReadFromTheWhole() {
        Engine engine = Engine.single(Backend.fastest());
        Inputs inputs = Mnist.embedded().first(20).inputs();
        KernelSource computed = InfiniteWidth.computed(network("relu"), inputs, InfiniteWidth.Limit.NNGP, engine);
        Kernel whole = computed.block(0, 20, 0, 20);
        KernelSource part = computed.part(12, 20, 0, 12);
        assertThat(part.rows()).isEqualTo(8);
        assertThat(part.columns()).isEqualTo(12);
        assertThat(part.block(1, 4, 2, 9)).isEqualTo(whole.block(13, 16, 2, 9));
        assertThatThrownBy(() -> part.block(0, 9, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> computed.part(0, 21, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
