/** The C++ core, bound by JavaCPP. */
package io.github.finitentk.internal.nativecore;
