package io.github.finitentk.experiment;

import java.util.List;
import java.util.function.Function;

/** A kind of quantity of ours. */
record OwnType(
        String name, String description, List<Setting<?>> keys, Function<Quantity.Settings, Quantity> constructor)
        implements QuantityType {

    @Override
    public Quantity create(Quantity.Settings settings) {
        return constructor.apply(settings);
    }
}
