/** The paper's question for one network: may NTK theory be trusted? All other packages of the library in one answer. */
package io.github.finitentk.trust;
