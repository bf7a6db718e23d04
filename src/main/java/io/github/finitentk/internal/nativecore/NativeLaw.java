package io.github.finitentk.internal.nativecore;

import io.github.finitentk.model.RandomNetwork;
import org.bytedeco.javacpp.LongPointer;

/** The leading arguments of the native samplers: a network's law. Owns the array of widths. */
final class NativeLaw implements AutoCloseable {

    final LongPointer widths;
    final int depth;
    final ActivationCode activation;
    final double sigmaW2;
    final double sigmaB2;

    NativeLaw(RandomNetwork law) {
        activation = ActivationCode.of(law.activation());
        depth = law.architecture().depth();
        sigmaW2 = law.initialization().sigmaW2();
        sigmaB2 = law.initialization().sigmaB2();
        long[] sizes = new long[depth + 1];
        for (int l = 0; l <= depth; l++) {
            sizes[l] = law.architecture().width(l);
        }
        widths = new LongPointer(sizes);
    }

    @Override
    public void close() {
        widths.close();
    }
}
