package io.github.finitentk.internal.compute;

import io.github.finitentk.internal.nativecore.NativeLibrary;
import io.github.finitentk.internal.purejava.PureJavaBackend;

/** The backends of this machine. */
public final class Backends {

    private Backends() {}

    /**
     * The C++ core.
     *
     * @throws UnsupportedOperationException with the reason if it could not be loaded here
     */
    public static Backend nativeCore() {
        return NativeLibrary.backend()
                .orElseThrow(() -> new UnsupportedOperationException("The native core is not available: "
                        + NativeLibrary.failureReason().orElse("unknown reason") + "."
                        + NativeLibrary.cure().map(cure -> " " + cure + ".").orElse("")));
    }

    /** Pure Java; always there. */
    public static Backend pureJava() {
        return PureJavaBackend.INSTANCE;
    }

    /** The native core where it loads, else pure Java. */
    public static Backend fastest() {
        return NativeLibrary.backend().orElseGet(Backends::pureJava);
    }
}
