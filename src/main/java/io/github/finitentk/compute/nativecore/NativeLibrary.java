package io.github.finitentk.compute.nativecore;

import io.github.finitentk.compute.Backend;
import io.github.finitentk.compute.BatchShape;
import io.github.finitentk.compute.SelfTest;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/**
 * Owns the loading of the native core: extracts and links the library, checks the version of its interface, makes BLAS
 * single-threaded and compares a small kernel with the pure-Java backend. It happens once per JVM; if anything fails,
 * the reason is kept and the native backend is simply not there.
 */
public final class NativeLibrary {

    /** Must equal {@code ntk::abi_version()}. */
    private static final int ABI_VERSION = 5;

    private static final NativeLibrary INSTANCE = new NativeLibrary();

    private final Backend backend;
    private final Throwable failure;

    private NativeLibrary() {
        Backend loaded = null;
        Throwable problem = null;
        try {
            loaded = load();
        } catch (LinkageError | RuntimeException e) {
            problem = e;
        }
        backend = loaded;
        failure = problem;
    }

    /** The native backend, or empty if it could not be loaded on this machine. */
    public static Optional<Backend> backend() {
        return Optional.ofNullable(INSTANCE.backend);
    }

    /** Why {@link #backend} is empty. */
    public static Optional<Throwable> failure() {
        return Optional.ofNullable(INSTANCE.failure);
    }

    /** The reason of {@link #failure} in one sentence. */
    public static Optional<String> failureReason() {
        return failure().map(NativeLibrary::reason);
    }

    private static Backend load() {
        // JavaCPP would otherwise refuse allocations by comparing the whole process with a multiple of the heap;
        // batches
        // are checked against the memory that there really is before they are allocated.
        if (System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
        if (System.getProperty("org.bytedeco.javacpp.maxBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        }
        String platform = Loader.getPlatform();
        String library = platform + "/libjniNtkCore.so";
        if (NtkCore.class.getResource(library) == null) {
            throw new IllegalStateException("this build holds no native core for " + platform
                    + " (it was built without CMake or a C++ compiler)");
        }
        Loader.load(NtkCore.class);
        int version = NtkCore.abiVersion();
        if (version != ABI_VERSION) {
            throw new IllegalStateException(
                    "the native core has interface version " + version + ", this library needs " + ABI_VERSION);
        }
        if (NtkCore.blockSize() != BatchShape.BLOCK) {
            throw new IllegalStateException("the native core works in blocks of " + NtkCore.blockSize()
                    + " inputs, this library in blocks of " + BatchShape.BLOCK);
        }
        NtkCore.prepareBlas();
        Backend backend = new NativeBackend("SIMD level " + text(NtkCore.simdLevel()) + ", "
                + text(NtkCore.blasDescription()).trim());
        SelfTest.run(backend);
        return backend;
    }

    private static String text(BytePointer pointer) {
        try (pointer) {
            return pointer.getString();
        }
    }

    private static String reason(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse(message);
    }
}
