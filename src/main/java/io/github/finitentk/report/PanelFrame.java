package io.github.finitentk.report;

/**
 * What surrounds the data of one panel.
 *
 * @param title markup, with its letter
 * @param x with final limits
 * @param y with final limits
 * @param bar the colour bar that explains this panel, or null
 * @param note a text above the frame, or null
 */
record PanelFrame(String title, Axis x, Axis y, ColorBar bar, Note note) {

    /**
     * A text centred above the frame.
     *
     * @param at where on the x axis
     */
    record Note(double at, String text) {}

    /** Whether both panels are explained by one colour bar. */
    boolean sharesBar(PanelFrame other) {
        return bar != null
                && other.bar != null
                && bar.label().equals(other.bar.label())
                && bar.scale().looksLike(other.bar.scale());
    }
}
