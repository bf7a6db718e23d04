package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.Backend;
import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.SelfTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
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
    private static final int ABI_VERSION = 14;

    private static final String REBUILD = "Build it again on this machine: mvn -DskipTests clean package";

    /** The names of a platform's libraries in the order of their dependence, one a line; written by the build. */
    private static final String LIBRARIES = "libraries.txt";

    // After the constants that its construction reads.
    private static final NativeLibrary INSTANCE = new NativeLibrary();

    private final Backend backend;
    private final Throwable failure;
    private final String cure;

    /** Ends the loading with what would help. */
    private static final class Unavailable extends Exception {

        private final String cure;

        Unavailable(Throwable cause, String cure) {
            super(cause);
            this.cure = cure;
        }

        Unavailable(String reason, String cure) {
            this(new IllegalStateException(reason), cure);
        }
    }

    private NativeLibrary() {
        Backend loaded = null;
        Throwable problem = null;
        String help = null;
        try {
            loaded = load();
        } catch (Unavailable e) {
            problem = e.getCause();
            help = e.cure;
        } catch (LinkageError | RuntimeException | OutOfMemoryError e) {
            problem = e;
        }
        backend = loaded;
        failure = problem;
        cure = help;
    }

    /** The native backend, or empty if it could not be loaded on this machine. */
    public static Optional<Backend> backend() {
        return Optional.ofNullable(INSTANCE.backend);
    }

    /** Why {@link #backend} is empty. */
    public static Optional<Throwable> failure() {
        return Optional.ofNullable(INSTANCE.failure);
    }

    /** The reason of {@link #failure}, a sentence without its full stop. */
    public static Optional<String> failureReason() {
        return failure().map(NativeLibrary::reason);
    }

    /** What helps against {@link #failure}, where that is known; a sentence without its full stop. */
    public static Optional<String> cure() {
        return Optional.ofNullable(INSTANCE.cure);
    }

    private static Backend load() throws Unavailable {
        requireJavacpp();
        // JavaCPP would otherwise refuse allocations by comparing the whole process with a multiple of the heap;
        // batches are checked against the memory that there really is before they are allocated.
        setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
        loadLibraries(Loader.getPlatform());
        int version = NtkCore.abiVersion();
        if (version != ABI_VERSION) {
            throw new Unavailable(
                    "the native core has interface version " + version + ", this library needs " + ABI_VERSION,
                    REBUILD);
        }
        if (NtkCore.blockSize() != BatchShape.BLOCK) {
            throw new Unavailable(
                    "the native core works in blocks of " + NtkCore.blockSize() + " inputs, this library in blocks of "
                            + BatchShape.BLOCK,
                    REBUILD);
        }
        NtkCore.prepareBlas();
        String level = chosen("NTK_SIMD", NtkCore::simdLevel);
        String products = chosen("NTK_PRODUCTS", NtkCore::productsName);
        Backend backend = new NativeBackend(
                "SIMD level " + level + ", " + products + " products, "
                        + text(NtkCore.blasDescription()).trim(),
                products.equals("own"));
        SelfTest.run(backend);
        return backend;
    }

    private static void requireJavacpp() throws Unavailable {
        try {
            Class.forName("org.bytedeco.javacpp.Loader", false, NativeLibrary.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new Unavailable("JavaCPP is not on the class path", "Add org.bytedeco:javacpp");
        }
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    // What Loader.load of JavaCPP does, but from a folder that is this user's alone, and by content: JavaCPP takes
    // a file for the one in the jar if its name, size and date are the same.
    private static void loadLibraries(String platform) throws Unavailable {
        List<Path> files;
        try (InputStream names = NtkCore.class.getResourceAsStream(platform + "/" + LIBRARIES)) {
            if (names == null) {
                throw new Unavailable(
                        "this build holds no native core for " + platform
                                + " (it was built elsewhere, or without CMake or a C++ compiler)",
                        "Debian: apt-get install cmake g++, then build again: mvn -DskipTests package");
            }
            files = UnpackedLibraries.unpack(new String(names.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(name -> NtkCore.class.getResource(platform + "/" + name))
                    .toList());
        } catch (IOException e) {
            throw new Unavailable(new IllegalStateException(e.getMessage(), e), UnpackedLibraries.CURE);
        }
        // Whatever JavaCPP itself unpacks goes there, too, and not to "./?" where there is no home directory.
        System.setProperty(
                "org.bytedeco.javacpp.cachedir",
                files.get(0).getParent().getParent().toString());
        for (Path file : files) {
            try {
                System.load(file.toString());
            } catch (UnsatisfiedLinkError e) {
                throw new Unavailable(e, cure(String.valueOf(e.getMessage())));
            }
        }
    }

    private static String cure(String message) {
        if (message.contains("failed to map segment")) {
            return UnpackedLibraries.CURE;
        }
        return message.contains("GLIBC") ? "The native core needs glibc 2.34 or newer" : REBUILD;
    }

    private interface Choice {

        BytePointer name() throws NativeCoreException;
    }

    // What the core chose, or why the environment variable that may choose instead does not serve.
    private static String chosen(String variable, Choice choice) throws Unavailable {
        try {
            return text(choice.name());
        } catch (NativeCoreException e) {
            throw new Unavailable(e, "Unset the environment variable " + variable);
        }
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
                : message.lines().findFirst().orElse(message).replaceFirst("\\.$", "");
    }
}
