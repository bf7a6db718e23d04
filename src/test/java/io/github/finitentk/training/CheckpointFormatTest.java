package io.github.finitentk.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.finitentk.data.Dataset;
import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Network;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trainings that were interrupted in November 2026, by the first program with checkpoints of version 3, are taken up still. */
class CheckpointFormatTest {

    private static final String GD =
            "TlRLVAAAAAM99RmunnLuciNLdjhzHGdehgKnd+nv9+4bN3vYx57GuwAAAAAAAAAKAAAAAD+FBxBJoA4zAAAAAAAAAAA/hQcQSaAO"
                    + "Mz+FBxBJoA4zP8t1Zi0MdFE/kzdwLstL67/n0R5SyIvLP5skoa6jfoa/5WRoo5QiQz/KCPKWNSwKv+Lj6gtQAf8/1/u+TU6agD/R"
                    + "NTBIS2nBv9DtaTyL0Ws/4/FemVVT4j/C21H6r5J7v9pnfJq4zyI/4u3slQv0Uj+lfv8UbIPxv9rACVrjTGw/1ADsTgG5wwAAAAAA"
                    + "AAAKAAAACgAAAAAAAAAAP6zy69IBFg8AAAAAAAAAAT+n4+iR9aUQAAAAAAAAAAI/o7o1u3mZmAAAAAAAAAADP6BMwmCDgdcAAAAA"
                    + "AAAABD+a89dXYNl9AAAAAAAAAAU/lkw+xBxEgwAAAAAAAAAGP5J1gh1G7D4AAAAAAAAABz+OlQ+9mBCSAAAAAAAAAAg/iVm8l1TQ"
                    + "kgAAAAAAAAAJP4UHEEmgDjM/v192rnk7rgAAAAIAAAAAAAAAAz+JcwmTzdFOAAAAAAAAAAo/oThRCytJ5gAAAACMraFF";
    private static final String FLOW =
            "TlRLVAAAAAOAoYwFTXCLGEsJfCveYhuJmEAGGxdz9jjglV+zoROmOgAAAAAAAAAAAAAAAAAAAAB/+AAAAAAAAAAAAAAAAAAAAAAA"
                    + "AAAAAAAAAAAPAAAAAD9wq4wPu1vhAAAAAAAAAAA/cKuMD7tb4T9wq4wPu1vhAAAAAAAAADwAAAAAAAAAHgAAAAAAAAAUP74vjq7b"
                    + "uwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABMAAAAAAAAADwAAAA0AAAAAAAAAAD+s8uvSARYPAAAAAAAAAAE/p+Po"
                    + "kfWlEAAAAAAAAAACP6O6Nbt5mZgAAAAAAAAAAz+gTMJgg4HXAAAAAAAAAAQ/mvPXV2DZfQAAAAAAAAAFP5ZMPsQcRIMAAAAAAAAA"
                    + "Bj+SdYIdRuw+AAAAAAAAAAc/jpUPvZgQkgAAAAAAAAAIP4lZvJdU0JIAAAAAAAAACT+FBxBJoA4zAAAAAAAAAAo/gXQB8Dnu6AAA"
                    + "AAAAAAALP3z9u2mPzUoAAAAAAAAADT90CPs1QTLJP79fdq55O64AAAACAAAAAAAAAAM/iXMJk83RTgAAAAAAAAAKP6E4UQsrSeYA"
                    + "AAACAAAAAAAAAAo/oThRCytJ5gAAAAAAAAAPP6YTqc0rd9U/zMh301crAD+LHArAWI1+v+gSONPxJkI/n4ijSQo95b/lbKz1K52+"
                    + "P8ogmvUzU4+/4qi7uHADPj/XsYJ7TEi0P9GYjTGgzpS/0TtPJucUOj/j6QOrv7QeP8OZlnMCOwK/2xL/WUFDlj/jmnmTg2AdP6lU"
                    + "jT6yBD2/2abNWSjXXj/SytyMBXYeAAAAAAPcPXU=";

    private static TrainingProblem problem() {
        double[] parameters = new double[21];
        Arrays.setAll(parameters, i -> (i * 7 % 11 - 5) / 8.0);
        Network network = new Network(Architecture.of(3, 4, 1), parameters).with(Activations.TANH);
        Dataset data =
                new Dataset(Inputs.of(2, 3, new double[] {1, 0.5, -1, -0.5, 0.25, 1}), new double[] {0.5, -0.25});
        return new TrainingProblem(data, List.of(network));
    }

    private static TrainingPlan plan(Integrator integrator) {
        return TrainingPlan.builder()
                .learningRate(0.0625)
                .maxSteps(60)
                .minDecrease(0)
                .patience(50)
                .snapshots(3, 10, 20)
                .integrator(integrator)
                .build();
    }

    private static TrainingResult resumed(Integrator integrator, String checkpoint, long step, Backend backend) {
        byte[] state = Base64.getDecoder().decode(checkpoint);
        try (Training training = Training.resume(problem(), plan(integrator), Engine.single(backend), state)) {
            assertThat(training.step()).isEqualTo(step);
            assertThat(training.run(() -> false)).isTrue();
            return training.results().get(0);
        }
    }

    @Test
    void theirResultsAreThoseOfWholeTrainings() {
        check(Integrator.GD, GD, 10);
        check(Integrator.FLOW, FLOW, 15);
    }

    // They were interrupted when sums were in another order, so that their first steps differ in last places.
    private static void check(Integrator integrator, String checkpoint, long step) {
        TrainingResult whole = Training.train(problem(), plan(integrator), Engine.single(Backend.pureJava()))
                .get(0);
        assertThat(whole.steps()).isEqualTo(60);
        for (Backend backend : List.of(Backend.pureJava(), Backend.fastest())) {
            TrainingResult result = resumed(integrator, checkpoint, step, backend);
            assertThat(result.finalLoss()).isCloseTo(whole.finalLoss(), within(1e-9 * whole.finalLoss()));
            assertThat(result.losses()).hasSameSizeAs(whole.losses());
            assertThat(result.kernelChange()).hasSameSizeAs(whole.kernelChange());
            for (int i = 0; i < whole.kernelChange().size(); i++) {
                double expected = whole.kernelChange().get(i).value();
                assertThat(result.kernelChange().get(i).value()).isCloseTo(expected, within(1e-9 * expected));
            }
        }
    }
}
