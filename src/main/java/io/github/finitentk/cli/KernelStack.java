package io.github.finitentk.cli;

import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.NpyArray;
import io.github.finitentk.kernel.EmpiricalNtk;
import io.github.finitentk.kernel.KernelForm;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** One kernel, or one for each layer, output or both, as one array: {@code [L x] [K x] rows x columns}. */
final class KernelStack {

    private final List<EmpiricalNtk> layers;
    private final boolean byLayer;
    private final boolean byOutput;

    /** @param byLayer whether these are kernels of single layers, not the only one */
    KernelStack(List<EmpiricalNtk> kernels, boolean byLayer) {
        layers = kernels;
        this.byLayer = byLayer;
        byOutput = isByOutput(first().form(), first().outputs()[0].length);
    }

    /** Whether there is a kernel for each output. A single output has one, in every form. */
    static boolean isByOutput(KernelForm form, int outputs) {
        return form.equals(KernelForm.DIAGONAL) && outputs > 1;
    }

    private EmpiricalNtk first() {
        return layers.get(0);
    }

    List<Kernel> kernels() {
        return layers.stream().flatMap(layer -> layer.kernels().stream()).toList();
    }

    int[] shape() {
        Kernel kernel = first().kernels().get(0);
        IntStream before = byLayer ? IntStream.of(layers.size()) : IntStream.empty();
        IntStream between = byOutput ? IntStream.of(first().kernels().size()) : IntStream.empty();
        return IntStream.concat(IntStream.concat(before, between), IntStream.of(kernel.rows(), kernel.columns()))
                .toArray();
    }

    /** The entries, nested as {@link #shape} says. */
    Object nested() {
        List<Object> perLayer = layers.stream().map(this::nested).toList();
        return byLayer ? perLayer : perLayer.get(0);
    }

    private Object nested(EmpiricalNtk layer) {
        List<Object> kernels =
                layer.kernels().stream().<Object>map(KernelStack::rows).toList();
        return byOutput ? kernels : kernels.get(0);
    }

    /** Row by row, so that a large kernel is not copied to be printed. */
    static Iterable<double[]> rows(Kernel kernel) {
        return () -> IntStream.range(0, kernel.rows()).mapToObj(kernel::row).iterator();
    }

    NpyArray array() {
        List<Kernel> kernels = kernels();
        if (kernels.size() == 1 && shape().length == 2) {
            return kernels.get(0).toNpy();
        }
        int size = kernels.get(0).rows() * kernels.get(0).columns();
        double[] entries = new double[Math.multiplyExact(size, kernels.size())];
        for (int i = 0; i < kernels.size(); i++) {
            System.arraycopy(kernels.get(i).toArray(), 0, entries, i * size, size);
        }
        return NpyArray.wrap(entries, shape());
    }

    /** {@code f}: a number for each input of a network with one output, else K of them. */
    Object outputs() {
        return first().outputs()[0].length == 1 ? first().output(0) : first().outputs();
    }

    /** What to call the kernels, one after the other. */
    List<String> titles() {
        String form = first().outputs()[0].length > 1 && !byOutput ? " (" + first().form() + ")" : "";
        return IntStream.rangeClosed(1, layers.size())
                .boxed()
                .flatMap(l -> IntStream.range(0, first().kernels().size())
                        .mapToObj(k ->
                                "Theta" + form + (byLayer ? ", layer " + l : "") + (byOutput ? ", output " + k : "")))
                .toList();
    }

    /** @throws ArithmeticException if an entry is not finite: such numbers say nothing about the network */
    void requireFinite() {
        for (Kernel kernel : kernels()) {
            if (!kernel.isFinite()) {
                double entry = Arrays.stream(kernel.toArray())
                        .filter(each -> !Double.isFinite(each))
                        .findFirst()
                        .orElseThrow();
                throw new ArithmeticException("The kernel of this network leaves the range of a double (an entry is "
                        + entry + "): its weights, its depth or its inputs are too large.");
            }
        }
    }
}
