/** Files that appear whole or not at all, and sentences for what goes wrong with them. */
package io.github.finitentk.internal.files;
