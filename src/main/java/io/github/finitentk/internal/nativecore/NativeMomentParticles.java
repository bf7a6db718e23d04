package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;
import org.bytedeco.javacpp.DoublePointer;

/** Particles of the C++ core. */
final class NativeMomentParticles extends MomentParticles {

    private final NtkCore.RandomNetwork network;
    private final double inputNorm2;
    private final DoublePointer scratch;
    private final DoublePointer state;
    private final DoublePointer moments;
    private final NtkCore.Particles particles;

    NativeMomentParticles(NetworkAtInput ensemble, int capacity) {
        super(capacity, ensemble.architecture().depth() - 1, Memory::availableOffHeap);
        network = NativeNetworks.network(ensemble.random());
        inputNorm2 = ensemble.inputNorm2();
        scratch = new DoublePointer(NativeSamplers.scratch(NtkCore.momentScratch(network)));
        state = new DoublePointer((long) FIELDS * capacity);
        moments = new DoublePointer((long) MOMENTS * capacity);
        particles = new NtkCore.Particles();
        particles.stride(capacity);
        particles.state(state);
        particles.moments(moments);
    }

    @Override
    protected void begin(int count) {
        particles.count(count);
        NtkCore.startParticles(network, inputNorm2, particles);
    }

    @Override
    protected void move(long key, long firstStream, int count, int firstLayer, int lastLayer) {
        particles.count(count);
        NtkCore.advanceParticles(network, inputNorm2, key, firstStream, firstLayer, lastLayer, scratch, particles);
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
        network.close();
        scratch.close();
        state.close();
        moments.close();
        particles.close();
    }
}
