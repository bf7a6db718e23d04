/**
 * For which finite networks can Neural Tangent Kernel theory be trusted? {@link io.github.finitentk.Ntk} is the way in.
 */
package io.github.finitentk;
