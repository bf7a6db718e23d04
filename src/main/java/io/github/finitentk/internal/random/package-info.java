/** Counter-based random numbers: the same bits as in the C++ core. */
package io.github.finitentk.internal.random;
