package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.model.Ensemble;
import org.bytedeco.javacpp.DoublePointer;

/** Particles of the C++ core. */
final class NativeMomentParticles extends MomentParticles {

    private final NativeLaw law;
    private final double inputNorm2;
    private final DoublePointer scratch;
    private final DoublePointer state;
    private final DoublePointer moments;

    NativeMomentParticles(Ensemble ensemble, int capacity) {
        super(capacity, ensemble.architecture().depth() - 1);
        law = new NativeLaw(ensemble.law());
        inputNorm2 = ensemble.inputNorm2();
        scratch = new DoublePointer(NativeSamplers.scratch(NtkCore.momentScratch(law.widths, law.depth)));
        Memory.require(
                8.0 * (FIELDS + MOMENTS) * capacity, Memory.availableOffHeap(), capacity + " particles of a network");
        state = new DoublePointer((long) FIELDS * capacity);
        moments = new DoublePointer((long) MOMENTS * capacity);
    }

    @Override
    protected void begin(int particles) {
        NtkCore.startParticles(law.widths, law.depth, inputNorm2, particles, capacity(), state, moments);
    }

    @Override
    protected void move(long key, long firstStream, int particles, int firstLayer, int lastLayer) {
        NtkCore.advanceParticles(
                law.widths,
                law.depth,
                law.activation.kind(),
                law.activation.a(),
                law.activation.b(),
                law.sigmaW2,
                law.sigmaB2,
                inputNorm2,
                key,
                firstStream,
                particles,
                capacity(),
                firstLayer,
                lastLayer,
                scratch,
                state,
                moments);
    }

    @Override
    protected void readState(double[] target) {
        state.get(target);
    }

    @Override
    protected void writeState(double[] source) {
        state.put(source);
    }

    @Override
    protected void readMoments(double[] target) {
        moments.get(target);
    }

    @Override
    protected void release() {
        law.close();
        scratch.close();
        state.close();
        moments.close();
    }
}
