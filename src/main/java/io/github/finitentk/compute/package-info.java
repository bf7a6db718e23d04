/** What a computation may end in besides a result. */
package io.github.finitentk.compute;
