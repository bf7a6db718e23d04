/** The HTML report of a run: one file that needs nothing else, made from templates, scripts and the run's table. */
package io.github.finitentk.report.html;
