package io.github.finitentk.experiment;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.finitentk.fuzzing.Parsing;
import java.util.Set;

/** What sweeps save of cells under way, beyond the checkpoints of their trainings. */
class SweepCheckpointFuzzTest {

    private static final Parsing PARSING = new Parsing(1 << 16, 64, Set.of(IllegalArgumentException.class));

    @FuzzTest
    void ensemble(byte[] state) {
        PARSING.of(state.length, () -> EnsembleCheckpoint.read(state));
    }

    @FuzzTest
    void classBlocks(byte[] state) {
        PARSING.of(state.length, () -> ClassBlocksCheckpoint.read(state, 3));
    }
}
