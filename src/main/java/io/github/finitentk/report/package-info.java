/**
 * Figures, tables and captions: pure presentation of numbers that were computed elsewhere. {@link
 * io.github.finitentk.report.Plot} draws any run.
 *
 * <p>A figure ({@link io.github.finitentk.report.HeatMapFigure}, {@link io.github.finitentk.report.LineFigure}) is drawn
 * once, in points (1/72 inch), and {@link io.github.finitentk.report.FigureWriter} turns the same drawing into PDF,
 * SVG and PNG. Text is marked up with the small subset of TeX that {@link io.github.finitentk.report.MathText} understands.
 * Drawing needs no display: applications that run where a broken one is configured should start Java with
 * {@code -Djava.awt.headless=true}.
 */
package io.github.finitentk.report;
