#include "ntk/checks.h"
#include "ntk/kernels.h"
#include "ntk/layer_normals.h"
#include "ntk/moment_forms.h"
#include "ntk/ntk_core.h"
#include "ntk/one_input.h"
#include "ntk/random.h"

// Particles of the Rao-Blackwell and sequential Monte Carlo estimators (theory 12.4, 12.5): forward passes, each with the
// conditional moments of Theta so far. A particle's whole state after layer l is |x^l|^2 and the forms for the network
// that ends above it, so resampling copies ten numbers.

namespace ntk {
namespace {

// The fields of a particle, each a row of `stride` numbers.
enum Field : int {
    kNorm2,
    kNorm2Exponent,
    kTa,
    kTb,
    kFirstExponent,
    kPa,
    kPb,
    kPc,
    kSecondExponent,
    kFields,
};

struct Particle {
    Scaled norm2;
    MomentForms forms;

    static Particle load(const double* state, int64_t stride) {
        Particle p;
        p.norm2 = {state[kNorm2 * stride], static_cast<int64_t>(state[kNorm2Exponent * stride])};
        p.forms.ta = state[kTa * stride];
        p.forms.tb = state[kTb * stride];
        p.forms.first_exponent = static_cast<int64_t>(state[kFirstExponent * stride]);
        p.forms.pa = state[kPa * stride];
        p.forms.pb = state[kPb * stride];
        p.forms.pc = state[kPc * stride];
        p.forms.second_exponent = static_cast<int64_t>(state[kSecondExponent * stride]);
        return p;
    }

    void write_moments(double* moments, int64_t stride) const {
        const Scaled first = forms.first_moment();
        const Scaled second = forms.second_moment();
        moments[0] = first.mantissa;
        moments[stride] = static_cast<double>(first.exponent);
        moments[2 * stride] = second.mantissa;
        moments[3 * stride] = static_cast<double>(second.exponent);
    }

    void store(double* state, int64_t stride) const {
        state[kNorm2 * stride] = norm2.mantissa;
        state[kNorm2Exponent * stride] = static_cast<double>(norm2.exponent);
        state[kTa * stride] = forms.ta;
        state[kTb * stride] = forms.tb;
        state[kFirstExponent * stride] = static_cast<double>(forms.first_exponent);
        state[kPa * stride] = forms.pa;
        state[kPb * stride] = forms.pb;
        state[kPc * stride] = forms.pc;
        state[kSecondExponent * stride] = static_cast<double>(forms.second_exponent);
    }
};

void advance(const OneInputLaw& law, int first_layer, int last_layer, uint64_t key, uint64_t stream, double* scratch,
             Particle& particle) {
    LayerNormals normals(law.network(), key, stream, kForwardNormals, scratch);
    double* values = scratch + LayerNormals::capacity(law.network());
    double* slopes = values + law.network().max_hidden_width();
    int64_t position = law.network().layer(first_layer).units;
    for (int l = first_layer; l <= last_layer; ++l) {
        const int64_t n = law.width(l);
        const double* z = normals.rising(l, position, last_layer);
        const Scaled v = law.variance(l, particle.norm2);
        law.activate(v, n, z, values, slopes);
        double sum[9];
        kernels().moment_sums(n, z, values, slopes, sum);
        const LayerSums sums{sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8]};
        particle.norm2 = law.norm2(v, sums.x2);
        particle.forms.lift(sums, law.shares(l + 1, particle.norm2), law.weight_variance(l + 1),
                            gradient_factor(particle.norm2));
        position += n;
    }
}

void require_particles(const Particles& particles) {
    require_range(0, particles.count, particles.stride, "particles");
    require_room(particles.state, product(kFields, particles.stride), "particles");
    require_room(particles.moments, product(4, particles.stride), "moments");
}

}  // namespace

int64_t moment_scratch(const Network& network) {
    return LayerNormals::capacity(network) + 2 * network.max_hidden_width();
}

void start_particles(const RandomNetwork& network, double input_norm2, const Particles& particles) {
    const OneInputLaw law(network, input_norm2);
    require_particles(particles);
    Particle particle;
    particle.norm2 = law.input_norm2();
    particle.forms = MomentForms::bottom(gradient_factor(particle.norm2));
    for (int64_t i = 0; i < particles.count; ++i) {
        particle.store(particles.state.data() + i, particles.stride);
        particle.write_moments(particles.moments.data() + i, particles.stride);
    }
}

void advance_particles(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_stream,
                       int first_layer, int last_layer, std::span<double> scratch, const Particles& particles) {
    const OneInputLaw law(network, input_norm2);
    require_particles(particles);
    require_range(first_stream, particles.count, "random streams");
    require_range(int64_t(first_layer) - 1, int64_t(last_layer) - first_layer + 1, network.depth() - 1, "hidden layers");
    require_room(scratch, moment_scratch(network), "scratch space");
    require_stream_range(0, kForwardNormals, 0, network.hidden_units());
    for (int64_t i = 0; i < particles.count; ++i) {
        double* state = particles.state.data() + i;
        Particle particle = Particle::load(state, particles.stride);
        advance(law, first_layer, last_layer, static_cast<uint64_t>(key), static_cast<uint64_t>(first_stream + i),
                scratch.data(), particle);
        particle.store(state, particles.stride);
        particle.write_moments(particles.moments.data() + i, particles.stride);
    }
}

}  // namespace ntk
