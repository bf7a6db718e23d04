package io.github.finitentk.store;

import io.github.finitentk.internal.nativecore.SqliteLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;

/** Connections to run files, and sentences for what can go wrong with them. */
final class RunDatabase {

    private RunDatabase() {}

    /**
     * Looks at the name only: opening a file here would, once closed, drop the locks that SQLite holds on it in this process.
     *
     * @throws IllegalArgumentException if there is no file, or an empty one, or something else
     */
    static void requireFile(Path path) {
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(path + " is a folder, not a run file.");
        }
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("The run file " + path + " does not exist.");
        }
        try {
            if (!Files.isRegularFile(path) || Files.size(path) == 0) {
                throw notARun(path);
            }
        } catch (IOException e) {
            throw new RunFileException("The run file " + path + " cannot be read.");
        }
    }

    private static IllegalArgumentException notARun(Path path) {
        return new IllegalArgumentException(path + " is not a run file of Finite NTK.");
    }

    private static void loadLibrary() {
        try {
            SqliteLibrary.load();
        } catch (IllegalStateException e) {
            throw new RunFileException(e.getMessage());
        }
    }

    /** A connection that locks the file for itself as soon as it reads or writes. */
    static Connection toWrite(Path path) throws SQLException {
        loadLibrary();
        Connection connection = connect(path, new SQLiteConfig());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    static Connection toRead(Path path) throws SQLException {
        loadLibrary();
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        Connection connection = connect(path, config);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw e;
        }
    }

    private static Connection connect(Path path, SQLiteConfig config) throws SQLException {
        config.setBusyTimeout(0);
        // Not by DriverManager, which knows no drivers of class loaders that came after it: those of Spark, say.
        return JDBC.createConnection("jdbc:sqlite:" + path.toAbsolutePath(), config.toProperties());
    }

    /**
     * What to throw for a problem with a file: a {@link RunFileException}, or an {@link IllegalArgumentException} if it is no
     * run file at all.
     */
    static RuntimeException failed(Path path, SQLException e) {
        int code = e.getErrorCode() & 0xff;
        if (code == 26) {
            return notARun(path);
        }
        return new RunFileException(
                switch (code) {
                    case 5, 6 -> "The run file " + path + " is in use by another process.";
                    case 8 -> "The run file " + path + " cannot be written to.";
                    case 10, 13 ->
                        "The run file " + path + " cannot be written (is the disk full?); what was committed is safe.";
                    case 14 -> "The run file " + path + " cannot be opened or made there.";
                    // Our statements are right: if one cannot be carried out, the tables are not what they should be.
                    case 1, 7, 11, 12, 17, 18, 19, 20, 24, 25 ->
                        "The run file " + path + " is damaged, or another program has changed it.";
                    default ->
                        "The run file " + path + " cannot be used: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("unknown problem");
                });
    }

    /** @param connection null if there is none yet */
    static void closeQuietly(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException ignored) {
            // The problem that led here is the one to report.
        }
    }
}
