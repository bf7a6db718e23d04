package io.github.finitentk.report.paper;

import io.github.finitentk.model.Activations;
import java.util.List;

/** All figures that can be reproduced. */
final class FigureRecipes {

    /** In the order of their numbers. */
    static final List<FigureRecipe> ALL = List.of(
            new Figure1(),
            new Figure2(),
            new KernelChangeFigure(3, Activations.TANH),
            new KernelChangeFigure(4, Activations.RELU),
            new Figure5(),
            new Figure6(),
            new Figure7(),
            new KernelChangeStepsFigure(8, Activations.TANH),
            new KernelChangeStepsFigure(9, Activations.RELU),
            new KernelChangeWidthsFigure(10, Activations.TANH),
            new KernelChangeWidthsFigure(11, Activations.RELU),
            new Figure12(),
            new Figure13(),
            new Figure14(),
            new Figure15(),
            new Figure16(),
            new Figure17());

    private FigureRecipes() {}

    /** @throws IllegalArgumentException if there is no such figure */
    static FigureRecipe of(int number) {
        return ALL.stream()
                .filter(figure -> figure.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no figure " + number + "; available are "
                        + ALL.stream().map(FigureRecipe::number).toList() + "."));
    }
}
