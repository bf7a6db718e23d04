/**
 * What both backends compute: batches of networks, gradient descent, samplers, linear algebra. Each shell checks its
 * arguments once; the loops behind it check nothing.
 */
package io.github.finitentk.internal.compute;
