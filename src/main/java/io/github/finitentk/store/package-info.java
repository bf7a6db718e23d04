/** The run file: one SQLite database per sweep, committed cell by cell. */
package io.github.finitentk.store;
