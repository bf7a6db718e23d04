package io.github.finitentk.training;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.data.Seed;
import io.github.finitentk.fuzzing.Parsing;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/** Checkpoints of trainings. */
class CheckpointFuzzTest {

    /** The training itself, which is small, and a step and a number for each sixteen bytes. */
    private static final Parsing PARSING = new Parsing(16 << 20, 64, Set.of(IllegalArgumentException.class));

    private static final Engine ENGINE = Engine.single(Backend.pureJava());

    /** Magic number, version and fingerprint. */
    private static final int HEADER_BYTES = 40;

    private static final TrainingProblem PROBLEM = problem();

    private static final List<TrainingPlan> PLANS = List.of(
            plan().build(),
            plan().precision(Precision.F32).build(),
            plan().optimizer(new Optimizer.Adam(0.9, 0.999, 1e-8))
                    .batch(1, Seed.of(3))
                    .build(),
            plan().integrator(Integrator.FLOW).build(),
            plan().integrator(Integrator.FLOW_COARSE).build());

    private static TrainingProblem problem() {
        double[] parameters = new double[21];
        Arrays.setAll(parameters, i -> (i * 7 % 11 - 5) / 8.0);
        Network network = new Network(Architecture.of(3, 4, 1), parameters).with(Activations.TANH);
        Dataset data =
                new Dataset(Inputs.of(2, 3, new double[] {1, 0.5, -1, -0.5, 0.25, 1}), new double[] {0.5, -0.25});
        return new TrainingProblem(data, List.of(network));
    }

    private static TrainingPlan.Builder plan() {
        return TrainingPlan.builder()
                .integrator(Integrator.GD)
                .learningRate(0.0625)
                .maxSteps(60)
                .minDecrease(0)
                .patience(50)
                .snapshots(3, 10, 20);
    }

    private static Void resume(TrainingPlan plan, byte[] checkpoint) {
        try (Training training = Training.resume(PROBLEM, plan, ENGINE, checkpoint)) {
            training.step();
            training.evaluations();
            training.network(0);
            return null;
        }
    }

    @FuzzTest
    void bytes(byte[] checkpoint) {
        PARSING.of(checkpoint.length, () -> resume(PLANS.get(0), checkpoint));
    }

    /** A checkpoint of this very training, with the right checksum, whose state is what it may be. */
    @FuzzTest
    void state(FuzzedDataProvider data) {
        TrainingPlan plan = data.pickValue(PLANS);
        byte[] checkpoint = saved(plan, data.consumeInt(1, 40));
        if (data.consumeBoolean()) {
            for (int edits = data.consumeInt(0, 4); edits > 0; edits--) {
                int at = data.consumeInt(HEADER_BYTES, checkpoint.length - 1);
                checkpoint[at] = data.consumeByte();
            }
            int length = data.consumeInt(HEADER_BYTES, checkpoint.length - Long.BYTES);
            checkpoint = Arrays.copyOf(checkpoint, length + Long.BYTES);
        } else {
            byte[] state = data.consumeRemainingAsBytes();
            checkpoint = Arrays.copyOf(checkpoint, HEADER_BYTES + state.length + Long.BYTES);
            System.arraycopy(state, 0, checkpoint, HEADER_BYTES, state.length);
        }
        byte[] sealed = sealed(checkpoint);
        PARSING.of(sealed.length, () -> resume(plan, sealed));
    }

    private static byte[] saved(TrainingPlan plan, int units) {
        try (Training training = Training.start(PROBLEM, plan, ENGINE)) {
            int[] left = {units};
            training.run(() -> --left[0] <= 0);
            return training.checkpoint();
        }
    }

    private static byte[] sealed(byte[] checkpoint) {
        int end = checkpoint.length - Long.BYTES;
        CRC32C crc = new CRC32C();
        crc.update(checkpoint, 0, end);
        ByteBuffer.wrap(checkpoint).putLong(end, crc.getValue());
        return checkpoint;
    }
}
