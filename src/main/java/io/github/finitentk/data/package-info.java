/**
 * What goes in and comes out: inputs ({@code S x n_0}, one row each), data sets and kernels, which know their shape; NumPy's
 * {@code .npy} and {@code .npz} files and {@code .csv} files of numbers; MNIST in its IDX format with a sample of it embedded in
 * the library, and synthetic inputs.
 *
 * <p>Whatever is wrong with a file is reported as a
 * {@link io.github.finitentk.data.DataFormatException} with one sentence that names the file, the array and the place.
 * Files may come from anywhere, so every length in a header is checked against the bytes that are there, and against
 * the free heap, before memory is allocated.
 *
 * <p>The {@code .npy} reader is our own code because the only maintained library for the JVM would put the Kotlin
 * runtime on the class path of every application that embeds this one, for a format of one page.
 */
package io.github.finitentk.data;
