package io.github.finitentk.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedTest {

    // Philox4x32-10 and 64-bit FNV-1a in Python: a run file of one version is continued by the next.
    @Test
    void derivedSeedsAreTheSameOnEveryMachineAndInEveryVersion() {
        assertThat(Seed.of(42).derive(7)).isEqualTo(Seed.of(0xa0322c78dd803b12L));
        assertThat(Seed.of(0).derive("")).isEqualTo(Seed.of(0).derive(0xcbf29ce484222325L));
        assertThat(Seed.of(0).derive("foobar")).isEqualTo(Seed.of(0).derive(0x85944171f73967e8L));
        assertThat(Seed.of(0).derive("ö")).isNotEqualTo(Seed.of(0).derive("o"));
    }

    @Test
    void purposesAndSeedsDoNotMeet() {
        Set<Seed> seeds = new HashSet<>();
        for (long seed = -50; seed < 50; seed++) {
            for (int purpose = 0; purpose < 50; purpose++) {
                seeds.add(Seed.of(seed).derive("purpose " + purpose));
                seeds.add(Seed.of(seed).derive(purpose));
            }
            seeds.add(Seed.of(seed));
        }
        assertThat(seeds).hasSize(100 * 101);
        assertThat(Seed.of(3)).hasToString("seed 3");
    }
}
