package io.github.finitentk.kernel;

import io.github.finitentk.data.Inputs;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.BlockComputation;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.model.LayerRates;
import io.github.finitentk.model.Network;
import io.github.finitentk.model.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The empirical kernels of a network block by block, the bits of those in one piece.
 *
 * @param inputs of the rows
 * @param others of the columns, if they are others
 * @param kinds the rates of each kernel
 * @param byLayer whether these are a stack, however many
 */
record EmpiricalBlocks(
        Network network,
        Inputs inputs,
        Optional<Inputs> others,
        KernelForm form,
        List<LayerRates> kinds,
        boolean byLayer,
        Precision precision,
        Engine engine)
        implements BlockComputation {

    // Inputs: whole tiles.
    private static final int EDGE = 2048;

    int outputs() {
        return network.architecture().outputs();
    }

    @Override
    public int[] stack() {
        List<Integer> stack = new ArrayList<>();
        if (byLayer) {
            stack.add(kinds.size());
        }
        if (kernelsOfForm() > 1) {
            stack.add(kernelsOfForm());
        }
        return stack.stream().mapToInt(length -> length).toArray();
    }

    /** How many kernels the form has for each kind. */
    int kernelsOfForm() {
        return form.equals(KernelForm.DIAGONAL) ? outputs() : 1;
    }

    @Override
    public int rows() {
        return entries(inputs);
    }

    @Override
    public int columns() {
        return entries(others.orElse(inputs));
    }

    private int entries(Inputs of) {
        return Math.multiplyExact(of.count(), step());
    }

    @Override
    public boolean symmetric() {
        return others.isEmpty();
    }

    @Override
    public int step() {
        return form.pairsOutputs(outputs()) ? outputs() : 1;
    }

    @Override
    public int edge() {
        return Math.max(1, EDGE / step()) * step();
    }

    @Override
    public double bytes(int edge, int panels) {
        return panels * EmpiricalPanels.shape(this, edge / step()).bytes()
                + EmpiricalPanels.scratchBytes(this, edge / step());
    }

    @Override
    public List<String> settings() {
        List<String> settings = new ArrayList<>(List.of(
                "network: " + KernelSettings.checksum(network),
                "inputs: " + KernelSettings.checksum(inputs),
                "columns: " + others.map(KernelSettings::checksum).orElse("those of the rows"),
                "form: " + form,
                "precision of states: " + precision.label()));
        for (LayerRates rates : kinds) {
            settings.add("rates of weights and biases: " + Arrays.toString(rates.weights()) + " "
                    + Arrays.toString(rates.biases()));
        }
        engine.backend()
                .processorDependence()
                .ifPresent(why -> settings.add("backend: " + engine.backend().description()));
        return settings;
    }

    /** In one piece, one for each kind. */
    List<EmpiricalNtk> whole() {
        KernelEvaluation asked =
                new KernelEvaluation(network, inputs, engine).form(form).precision(precision);
        return kinds.stream().map(rates -> asked.rates(rates).evaluate()).toList();
    }

    @Override
    public Session open(List<BatchShape.Tile> order, int panels) {
        return new EmpiricalPanels(this, order, panels);
    }
}
