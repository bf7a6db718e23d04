package io.github.finitentk.report.paper;

import io.github.finitentk.experiment.SweepSpec;

/**
 * A sweep that a figure needs.
 *
 * @param name of the run file, before the scale: {@code 1}, {@code 1-200-draws}, or what several figures share
 * @param spec what it computes
 */
record FigureRun(String name, SweepSpec spec) {}
