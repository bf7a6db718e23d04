/**
 * The paper's figures, which {@link io.github.finitentk.report.paper.PaperFigure} computes and draws.
 */
package io.github.finitentk.report.paper;
