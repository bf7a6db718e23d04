#include <cmath>

#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/random.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

// The tensor numbers of a layer's random streams; the Java twin uses the same.
constexpr uint32_t kWeights = 0;
constexpr uint32_t kBiases = 1;

void normals(uint64_t key, uint64_t network, uint32_t layer, uint32_t tensor, int64_t n, double scale, double* out) {
    kernels().normals_f64(key, network, layer, tensor, 0, n, scale, out);
}

void normals(uint64_t key, uint64_t network, uint32_t layer, uint32_t tensor, int64_t n, double scale, float* out) {
    kernels().normals_f32(key, network, layer, tensor, 0, n, scale, out);
}

template <class T>
void initialize_networks(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, int64_t key,
                         int64_t first_stream, int64_t first_network, int64_t count, std::span<T> parameters) {
    const Shape shape(widths, depth);
    require_range(first_network, count, "networks");
    require_room(parameters, product(first_network + count, shape.parameter_count()), "parameters");
    require_range(first_stream, count, "random streams");
    require_variances(sigma_w2, sigma_b2);
    const double bias_scale = std::sqrt(sigma_b2);
    for (int64_t b = 0; b < count; ++b) {
        T* out = parameters.data() + (first_network + b) * shape.parameter_count();
        const auto stream = static_cast<uint64_t>(first_stream + b);
        for (int l = 1; l <= depth; ++l) {
            const int64_t weights = shape.width(l) * shape.width(l - 1);
            const double weight_scale = std::sqrt(sigma_w2 / static_cast<double>(shape.width(l - 1)));
            const auto layer = static_cast<uint32_t>(l);
            require_stream_range(layer, kWeights, 0, weights);
            normals(static_cast<uint64_t>(key), stream, layer, kWeights, weights, weight_scale, out);
            out += weights;
            normals(static_cast<uint64_t>(key), stream, layer, kBiases, shape.width(l), bias_scale, out);
            out += shape.width(l);
        }
    }
}

}  // namespace

int64_t random_key(int64_t seed, int64_t cell) {
    return static_cast<int64_t>(stream_key(static_cast<uint64_t>(seed), static_cast<uint64_t>(cell)));
}

void initialize(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, int64_t key, int64_t first_stream,
                int64_t first_network, int64_t networks, std::span<double> parameters) {
    initialize_networks(widths, depth, sigma_w2, sigma_b2, key, first_stream, first_network, networks, parameters);
}

void initialize(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, int64_t key, int64_t first_stream,
                int64_t first_network, int64_t networks, std::span<float> parameters) {
    initialize_networks(widths, depth, sigma_w2, sigma_b2, key, first_stream, first_network, networks, parameters);
}

}  // namespace ntk
