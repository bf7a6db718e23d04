package io.github.finitentk.report.paper;

/** A figure that can be reproduced. */
public interface PaperFigure {

    /** Its number in the paper; 12 and beyond are ours. */
    int number();

    /** One line for lists of figures. */
    String title();

    /** Computes and draws it. */
    FigureResult reproduce(FigureContext context);
}
