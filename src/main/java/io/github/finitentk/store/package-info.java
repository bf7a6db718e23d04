/**
 * The run file: one SQLite database per sweep, committed unit by unit. {@link io.github.finitentk.store.RunFile} writes it,
 * {@link io.github.finitentk.store.RunReader} reads it.
 */
package io.github.finitentk.store;
