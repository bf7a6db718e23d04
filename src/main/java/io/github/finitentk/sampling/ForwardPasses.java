package io.github.finitentk.sampling;

import io.github.finitentk.data.Seed;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Independent forward passes with the conditional moments {@code E[Theta | forward]}, {@code E[Theta^2 | forward]}. */
final class ForwardPasses {

    // Particles that advance together; results do not depend on it.
    private static final int BLOCK = 64;

    // Two moments, each with its power of two.
    private static final int MOMENT_ROWS = 4;

    private ForwardPasses() {}

    /**
     * The moments of the networks cut to several depths, from the same passes.
     *
     * @param deepest networks at least as deep as all of {@code depths}
     * @param depths each between 1 and {@code L}, in any order
     * @return by depth, four rows by pass: first moment, its power of two, second moment, its power of two
     */
    static double[][][] moments(NetworkAtInput deepest, int[] depths, int draws, Seed seed, Engine engine) {
        double[][][] moments = new double[depths.length][MOMENT_ROWS][draws];
        int[] sorted = IntStream.range(0, depths.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> depths[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int block = Math.max(1, Math.min(BLOCK, draws / (4 * engine.threads())));
        MomentParticles[] bySlot = new MomentParticles[engine.threads()];
        try {
            engine.forEach((draws - 1) / block + 1, (index, slot) -> {
                if (bySlot[slot] == null) {
                    bySlot[slot] = engine.samplers().moments(deepest, block);
                }
                MomentParticles particles = bySlot[slot];
                int first = index * block;
                particles.start(Math.min(block, draws - first));
                int layer = 0;
                for (int i : sorted) {
                    particles.advance(seed, first, depths[i] - 1 - layer);
                    layer = depths[i] - 1;
                    double[][] rows = moments[i];
                    particles.moments(rows[0], rows[1], rows[2], rows[3], first);
                }
            });
        } finally {
            for (MomentParticles particles : bySlot) {
                if (particles != null) {
                    particles.close();
                }
            }
        }
        return moments;
    }
}
