/** What holds for every network, input, specification and file: tried on random ones, which are small when they fail. */
package io.github.finitentk.properties;
