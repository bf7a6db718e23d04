/**
 * The command {@code ntk}: options are parsed, the library is called, results are printed. It holds no logic of its own, and
 * nothing calls it.
 */
package io.github.finitentk.cli;
