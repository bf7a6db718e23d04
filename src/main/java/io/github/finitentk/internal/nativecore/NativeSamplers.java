package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.model.RandomNetwork;
import org.bytedeco.javacpp.DoublePointer;

/** The samplers of the C++ core. */
final class NativeSamplers implements Samplers {

    static final NativeSamplers INSTANCE = new NativeSamplers();

    private NativeSamplers() {}

    @Override
    public KernelSampler chain(NetworkAtInput ensemble) {
        NtkCore.RandomNetwork network = NativeNetworks.network(ensemble.random());
        return new NativeKernelSampler(
                network,
                1,
                scratch(NtkCore.chainScratch(network)),
                null,
                (key, first, draws, scratch, target) ->
                        NtkCore.chainDraws(network, ensemble.inputNorm2(), key, first, draws, scratch, target));
    }

    @Override
    public KernelSampler reluNorms(NetworkAtInput ensemble) {
        Samplers.requireRelu(ensemble);
        NtkCore.RandomNetwork network = NativeNetworks.network(ensemble.random());
        return new NativeKernelSampler(
                network,
                1,
                scratch(NtkCore.reluChainScratch(network)),
                null,
                (key, first, draws, scratch, target) ->
                        NtkCore.reluChainDraws(network, ensemble.inputNorm2(), key, first, draws, scratch, target));
    }

    @Override
    public KernelSampler conditional(RandomNetwork random, double[] inputs) {
        int count = Samplers.requireInputs(random, inputs);
        NtkCore.RandomNetwork network = NativeNetworks.network(random);
        long numbers = scratch(NtkCore.conditionalScratch(network, count));
        DoublePointer x0 = new DoublePointer(inputs);
        return new NativeKernelSampler(
                network,
                count,
                numbers,
                x0,
                (key, first, draws, scratch, target) ->
                        NtkCore.conditionalDraws(network, count, x0, key, first, draws, scratch, target));
    }

    @Override
    public MomentParticles moments(NetworkAtInput ensemble, int particles) {
        return new NativeMomentParticles(ensemble, particles);
    }

    static long scratch(long numbers) {
        Memory.require(8.0 * numbers, Memory::availableOffHeap, "One draw of a random network");
        return numbers;
    }
}
