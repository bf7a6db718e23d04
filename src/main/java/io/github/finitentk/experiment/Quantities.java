package io.github.finitentk.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The quantities that specifications can ask for: ours, then those of the application. */
final class Quantities {

    /** Ours. */
    static final List<QuantityType> OURS = List.of(
            VarianceQuantity.TYPE,
            FiniteSampleQuantity.TYPE,
            TheoryQuantity.TYPE,
            KernelChangeQuantity.TYPE,
            EnsembleQuantity.TYPE,
            ClassBlocksQuantity.TYPE,
            RegressionQuantity.TYPE);

    /** Run files hold them, but specifications are not written by hand: {@code ntk track} does. */
    private static final List<QuantityType> OF_FILES = List.of(TrackQuantity.TYPE);

    /** In the order in which help texts list them. */
    static final List<QuantityType> ALL = all();

    private Quantities() {}

    private static List<QuantityType> all() {
        List<QuantityType> types = new ArrayList<>(OURS);
        ServiceLoader.load(QuantityType.class).forEach(types::add);
        return List.copyOf(types);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static QuantityType type(String name) {
        return Stream.concat(ALL.stream(), OF_FILES.stream())
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown quantity \"" + name + "\"; allowed are "
                        + ALL.stream().map(QuantityType::name).collect(Collectors.joining(", ")) + "."));
    }
}
