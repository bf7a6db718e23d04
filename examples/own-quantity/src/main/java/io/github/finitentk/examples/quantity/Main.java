package io.github.finitentk.examples.quantity;

import io.github.finitentk.Ntk;
import io.github.finitentk.experiment.SweepRow;
import io.github.finitentk.experiment.SweepSpec;
import io.github.finitentk.model.Activations;

/** The sweep of sweep.yaml, from Java: one line a cell. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        SweepSpec spec = SweepSpec.builder("condition_number")
                .activations(Activations.RELU, Activations.TANH)
                .sigmaW2(1, 2, 4)
                .sigmaB2(1)
                .depths(3, 10)
                .widths(64)
                .set("samples", 8)
                .build();
        try (Ntk ntk = Ntk.fastest()) {
            for (SweepRow row : ntk.sweep(spec).run().rows()) {
                System.out.println(row.cell().activation().label() + "," + row.cell().sigmaW2() + ","
                        + row.cell().depth() + "," + row.get(ConditionNumber.CONDITION));
            }
        }
    }
}
