package io.github.finitentk.report.paper;

import io.github.finitentk.report.paper.PaperFigure.Scale;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** How a figure is made: sweeps to run, and pictures to draw from their rows. */
interface FigureRecipe {

    /** Its number in the paper; 12 and beyond are ours. */
    int number();

    /** One line for lists of figures. */
    String title();

    /** Whether {@link io.github.finitentk.report.FigureStyle} changes anything: maps have styles, lines have not. */
    default boolean hasStyles() {
        return true;
    }

    /** Whether it is about images of which {@link #withData} names more than are embedded. */
    default boolean takesData() {
        return false;
    }

    /** The same about the images in a folder. */
    default FigureRecipe withData(Path folder) {
        throw new IllegalArgumentException("Figure " + number() + " takes no data.");
    }

    /** The sweeps whose rows it draws. Figures that name the same run share its file, so their sweeps must be equal. */
    List<FigureRun> runs(Scale scale, long seed);

    /**
     * Draws it from finished runs.
     *
     * @throws IOException if data that belong to the picture cannot be read
     */
    FigureResult draw(FigureContext context) throws IOException;
}
