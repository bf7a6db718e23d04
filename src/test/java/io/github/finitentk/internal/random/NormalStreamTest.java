package io.github.finitentk.internal.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.internal.numeric.Checksums;
import org.junit.jupiter.api.Test;

class NormalStreamTest {

    /** Known answers published with Random123 (kat_vectors, philox4x32 10). */
    @Test
    void philoxGivesThePublishedAnswers() {
        assertThat(Philox4x32.words(new int[4], new int[2]))
                .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(Philox4x32.words(new int[] {-1, -1, -1, -1}, new int[] {-1, -1}))
                .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(Philox4x32.words(
                        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, new int[] {0xa4093822, 0x299f31d0}))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    /** The same constants are in normals_test.cpp and philox_test.cpp. */
    @Test
    void theBitsAreThoseOfTheNativeCore() {
        assertThat(NormalStream.key(42, 7)).isEqualTo(0xa0322c78dd803b12L);
        NormalStream stream = new NormalStream(NormalStream.key(1, 2), 3, 4, 5);
        double[] x = new double[1_000_000];
        float[] y = new float[1_000_000];
        stream.fill(x, 0, x.length, 7, 1.25);
        assertThat(sum(x, x.length)).isEqualTo(0xbc7c6f28e71c3243L);
        stream.fill(y, 0, y.length, 7, 1.25);
        Checksums rounded = new Checksums();
        for (float v : y) {
            rounded.add(v);
        }
        assertThat(rounded.value()).isEqualTo(0xa7d14250edbda0dbL);
        stream.uniforms(x, 0, x.length, 7);
        assertThat(sum(x, x.length)).isEqualTo(0x74abf93f9e24700aL);
        new NormalStream(NormalStream.key(1, 2), -1, 0xffff, 0xff).fill(x, 0, 1000, NormalStream.LENGTH - 1000, 1.0);
        assertThat(sum(x, 1000)).isEqualTo(0x305a6142a72bd52aL);
    }

    private static long sum(double[] x, int n) {
        Checksums sum = new Checksums();
        for (int i = 0; i < n; i++) {
            sum.add(x[i]);
        }
        return sum.value();
    }

    @Test
    void anyPartEqualsThatPartOfTheWhole() {
        NormalStream stream = new NormalStream(9, 8, 7, 6);
        double[] whole = new double[3000];
        stream.fill(whole, 0, 3000, 0, 2.0);
        double[] uniform = new double[3000];
        stream.uniforms(uniform, 0, 3000, 0);
        for (int first : new int[] {0, 1, 2, 511, 512, 513, 1025}) {
            for (int length : new int[] {0, 1, 2, 3, 15, 511, 512, 513, 1100}) {
                double[] part = new double[length + 4];
                stream.fill(part, 3, length, first, 2.0);
                float[] rounded = new float[length + 4];
                stream.fill(rounded, 3, length, first, 2.0);
                double[] uniforms = new double[length + 4];
                stream.uniforms(uniforms, 3, length, first);
                for (int i = 0; i < length; i++) {
                    assertThat(part[3 + i]).isEqualTo(whole[first + i]);
                    assertThat(rounded[3 + i]).isEqualTo((float) whole[first + i]);
                    assertThat(uniforms[3 + i]).isEqualTo(uniform[first + i]);
                }
                assertThat(part[2]).isZero();
                assertThat(part[length + 3]).isZero();
            }
        }
    }

    @Test
    void wrongAddressesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NormalStream(0, 0, 65536, 0))
                .withMessage("A random stream has layer 0 to 65535 and tensor 0 to 255, not layer 65536 and tensor 0.");
        assertThatIllegalArgumentException().isThrownBy(() -> new NormalStream(0, 0, 0, 256));
        NormalStream stream = new NormalStream(0, 0, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> stream.fill(new double[2], 0, 2, -1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.fill(new double[2], 0, 2, NormalStream.LENGTH - 1, 1));
        assertThatThrownBy(() -> stream.fill(new double[2], 1, 2, 0, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
