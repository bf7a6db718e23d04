/**
 * The paper's figures: each class computes its grid through the experiments' public API and draws it. A figure's numbers
 * and its picture travel together in a {@link io.github.finitentk.report.paper.FigureResult}.
 */
package io.github.finitentk.report.paper;
