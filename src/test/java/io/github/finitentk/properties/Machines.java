package io.github.finitentk.properties;

import io.github.finitentk.Ntk;
import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.Engine;

/** Who computes: both backends, one thread and several. */
final class Machines {

    /** The native core where there is one. */
    static final Ntk FASTEST = Ntk.builder().threads(3).build();

    static final Ntk FASTEST_ALONE = Ntk.builder().threads(1).build();

    static final Ntk JAVA = Ntk.builder().backend("java").threads(2).build();

    static final Engine ENGINE = Engine.of(Backend.fastest(), 2);

    static final Engine ENGINE_ALONE = Engine.single(Backend.fastest());

    static final Engine JAVA_ENGINE = Engine.of(Backend.pureJava(), 3);

    private Machines() {}
}
