package io.github.finitentk.data;

import static io.github.finitentk.data.IdxFileTest.gzip;
import static io.github.finitentk.data.IdxFileTest.images;
import static io.github.finitentk.data.IdxFileTest.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {

    @TempDir
    Path folder;

    @Test
    void theEmbeddedSampleIsTheBeginningOfTheTrainingSet() {
        Mnist mnist = Mnist.embedded();

        assertThat(mnist.size()).isEqualTo(1024);
        assertThat(mnist.rows()).isEqualTo(28);
        assertThat(mnist.columns()).isEqualTo(28);
        assertThat(mnist.inputDim()).isEqualTo(784);
        assertThat(IntStream.range(0, 16).map(mnist::label))
                .containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7);
        // the well-known first strokes of the first digit
        assertThat(IntStream.range(12, 24).map(column -> mnist.pixel(0, 5, column)))
                .containsExactly(3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127);
    }

    @Test
    void normalizationsScaleAsTheySay() {
        Mnist mnist = Mnist.embedded();
        double[] pixels = mnist.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.DIGIT)
                .inputs()
                .toArray();
        double[] unitQ0 = mnist.dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT)
                .inputs()
                .toArray();
        double[] unitNorm = mnist.dataset(Mnist.Normalization.UNIT_NORM, Mnist.TargetChoice.DIGIT)
                .inputs()
                .toArray();

        assertThat(pixels[5 * 28 + 21]).isEqualTo(1);
        for (int s = 0; s < mnist.size(); s++) {
            assertThat(norm2(unitQ0, s)).isCloseTo(784, within(1e-10));
            assertThat(norm2(unitNorm, s)).isCloseTo(1, within(1e-13));
            double scale = Math.sqrt(784 / norm2(pixels, s));
            for (int i = s * 784; i < (s + 1) * 784; i++) {
                assertThat(unitQ0[i]).isCloseTo(pixels[i] * scale, within(1e-13));
            }
        }
    }

    @Test
    void standardizedImagesHaveMeanZeroAndVarianceOne() {
        double[] x = Mnist.embedded()
                .first(64)
                .inputs(Mnist.Normalization.STANDARDIZED)
                .toArray();
        double[] pixels =
                Mnist.embedded().first(64).inputs(Mnist.Normalization.PIXELS).toArray();
        for (int s = 0; s < 64; s++) {
            assertThat(norm2(x, s)).isCloseTo(784, within(1e-10));
            double mean =
                    Arrays.stream(pixels, s * 784, (s + 1) * 784).average().orElseThrow();
            double deviation = Math.sqrt(norm2(pixels, s) / 784 - mean * mean);
            for (int i = s * 784; i < (s + 1) * 784; i++) {
                assertThat(x[i]).isCloseTo((pixels[i] - mean) / deviation, within(1e-13));
            }
        }
    }

    private static double norm2(double[] x, int sample) {
        double sum = 0;
        for (int i = sample * 784; i < (sample + 1) * 784; i++) {
            sum += x[i] * x[i];
        }
        return sum;
    }

    @Test
    void targetsAreMadeFromDigits() {
        Mnist first = Mnist.embedded().first(4);

        assertThat(first.size()).isEqualTo(4);
        Dataset digit = first.dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.DIGIT);
        assertThat(digit.targets().toArray()).containsExactly(0.5, 0, 0.4, 0.1);
        assertThat(first.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.PARITY)
                        .targets()
                        .toArray())
                .containsExactly(-1, 1, 1, -1);
        assertThat(first.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.LABEL)
                        .targets()
                        .toArray())
                .containsExactly(5, 0, 4, 1);
        assertThat(digit.samples()).isEqualTo(4);
        assertThat(digit.inputDim()).isEqualTo(784);
        assertThat(digit.toString())
                .isEqualTo("4 samples of dimension 784 (mnist, normalisation unit-q0, targets digit)");
        assertThatThrownBy(() -> first.label(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> first.pixel(4, 0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> first.pixel(0, 28, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void theNumberOfSamplesIsChecked() {
        assertThatThrownBy(() -> Mnist.embedded().first(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mnist.embedded().first(1025))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The number of samples must be from 1 to 1024 (all images of this set), not 1025.");
    }

    // 10 classes, also of images that do not show them all.
    @Test
    void oneHotTargetsHaveAnOutputForEachClass() {
        Mnist first = Mnist.embedded().first(5);
        assertThat(first.classes()).isEqualTo(10);
        Targets targets = first.dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ONE_HOT)
                .targets();
        assertThat(targets.outputs()).isEqualTo(10);
        assertThat(targets.labels().orElseThrow()).containsExactly(5, 0, 4, 1, 9);
        assertThatThrownBy(() -> Mnist.TargetChoice.ONE_HOT.of(3))
                .hasMessage("The targets one-hot are not one number for each image.");
        assertThat(Mnist.TargetChoice.SCALAR).doesNotContain(Mnist.TargetChoice.ONE_HOT);
        Targets centred = first.dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.ZERO_MEAN_ONE_HOT)
                .targets();
        assertThat(centred.get(0, 5)).isEqualTo(0.9);
        assertThat(centred.get(0, 4)).isEqualTo(-0.1);
        assertThat(centred.labels().orElseThrow()).containsExactly(5, 0, 4, 1, 9);
    }

    @Test
    void labelsOfChoicesAreParsed() {
        for (Mnist.Normalization normalization : Mnist.Normalization.values()) {
            assertThat(Mnist.Normalization.parse(normalization.label())).isEqualTo(normalization);
        }
        for (Mnist.TargetChoice targets : Mnist.TargetChoice.values()) {
            assertThat(Mnist.TargetChoice.parse(targets.label())).isEqualTo(targets);
        }
        assertThat(Mnist.Normalization.parse("UNIT-Q0")).isEqualTo(Mnist.Normalization.UNIT_Q0);
        assertThatThrownBy(() -> Mnist.Normalization.parse("none"))
                .hasMessage("Unknown normalisation \"none\"; allowed are unit-q0, pixels, unit-norm, standardized.");
        assertThatThrownBy(() -> Mnist.TargetChoice.parse("odd"))
                .hasMessage(
                        "Unknown targets \"odd\"; allowed are digit, parity, label, one-hot," + " zero-mean-one-hot.");
    }

    @Test
    void readsAFolderPlainAndZipped() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte.gz"), gzip(images(2, 1, 2, new byte[] {1, 2, 0, 0})));
        Files.write(folder.resolve("train-labels.idx1-ubyte"), labels(2, (byte) 8, (byte) 3));
        Mnist mnist = Mnist.load(folder);

        assertThat(mnist.size()).isEqualTo(2);
        assertThat(mnist.inputDim()).isEqualTo(2);
        assertThat(mnist.label(0)).isEqualTo(8);
        assertThat(mnist.pixel(0, 0, 1)).isEqualTo(2);
        // the second image is black
        assertThat(mnist.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.LABEL)
                        .inputs()
                        .toArray())
                .containsExactly(1 / 255.0, 2 / 255.0, 0, 0);
        assertThatThrownBy(() -> mnist.dataset(Mnist.Normalization.UNIT_Q0, Mnist.TargetChoice.LABEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Image 1 (counted from 0) has only zero pixels, so it cannot be scaled to a given norm; use"
                        + " the normalisation pixels.");
        assertThatThrownBy(() -> mnist.dataset(Mnist.Normalization.STANDARDIZED, Mnist.TargetChoice.LABEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Image 1 (counted from 0) has only pixels of one shade, so it cannot be scaled to a given norm;"
                                + " use the normalisation pixels.");
    }

    @Test
    void theTestSetOfAFolderIsFound() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), images(1, 1, 1, (byte) 1));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(1, (byte) 1));
        assertThatThrownBy(() -> Mnist.loadTests(folder))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("The folder " + folder + " has no test set, such as t10k-images-idx3-ubyte, but train; give"
                        + " the file of images of one of them.");
        for (String set : List.of("emnist-letters-test", "qmnist-test", "t10k")) {
            Path images = folder.resolve(set + "-images-idx3-ubyte");
            Files.write(images, images(1, 1, 1, (byte) set.length()));
            Files.write(folder.resolve(set + "-labels-idx1-ubyte"), labels(1, (byte) 2));
            assertThat(Mnist.loadTests(images).pixel(0, 0, 0)).isEqualTo(set.length());
            if (set.startsWith("q")) {
                assertThatThrownBy(() -> Mnist.loadTests(folder))
                        .hasMessage("The folder " + folder
                                + " has several sets, emnist-letters-test, qmnist-test; give the file of images of one of"
                                + " them.");
            } else {
                assertThat(Mnist.loadTests(folder).pixel(0, 0, 0)).isEqualTo(set.length());
            }
        }
        assertThat(Mnist.load(folder).pixel(0, 0, 0)).isEqualTo(1);
    }

    @Test
    void unsuitableFoldersAreRefused() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> Mnist.load(nowhere))
                .hasMessage("Cannot read " + nowhere + ": no such file or folder.");
        assertThatThrownBy(() -> Mnist.load(folder))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("The folder " + folder
                        + " has no files train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or with .gz, also with t10k,"
                        + " emnist-letters-train and the like for train.");
        Path images = Files.write(folder.resolve("train-images-idx3-ubyte"), images(2, 1, 1, new byte[2]));
        Path labels = Files.write(folder.resolve("train-labels-idx1-ubyte"), labels(1, new byte[1]));
        assertThatThrownBy(() -> Mnist.load(folder))
                .hasMessage(images + " holds 2 images, but " + labels + " holds 1 labels.");
        Files.delete(labels);
        assertThatThrownBy(() -> Mnist.load(folder))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(images + " has no file of labels beside it: train-images-idx3-ubyte and ");
        Path other = Files.write(folder.resolve("images"), images(1, 1, 1, new byte[1]));
        assertThatThrownBy(() -> Mnist.load(other))
                .isInstanceOf(DataFormatException.class)
                .hasMessageStartingWith(
                        other + " is not called as a file of images is, so that its labels can be found: ");
    }

    @Test
    void labelsAboveNineAreNoDigits() throws IOException {
        Files.write(folder.resolve("emnist-letters-train-images-idx3-ubyte"), images(2, 1, 1, new byte[] {1, 2}));
        Files.write(folder.resolve("emnist-letters-train-labels-idx1-ubyte"), labels(2, (byte) 1, (byte) 200));
        Mnist letters = Mnist.load(folder);
        assertThat(letters.label(1)).isEqualTo(200);
        Dataset data = letters.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.LABEL);
        assertThat(data.targets().toArray()).containsExactly(1, 200);
        assertThat(data.source()).isEqualTo("emnist-letters-train from " + folder);
        assertThatThrownBy(() -> letters.dataset(Mnist.Normalization.PIXELS, Mnist.TargetChoice.DIGIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The targets digit are about digits from 0 to 9, but there is the label 200; the targets label are any"
                                + " labels.");
    }

    @Test
    void setsAreChosenByTheFileOfTheirImages() throws IOException {
        for (String set : List.of("train", "t10k", "emnist-digits-train", "emnist-digits-test", "qmnist-test")) {
            Files.write(folder.resolve(set + "-images-idx3-ubyte.gz"), gzip(images(1, 1, 1, (byte) set.length())));
            if (!set.startsWith("q")) {
                Files.write(folder.resolve(set + "-labels-idx1-ubyte.gz"), gzip(labels(1, (byte) 3)));
            }
        }
        ByteBuffer rows = ByteBuffer.allocate(12 + 32);
        rows.putInt(0x0c02).putInt(1).putInt(8).putInt(7).putInt(0).putInt(2433);
        Files.write(folder.resolve("qmnist-test-labels-idx2-int.gz"), gzip(rows.array()));

        assertThat(Mnist.load(folder).pixel(0, 0, 0)).isEqualTo("train".length());
        for (String set : List.of("t10k", "emnist-digits-test", "qmnist-test")) {
            Mnist read = Mnist.load(folder.resolve(set + "-images-idx3-ubyte.gz"));
            assertThat(read.pixel(0, 0, 0)).isEqualTo(set.length());
            assertThat(read.label(0)).isEqualTo(set.startsWith("q") ? 7 : 3);
        }
        Files.delete(folder.resolve("train-images-idx3-ubyte.gz"));
        Files.delete(folder.resolve("train-labels-idx1-ubyte.gz"));
        assertThat(Mnist.load(folder).pixel(0, 0, 0)).isEqualTo("emnist-digits-train".length());
        for (String kind : List.of("images-idx3", "labels-idx1")) {
            Files.copy(
                    folder.resolve("emnist-digits-train-" + kind + "-ubyte.gz"),
                    folder.resolve("emnist-balanced-train-" + kind + "-ubyte.gz"));
        }
        assertThatThrownBy(() -> Mnist.load(folder))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        "The folder " + folder
                                + " has several sets, emnist-balanced-train, emnist-digits-train; give the file of images of one of them.");
        rows.putInt(12, 256);
        Path labels = Files.write(folder.resolve("qmnist-test-labels-idx2-int"), rows.array());
        assertThatThrownBy(() -> Mnist.load(folder.resolve("qmnist-test-images-idx3-ubyte.gz")))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(labels + " holds the label 256 at position 0 (counted from 0); labels are from 0 to 255.");
    }
}
