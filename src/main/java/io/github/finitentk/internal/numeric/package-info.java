/** Quadrature, series, root finding and the few linear-algebra routines the theory needs; no dependency at all. */
package io.github.finitentk.internal.numeric;
