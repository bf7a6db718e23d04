package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.OptionalDependency;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Loads SQLite's native library once, from the folder of the native core. SQLite's own way is a new copy in the folder for
 * temporary files at every start, which piles up where processes are killed, fails with stack traces where no program may
 * be run from that folder, and is open to other users.
 */
public final class SqliteLibrary {

    private static final String PATH_PROPERTY = "org.sqlite.lib.path";
    private static final String NAME_PROPERTY = "org.sqlite.lib.name";
    private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";

    private static boolean loaded;

    private SqliteLibrary() {}

    /**
     * @throws IllegalStateException with what would help if the library cannot be loaded here
     * @throws UnsupportedOperationException without SQLite
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        OptionalDependency.SQLITE.require();
        // In an interrupted thread files cannot be unpacked; it stays interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            if (System.getProperty(PATH_PROPERTY) == null && System.getProperty(FOLDER_PROPERTY) == null) {
                unpack();
            }
            loaded = SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown reason");
            throw new IllegalStateException("SQLite, which run files need, cannot be loaded: "
                    + reason.replaceFirst("\\.$", "") + ". " + UnpackedLibraries.CURE + ".");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void unpack() throws IOException {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        URL library = SQLiteJDBCLoader.class.getResource(resource);
        if (library != null) {
            Path file = UnpackedLibraries.unpack(List.of(library)).get(0);
            System.setProperty(PATH_PROPERTY, file.getParent().toString());
            System.setProperty(NAME_PROPERTY, file.getFileName().toString());
        }
    }
}
