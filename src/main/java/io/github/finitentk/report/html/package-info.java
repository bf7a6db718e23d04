/** The HTML report of a run: one file that needs nothing else, made from templates, the run's table and Apache ECharts. */
package io.github.finitentk.report.html;
