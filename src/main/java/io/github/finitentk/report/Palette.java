package io.github.finitentk.report;

import java.awt.Color;
import java.util.List;

/**
 * Colours for categories, told apart with every common colour-vision deficiency: the palette of M. Okabe and K. Ito,
 * "Color Universal Design" (2008), free to use, without its yellow (too pale for lines on white).
 */
final class Palette {

    private static final List<Color> COLORS = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0x56b4e9),
            new Color(0xe69f00),
            new Color(0x000000));

    private Palette() {}

    /**
     * The colour of a category; the palette repeats after 7.
     *
     * @throws IllegalArgumentException if the index is negative
     */
    static Color color(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("The index of a colour must not be negative, but it is " + index + ".");
        }
        return COLORS.get(index % COLORS.size());
    }
}
