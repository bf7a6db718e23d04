package io.github.finitentk.experiment;

import java.util.List;

/**
 * A kind of {@link Quantity} as specifications know it. Those of an application are found by
 * {@link java.util.ServiceLoader}.
 */
public interface QuantityType {

    /** The value of the key {@code quantity}. */
    String name();

    /** One line. */
    String description();

    /** Its settings, in the order in which they are listed. */
    List<Setting<?>> keys();

    /**
     * The quantity with these settings.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    Quantity create(Quantity.Settings settings);
}
