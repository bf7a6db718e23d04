/** What no application should touch; nothing here is part of the interface, and everything may change. */
package io.github.finitentk.internal;
