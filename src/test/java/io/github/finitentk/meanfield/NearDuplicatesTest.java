package io.github.finitentk.meanfield;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.RandomNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Near duplicates and near opposites against 80-digit arithmetic, 50 layers of width 100, three input dimensions.
 *
 * <p>The values come from a direct transcription of the closed forms and of theory section 4 in mpmath (mp.dps = 80, no
 * rearrangement at all): x = (1, -0.5, 2) against y = (1 + 1e-8, -0.5, 2), z = (1 + 3e-9, -0.5 - 2e-8, 2) and
 * w = (-1, 0.5 + 1e-9, -2), each entry the double nearest to it. Columns: Theta*_sr, q_sr^50, q_ss + q_rr - 2 q_sr at
 * layer 50.
 */
class NearDuplicatesTest {

    private static final Engine ENGINE = Engine.single(Backend.fastest());

    private static final double[] X = {1.0, -0.5, 2.0};
    private static final double[] Y = {1.0 + 1e-8, -0.5, 2.0};
    private static final double[] Z = {1.0 + 3e-9, -0.5 - 2e-8, 2.0};
    private static final double[] W = {-1.0, 0.5 + 1e-9, -2.0};

    @ParameterizedTest
    @CsvSource({
        "relu, 2.0, 0.1, y, 14755.249727978246, 8.5000000066666669, 6.66666639106779435e-17",
        "relu, 2.0, 0.1, z, 14755.249419249649, 8.50000000866666696, 2.72666648401731164e-16",
        "relu, 2.0, 0.1, w, 5871.24910551946589, 8.4289434964428513, 0.142113007780964602",
        "relu, 3.0, 0.0, y, 3648576391862.61142, 2231675254.99998353, 4.25080980925376886e-8",
        "relu, 3.0, 0.0, z, 3648576267136.58387, 2231675256.27522656, 1.73858114836042493e-7",
        "relu, 3.0, 0.0, w, 1048466334813.05152, 2202649571.53814822, 58051358.8471316562",
        "erf, 10.0, 1.0, y, 336225072450986441.0, 8.43048744278901649, 0.971133534860427384",
        "erf, 10.0, 1.0, z, 146379845541289793.0, 7.50957637755089017, 2.81295566533668002",
        "erf, 10.0, 1.0, w, 82.9992657782649526, 3.22669151928807907, 11.3787253818623022",
        "erf, 1.0, 0.05, y, 187.480041501856615, 0.288426691723320697, 8.33403892651849314e-21",
        "erf, 1.0, 0.05, z, 187.480041501862711, 0.288426691723320697, 3.82572526590675926e-20",
        "erf, 1.0, 0.05, w, 184.492565193942987, 0.288067643328631841, 0.000718096789377710618",
        "sin, 3.0, 0.5, y, 110468874694.78547, 1.97087885925871206, 1.06854128628088736e-7",
        "sin, 3.0, 0.5, z, 110468841542.668956, 1.97087869416391772, 4.370437173066549e-7",
        "sin, 3.0, 0.5, w, 45.9671208345994019, 0.975720032077902874, 1.990317761215747",
        "gelu, 1.9, 0.3, y, 3220.39276954519292, 3.25824014914946718, 9.08748553605273621e-18",
        "gelu, 1.9, 0.3, z, 3220.39277037984242, 3.25824014938316318, 3.2461294190463037e-17",
        "gelu, 1.9, 0.3, w, 2206.48761223408965, 3.22194834298746219, 0.0725836108439353704",
    })
    void agreeWithEightyDigits(
            String activation, double sigmaW2, double sigmaB2, String other, double theta, double q, double distance2) {
        double[] r = other.equals("y") ? Y : other.equals("z") ? Z : W;
        MeanField theory = new MeanField(Activations.parse(activation), new Initialization(sigmaW2, sigmaB2));
        Architecture architecture = Architecture.constant(3, 100, 50);
        PairPropagation pair = theory.propagate(X, r, 50);
        // 50 layers: a hundred roundings or so
        assertThat(pair.ntk(architecture)).isCloseTo(theta, within(1e-13 * theta));
        assertThat(pair.nngp()).isCloseTo(q, within(1e-13 * q));
        // a distance of 1e-8 has a rounding error of 1e-16 in the inputs' squares, hence the same in relative terms
        // here
        assertThat(pair.distance2()[49]).isCloseTo(distance2, within(2e-12 * distance2));

        InfiniteWidth kernel = InfiniteWidth.of(
                new RandomNetwork(architecture, Activations.parse(activation), theory.initialization()),
                Inputs.of(X, r),
                ENGINE);
        assertThat(kernel.ntk().get(0, 1)).isCloseTo(theta, within(1e-13 * theta));
        assertThat(kernel.nngp().get(1, 0)).isCloseTo(q, within(1e-13 * q));
    }
}
