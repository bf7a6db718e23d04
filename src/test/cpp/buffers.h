#pragma once

// Memory for the batches of a test, every buffer exactly as large as ntk_core.h says.

#include <cstdint>
#include <random>
#include <span>
#include <type_traits>
#include <vector>

#include "naive_network.h"
#include "ntk/ntk_core.h"
#include "philox.h"

namespace ntk::test {

template <class T>
constexpr ElementType kElementType = std::is_same_v<T, float> ? kF32 : kF64;

template <class T>
std::span<std::byte> bytes(std::vector<T>& numbers) {
    return std::as_writable_bytes(std::span(numbers));
}

/// Inputs between -1 and 1.
template <class T>
std::vector<T> random_inputs(const Problem& p) {
    std::vector<T> x0(p.inputs * p.widths[0]);
    std::mt19937_64 engine(3);
    for (T& x : x0) x = static_cast<T>(std::uniform_real_distribution<>(-1, 1)(engine));
    return x0;
}

inline int64_t tiles(const Problem& p) {
    const auto blocks = [](int64_t count) { return (count + block_size() - 1) / block_size(); };
    return p.columns == 0 ? blocks(p.inputs) * (blocks(p.inputs) + 1) / 2 : blocks(p.rows()) * blocks(p.columns);
}

template <class T>
struct Buffers {
    Network network;
    std::vector<T> parameters, x0, gram, activations, derivatives, deltas, scratch, tile_scratch, outputs;
    std::vector<double> theta;
    Batch batch;

    explicit Buffers(const Problem& p)
        : network(p.network()),
          parameters(p.networks * p.parameter_count()),
          x0(random_inputs<T>(p)),
          gram(p.entries()),
          activations(p.networks * p.inputs * p.hidden_units()),
          derivatives(activations.size()),
          deltas(activations.size() * p.directions),
          scratch(p.networks * p.inputs * p.max_width()),
          tile_scratch(2 * block_size() * block_size()),
          outputs(p.networks * p.inputs * p.widths.back()),
          theta(p.networks * p.directions * (p.pairs ? p.directions : 1) * p.entries()),
          batch{.type = kElementType<T>,
                .inputs = p.inputs,
                .directions = p.directions,
                .pairs = p.pairs,
                .columns = p.columns,
                .x0 = bytes(x0),
                .input_gram = bytes(gram),
                .parameters = bytes(parameters),
                .activations = bytes(activations),
                .derivatives = bytes(derivatives),
                .deltas = bytes(deltas),
                .scratch = bytes(scratch),
                .outputs = bytes(outputs),
                .theta = theta} {}

    // The batch's spans point into this object.
    Buffers(const Buffers&) = delete;

    void draw(int64_t first_stream, int64_t first_network, int64_t networks) {
        initialize(network, batch, 1.7, 0.3, static_cast<int64_t>(stream_key(1, 2)), first_stream, first_network, networks);
    }

    void run(const Problem& p) {
        draw(5, 0, p.networks);
        input_gram(network, batch);
        forward(network, batch, 0, p.networks, 0, p.inputs);
        backward(network, batch, p.unit_vectors(), 0, p.networks, 0, p.inputs);
        ntk_gram(network, batch, p.unit_vectors(), p.weight_rates(), p.bias_rates(), 0, p.networks, 0, tiles(p), bytes(tile_scratch));
    }
};

}  // namespace ntk::test
