package io.github.finitentk.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.sqlite.SQLiteConfig;

/** Connections to run files, and sentences for what can go wrong with them. */
final class RunDatabase {

    private static final byte[] SQLITE_HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private RunDatabase() {}

    /** @throws RunFileException if the file is missing or no SQLite database */
    static void requireSqlite(Path path) {
        try (var in = Files.newInputStream(path)) {
            if (!Arrays.equals(in.readNBytes(SQLITE_HEADER.length), SQLITE_HEADER)) {
                throw new RunFileException(path + " is not a run file of Finite NTK.");
            }
        } catch (IOException e) {
            throw new RunFileException(
                    "The run file " + path + " cannot be read" + (Files.exists(path) ? "." : ": it does not exist."));
        }
    }

    /** A connection that locks the file for itself as soon as it reads or writes. */
    static Connection toWrite(Path path) {
        Connection connection = connect(path, new SQLiteConfig());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA locking_mode = EXCLUSIVE");
            return connection;
        } catch (SQLException e) {
            closeQuietly(connection);
            throw failed(path, e);
        }
    }

    static Connection toRead(Path path) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        return connect(path, config);
    }

    private static Connection connect(Path path, SQLiteConfig config) {
        config.setBusyTimeout(0);
        SqliteLibrary.load();
        try {
            return DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath(), config.toProperties());
        } catch (SQLException e) {
            throw failed(path, e);
        }
    }

    static RunFileException failed(Path path, SQLException e) {
        int code = e.getErrorCode() & 0xff;
        return new RunFileException(
                switch (code) {
                    case 5, 6 -> "The run file " + path + " is in use by another process.";
                    case 8 -> "The run file " + path + " cannot be written to.";
                    case 10, 13 ->
                        "The run file " + path + " cannot be written (is the disk full?); what was committed is safe.";
                    case 11 -> "The run file " + path + " is damaged.";
                    case 14 -> "The run file " + path + " cannot be opened or made there.";
                    case 26 -> path + " is not a run file of Finite NTK.";
                    default ->
                        "The run file " + path + " cannot be used: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("unknown problem");
                });
    }

    static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // The problem that led here is the one to report.
        }
    }
}
