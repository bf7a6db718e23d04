package io.github.finitentk.experiment;

/**
 * A column of a quantity's results.
 *
 * @param name as in tables: lower case, digits and underscores
 * @param type of its values
 * @param description one line
 */
public record Column(String name, Type type, String description) {

    /** What a column holds; any value may be missing. */
    public enum Type {
        /** A {@code Double}. */
        REAL,
        /** A {@code Long}; truth values are 0 and 1. */
        INTEGER,
        /** A {@code String}. */
        TEXT,
        /** A {@code double[]}, whose length may differ from cell to cell. */
        REALS
    }

    /** @throws IllegalArgumentException if the name is not one */
    public Column {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("\"" + name + "\" cannot name a column.");
        }
    }

    public static Column real(String name, String description) {
        return new Column(name, Type.REAL, description);
    }

    public static Column integer(String name, String description) {
        return new Column(name, Type.INTEGER, description);
    }

    public static Column text(String name, String description) {
        return new Column(name, Type.TEXT, description);
    }

    public static Column reals(String name, String description) {
        return new Column(name, Type.REALS, description);
    }
}
