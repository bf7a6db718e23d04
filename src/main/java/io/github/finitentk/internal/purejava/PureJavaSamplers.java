package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.KernelSampler;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;
import io.github.finitentk.internal.compute.Samplers;
import io.github.finitentk.model.RandomNetwork;

/** The samplers in plain Java. */
final class PureJavaSamplers implements Samplers {

    static final PureJavaSamplers INSTANCE = new PureJavaSamplers();

    private PureJavaSamplers() {}

    @Override
    public KernelSampler chain(NetworkAtInput ensemble) {
        return new ChainSampler(ensemble);
    }

    @Override
    public KernelSampler reluNorms(NetworkAtInput ensemble) {
        Samplers.requireRelu(ensemble);
        return new ReluNormSampler(ensemble);
    }

    @Override
    public KernelSampler conditional(RandomNetwork network, double[] inputs) {
        return new ConditionalSampler(network, inputs);
    }

    @Override
    public MomentParticles moments(NetworkAtInput ensemble, int particles) {
        return new PureJavaMomentParticles(ensemble, particles);
    }
}
