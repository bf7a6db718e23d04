package io.github.finitentk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.finitentk.experiment.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchJobTest {

    private static final String EXPLICIT =
            "; --shard k/n says which shard this is, --shard 1/1 that all cells are wanted.";

    /** As Slurm sets them for {@code --array=0-19}, {@code 1-20%4}, {@code 0-18:2} and {@code 1-20:3}. */
    private static BatchJob slurm(int id, int min, int max, int step, int count) {
        return new BatchJob(Map.of(
                "SLURM_ARRAY_TASK_ID", "" + id,
                "SLURM_ARRAY_TASK_MIN", "" + min,
                "SLURM_ARRAY_TASK_MAX", "" + max,
                "SLURM_ARRAY_TASK_STEP", "" + step,
                "SLURM_ARRAY_TASK_COUNT", "" + count));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 19, 1, 20, 1/20",
        "19, 0, 19, 1, 20, 20/20",
        "1, 1, 20, 1, 20, 1/20",
        "20, 1, 20, 1, 20, 20/20",
        "6, 0, 18, 2, 10, 4/10",
        "19, 1, 19, 3, 7, 7/7",
        "1, 1, 1, 1, 1, 1/1"
    })
    void tasksOfAnArrayAreShards(int id, int min, int max, int step, int count, String shard) {
        assertThat(slurm(id, min, max, step, count).shard())
                .hasValue(new BatchJob.Given<>(Shard.parse(shard), "SLURM_ARRAY_TASK_ID"));
    }

    @Test
    void everyTaskHasAShardOfItsOwn() {
        for (int min = 0; min <= 1; min++) {
            for (int step = 1; step <= 4; step++) {
                BitSet numbers = new BitSet();
                for (int k = 0; k < 13; k++) {
                    int max = min + 12 * step;
                    Shard shard = slurm(min + k * step, min, max, step, 13)
                            .shard()
                            .orElseThrow()
                            .value();
                    assertThat(shard.count()).isEqualTo(13);
                    numbers.set(shard.number());
                }
                assertThat(numbers.cardinality()).isEqualTo(13);
            }
        }
    }

    /** {@code --array=3,7,12} computes shards again that others have left: three of how many, it does not say. */
    @Test
    void arraysThatNeedNotBeAllShardsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slurm(7, 3, 12, 1, 3).shard())
                .withMessage("The tasks of this job array, from 3 to 12 with gaps, need not be all shards" + EXPLICIT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slurm(1, 1, 20, 1, 3).shard());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slurm(5, 5, 5, 1, 1).shard())
                .withMessage("The tasks of this job array, from 5 to 5, need not be all shards" + EXPLICIT);
    }

    @Test
    void aNumberAloneSaysNotHowManyThereAre() {
        for (String id : new String[] {"SLURM_ARRAY_TASK_ID", "SGE_TASK_ID", "PBS_ARRAY_INDEX", "LSB_JOBINDEX"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BatchJob(Map.of(id, "3")).shard())
                    .withMessage("This is a task of a job array (" + id + " is 3), but nothing says how many there are"
                            + EXPLICIT);
        }
    }

    @Test
    void whatIsNoArrayHasNoShard() {
        assertThat(new BatchJob(Map.of()).shard()).isEmpty();
        assertThat(new BatchJob(Map.of("SGE_TASK_ID", "undefined", "SGE_TASK_FIRST", "undefined")).shard())
                .isEmpty();
        assertThat(new BatchJob(Map.of("LSB_JOBINDEX", "0")).shard()).isEmpty();
    }

    @Test
    void gridEngineSaysTheSameInOtherWords() {
        Map<String, String> environment = new HashMap<>(
                Map.of("SGE_TASK_ID", "5", "SGE_TASK_FIRST", "1", "SGE_TASK_LAST", "9", "SGE_TASK_STEPSIZE", "2"));
        assertThat(new BatchJob(environment).shard()).hasValue(new BatchJob.Given<>(new Shard(3, 5), "SGE_TASK_ID"));
    }

    @Test
    void processorsAreThoseOfTheJob() {
        assertThat(new BatchJob(Map.of("SLURM_CPUS_PER_TASK", "4", "NSLOTS", "8")).processors())
                .hasValue(new BatchJob.Given<>(4, "SLURM_CPUS_PER_TASK"));
        assertThat(new BatchJob(Map.of("NSLOTS", "8")).processors()).hasValue(new BatchJob.Given<>(8, "NSLOTS"));
        for (String nonsense : new String[] {"", "0", "-1", "two", "99999999999"}) {
            assertThat(new BatchJob(Map.of("SLURM_CPUS_PER_TASK", nonsense)).processors())
                    .isEqualTo(Optional.empty());
        }
    }

    @Test
    void anArrayOfOtherLengthIsRefusedWhereShardsLie(@TempDir Path folder) throws IOException {
        Path run = folder.resolve("run.db");
        BatchJob.Given<Shard> given = slurm(2, 1, 3, 1, 3).shard().orElseThrow();
        for (String other : new String[] {
            "run.shard-1-of-3.db",
            "run.db",
            "runs.shard-1-of-20.db",
            "run.shard-1-of-20.csv",
            "run.shard-1-of-20.db-wal"
        }) {
            Files.createFile(folder.resolve(other));
        }
        assertThatNoException().isThrownBy(() -> BatchJob.requireSameCut(given, run));
        Path twenty = Files.createFile(folder.resolve("run.shard-4-of-20.db"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchJob.requireSameCut(given, run))
                .withMessage("By SLURM_ARRAY_TASK_ID this is shard 2/3, but " + twenty + " is one of 20" + EXPLICIT);
        assertThatNoException().isThrownBy(() -> BatchJob.requireSameCut(given, folder.resolve("none/run.db")));
    }

    @Test
    void tasksAreWrittenAsRanges() {
        BitSet tasks = new BitSet();
        assertThat(BatchJob.array(tasks)).isEmpty();
        for (int task : new int[] {3, 7, 8, 9, 12, 14, 15}) {
            tasks.set(task);
        }
        assertThat(BatchJob.array(tasks)).isEqualTo("3,7-9,12,14-15");
    }
}
