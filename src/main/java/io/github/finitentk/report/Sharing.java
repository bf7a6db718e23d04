package io.github.finitentk.report;

/** Which panels of a figure have equal limits on an axis. */
public enum Sharing {
    /** All of them. */
    ALL,
    /** Those beside each other. */
    ROWS,
    /** Those above each other. */
    COLUMNS,
    /** None: each has its own. */
    NONE;

    /** A number that panels with equal limits have in common. */
    int group(int panel, int columns) {
        return switch (this) {
            case ALL -> 0;
            case ROWS -> panel / columns;
            case COLUMNS -> panel % columns;
            case NONE -> panel;
        };
    }
}
