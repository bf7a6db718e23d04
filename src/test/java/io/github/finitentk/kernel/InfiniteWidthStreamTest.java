package io.github.finitentk.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.Ntk;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.KernelWriter;
import io.github.finitentk.data.Seed;
import io.github.finitentk.data.StoredKernel;
import io.github.finitentk.meanfield.InfiniteWidth;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfiniteWidthStreamTest {

    private static final InfiniteWidth.Parametrization STANDARD = InfiniteWidth.Parametrization.STANDARD;
    private static final RandomNetwork LAW =
            new RandomNetwork(Architecture.constant(12, 30, 4), Activations.ERF, new Initialization(1.8, 0.2));

    @TempDir
    private Path folder;

    @Test
    void blocksAreThoseOfTheKernelInOnePiece() {
        Inputs x = Inputs.onSphere(300, 12, Seed.of(3));
        try (Ntk ntk = Ntk.fastest()) {
            InfiniteWidth whole = ntk.infiniteWidth(LAW, x);
            double[][] found = new double[2][300 * 300];
            Arrays.fill(found[0], Double.NaN);
            Arrays.fill(found[1], Double.NaN);
            // room for blocks far smaller than the kernel
            ntk.infiniteWidthStream(LAW, x, STANDARD).memory(4_500_000).forEach(block -> {
                assertThat(block.rows()).isLessThan(300);
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < block.columns(); j++) {
                        found[block.kernel()][(block.row() + i) * 300 + block.column() + j] =
                                block.values()[i * block.columns() + j];
                    }
                }
            });
            for (int s = 0; s < 300; s++) {
                for (int r = 0; r <= s; r++) {
                    assertThat(found[0][s * 300 + r]).isEqualTo(whole.ntk().get(s, r));
                    assertThat(found[1][s * 300 + r]).isEqualTo(whole.nngp().get(s, r));
                }
            }
        }
    }

    @Test
    void filesOfTestAgainstTrainingInputs() {
        Inputs all = Inputs.onSphere(50, 12, Seed.of(4));
        Path file = folder.resolve("k.npy");
        try (Ntk ntk = Ntk.fastest()) {
            InfiniteWidth joint = ntk.infiniteWidth(LAW, all);
            KernelStream stream = ntk.infiniteWidthStream(LAW, all.slice(0, 10), all.slice(10, 50), STANDARD);
            assertThat(stream.shape()).containsExactly(2, 10, 40);
            assertThat(stream.isSymmetric()).isFalse();
            stream.write(file, KernelWriter.Format.F64);
            try (StoredKernel theta = StoredKernel.open(file, 0);
                    StoredKernel nngp = StoredKernel.open(file, 1)) {
                assertThat(theta.block(0, 10, 0, 40)).isEqualTo(joint.ntk().block(0, 10, 10, 50));
                assertThat(nngp.block(0, 10, 0, 40)).isEqualTo(joint.nngp().block(0, 10, 10, 50));
            }
            // a resumed file belongs to its initialisation, widths and inputs
            RandomNetwork wider =
                    new RandomNetwork(Architecture.constant(12, 31, 4), LAW.activation(), LAW.initialization());
            assertThat(ntk.infiniteWidthStream(wider, all, STANDARD).toString())
                    .isEqualTo("2 x 50 x 50 kernel, block by block");
            assertThatThrownBy(() -> ntk.infiniteWidthStream(LAW, Inputs.onSphere(3, 11, Seed.of(1)), STANDARD))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("dimension 12");
        }
    }
}
