/**
 * The paper's question for one network: may NTK theory be trusted? All other packages of the library in one answer.
 *
 * <p>A {@link io.github.finitentk.trust.TrustQuestion} names network, data and budget; the
 * {@link io.github.finitentk.trust.TrustReport} has the verdict, a {@link io.github.finitentk.trust.Statement} for each
 * assumption of the theory, and the numbers that decide. {@link io.github.finitentk.trust.TrustThresholds} is the rulebook.
 */
package io.github.finitentk.trust;
