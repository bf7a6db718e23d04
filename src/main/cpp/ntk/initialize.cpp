#include <cmath>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/random.h"

namespace ntk {
namespace {

// The tensor numbers of a layer's random streams; the Java twin uses the same.
constexpr uint32_t kWeights = 0;
constexpr uint32_t kBiases = 1;

}  // namespace

void initialize(const Network& network, const Batch& batch, double sigma_w2, double sigma_b2, int64_t key,
                int64_t first_stream, int64_t first_network, int64_t networks) {
    require_range(first_network, networks, "networks");
    require_range(first_stream, networks, "random streams");
    require_variances(sigma_w2, sigma_b2);
    for (int l = 1; l <= network.depth(); ++l) {
        require_stream_range(static_cast<uint32_t>(l), kWeights, 0, network.width(l) * network.width(l - 1));
    }
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t numbers_of_one = network.parameter_count();
        T* parameters =
            numbers<T>(batch.parameters, product(first_network + networks, numbers_of_one), "parameters");
        const auto normals = kernels().of<T>().normals;
        const auto stream_key = static_cast<uint64_t>(key);
        for (int64_t i = 0; i < networks; ++i) {
            T* out = parameters + (first_network + i) * numbers_of_one;
            const auto stream = static_cast<uint64_t>(first_stream + i);
            for (int l = 1; l <= network.depth(); ++l) {
                const Layer& layer = network.layer(l);
                const auto address = static_cast<uint32_t>(l);
                const double scale = std::sqrt(sigma_w2 / static_cast<double>(layer.n_in));
                normals(stream_key, stream, address, kWeights, 0, layer.n_out * layer.n_in, scale, out + layer.weights);
                normals(stream_key, stream, address, kBiases, 0, layer.n_out, std::sqrt(sigma_b2), out + layer.biases);
            }
        }
    });
}

}  // namespace ntk
