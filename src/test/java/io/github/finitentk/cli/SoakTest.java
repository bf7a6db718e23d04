package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link Soak}, and its judgement. */
class SoakTest {

    private static SoakSample sample(int minute, double leak) {
        Random noise = new Random(minute);
        return new SoakSample(
                minute,
                minute,
                320_000_000L + noise.nextInt(1_000_000) + (minute % 7 == 0 ? 300_000_000 : 0),
                11_000_000L + noise.nextInt(1_000_000) + (long) (leak * minute * 200_000),
                80_000_000L,
                1_000_000L,
                0,
                0,
                110 + noise.nextInt(2) + (int) (leak * minute),
                24 + noise.nextInt(2));
    }

    @Test
    void noiseIsNoGrowthAndALeakIs() {
        assertThat(SoakSample.growth(IntStream.range(0, 60)
                        .mapToObj(minute -> sample(minute, 0))
                        .toList()))
                .isEmpty();
        assertThat(SoakSample.growth(IntStream.range(0, 60)
                        .mapToObj(minute -> sample(minute, 1))
                        .toList()))
                .hasSize(2)
                .anySatisfy(sentence -> assertThat(sentence).startsWith("Growth of the heap in MB after the warm-up: "))
                .anySatisfy(sentence -> assertThat(sentence).startsWith("Growth of descriptors after the warm-up: "));
    }

    @Test
    @Timeout(600)
    @EnabledOnOs(value = OS.LINUX, disabledReason = "it reads /proc")
    void nothingGrowsInHalfAMinute(@TempDir Path folder) throws Exception {
        Path figures = folder.resolve("soak.csv");
        Process soak = soak(folder, "0.5", figures.toString());
        assertThat(soak.waitFor(580, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("log"))).endsWith("Nothing grew.\n");
        assertThat(soak.exitValue()).isZero();
        assertThat(Files.readAllLines(figures)).hasSizeGreaterThan(4).first().isEqualTo(SoakSample.HEADER);
    }

    private static Process soak(Path folder, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.cacheDir=" + System.getProperty("org.bytedeco.javacpp.cacheDir"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Soak.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }
}
