package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.model.Ensemble;
import io.github.finitentk.model.RandomNetwork;
import org.bytedeco.javacpp.DoublePointer;

/** The samplers of the C++ core. */
final class NativeSamplers implements Samplers {

    static final NativeSamplers INSTANCE = new NativeSamplers();

    private NativeSamplers() {}

    @Override
    public KernelSampler chain(Ensemble ensemble) {
        NativeLaw law = new NativeLaw(ensemble.law());
        long scratch = scratch(NtkCore.chainScratch(law.widths, law.depth));
        return new NativeKernelSampler(
                law,
                1,
                scratch,
                null,
                (key, first, draws, buffers) -> NtkCore.chainDraws(
                        law.widths,
                        law.depth,
                        law.activation.kind(),
                        law.activation.a(),
                        law.activation.b(),
                        law.sigmaW2,
                        law.sigmaB2,
                        ensemble.inputNorm2(),
                        key,
                        first,
                        draws,
                        buffers.scratch(),
                        buffers.theta(),
                        buffers.exponents(),
                        buffers.outputs()));
    }

    @Override
    public KernelSampler reluNorms(Ensemble ensemble) {
        Samplers.requireRelu(ensemble);
        NativeLaw law = new NativeLaw(ensemble.law());
        long scratch = scratch(NtkCore.reluChainScratch(law.widths, law.depth));
        return new NativeKernelSampler(
                law,
                1,
                scratch,
                null,
                (key, first, draws, buffers) -> NtkCore.reluChainDraws(
                        law.widths,
                        law.depth,
                        law.sigmaW2,
                        law.sigmaB2,
                        ensemble.inputNorm2(),
                        key,
                        first,
                        draws,
                        buffers.scratch(),
                        buffers.theta(),
                        buffers.exponents(),
                        buffers.outputs()));
    }

    @Override
    public KernelSampler conditional(RandomNetwork network, double[] inputs) {
        int count = Samplers.requireInputs(network, inputs);
        NativeLaw law = new NativeLaw(network);
        long scratch = scratch(NtkCore.conditionalScratch(law.widths, law.depth, count));
        DoublePointer x0 = new DoublePointer(inputs);
        return new NativeKernelSampler(
                law,
                count,
                scratch,
                x0,
                (key, first, draws, buffers) -> NtkCore.conditionalDraws(
                        law.widths,
                        law.depth,
                        law.activation.kind(),
                        law.activation.a(),
                        law.activation.b(),
                        law.sigmaW2,
                        law.sigmaB2,
                        count,
                        x0,
                        key,
                        first,
                        draws,
                        buffers.scratch(),
                        buffers.theta(),
                        buffers.outputs()));
    }

    @Override
    public MomentParticles moments(Ensemble ensemble, int particles) {
        return new NativeMomentParticles(ensemble, particles);
    }

    static long scratch(long numbers) {
        Memory.require(8.0 * numbers, Memory.availableOffHeap(), "One draw of a random network");
        return numbers;
    }
}
