package io.github.finitentk.report.paper;

import java.util.List;

/** All figures that can be reproduced. */
public final class PaperFigures {

    /** In the order of their numbers. */
    public static final List<PaperFigure> ALL = List.of(new Figure1(), new Figure5(), new Figure6());

    private PaperFigures() {}

    /** @throws IllegalArgumentException if there is no such figure */
    public static PaperFigure of(String number) {
        for (PaperFigure figure : ALL) {
            if (Integer.toString(figure.number()).equals(number)) {
                return figure;
            }
        }
        throw new IllegalArgumentException("There is no figure \"" + number + "\"; available are "
                + ALL.stream().map(PaperFigure::number).toList() + " and \"all\".");
    }
}
