/** The same in pure Java. */
package io.github.finitentk.internal.purejava;
