package io.github.finitentk.experiment;

/** How fine a figure's grid is. */
public enum Scale {
    /** About a minute on two cores. */
    QUICK,
    /** The paper's widths and draws on a grid at least as fine as the paper's. */
    PAPER
}
