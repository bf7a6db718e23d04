/**
 * What both backends compute: batches of networks, gradient descent, samplers, linear algebra. Each shell checks its
 * arguments once; the loops behind it check nothing. Both give the same bits, linear algebra excepted.
 */
package io.github.finitentk.internal.compute;
