package io.github.finitentk.report;

import java.awt.geom.AffineTransform;

/** A {@link java.awt.Graphics2D} on which text stays text, to be searched, copied and edited. */
interface TextPage {

    /**
     * Sets a text in the current paint.
     *
     * @param align which part of it lies at the origin
     * @param place where the origin goes, and how it is turned
     */
    void text(MathText.Laid text, Pen.Align align, AffineTransform place);
}
