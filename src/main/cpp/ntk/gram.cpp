#include <algorithm>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"
#include "ntk/products.h"

namespace ntk {
namespace {

// The tile's rows and columns. Tile t counts (0,0), (1,0), (1,1), (2,0), …
struct Tile {
    int64_t row, rows, column, columns;

    Tile(int64_t t, int64_t inputs) {
        int64_t i = 0;
        while ((i + 1) * (i + 2) / 2 <= t) ++i;
        row = i * block_size();
        column = (t - i * (i + 1) / 2) * block_size();
        rows = std::min<int64_t>(block_size(), inputs - row);
        columns = std::min<int64_t>(block_size(), inputs - column);
    }

    bool diagonal() const { return row == column; }
};

// Products of the rows of an S x n matrix within a tile: only the lower half is valid on a diagonal tile.
template <class T>
void tile_gram(const Tile& tile, int64_t n, const T* matrix, T* out) {
    const Rows<const T> left{matrix + tile.row * n, n};
    const Rows<T> target{out, block_size()};
    if (tile.diagonal()) {
        products().of<T>().gram(tile.rows, n, left, target);
    } else {
        products().of<T>().multiply_nt(tile.rows, tile.columns, n, left, {matrix + tile.column * n, n}, kFromZero<T>,
                                       target);
    }
}

template <class T>
void copy_tile(const Tile& tile, int64_t inputs, const T* matrix, T* out) {
    for (int64_t i = 0; i < tile.rows; ++i) {
        const T* row = matrix + (tile.row + i) * inputs + tile.column;
        std::copy(row, row + tile.columns, out + i * block_size());
    }
}

template <class T>
void fill_tile(const Tile& tile, T value, T* out) {
    for (int64_t i = 0; i < tile.rows; ++i) std::fill_n(out + i * block_size(), tile.columns, value);
}

int64_t tile_numbers() { return int64_t(block_size()) * block_size(); }

template <class T>
void theta_tile(const Passes<T>& states, const Tile& tile, const T* x_gram, T* scratch, double* theta) {
    const Network& network = states.network;
    const int64_t inputs = states.inputs;
    T* delta_products = scratch;
    T* activation_products = scratch + tile_numbers();
    double* out = theta + tile.row * inputs + tile.column;
    for (int64_t i = 0; i < tile.rows; ++i) std::fill_n(out + i * inputs, tile.columns, 0.0);
    // A diagonal tile's products are valid in its lower half only; stale numbers above it never reach theta's lower
    // half and are overwritten by the mirror below, but must be finite to keep the exception flags quiet.
    if (tile.diagonal()) std::fill_n(scratch, 2 * tile_numbers(), T(0));
    for (const Layer& layer : network.layers()) {
        if (&layer == &network.layer(1)) {
            copy_tile(tile, inputs, x_gram, activation_products);
        } else {
            tile_gram(tile, layer.n_in, states.below(layer), activation_products);
        }
        if (network.hidden(layer)) {
            tile_gram(tile, layer.n_out, states.deltas + layer.units * inputs, delta_products);
        } else {
            fill_tile(tile, T(1), delta_products);
        }
        kernels().of<T>().ntk_accumulate(tile.rows, tile.columns, delta_products, activation_products, block_size(), out,
                                         inputs);
    }
    for (int64_t i = 0; i < tile.rows; ++i) {
        const int64_t end = tile.diagonal() ? i : tile.columns;
        for (int64_t j = 0; j < end; ++j) {
            theta[(tile.column + j) * inputs + tile.row + i] = theta[(tile.row + i) * inputs + tile.column + j];
        }
    }
}

// One input: Theta = sum_l |delta^l|^2 (|x^{l-1}|^2 + 1), its norms in lanes like all that reduces to a number.
template <class T>
double theta_of_one_input(const Passes<T>& states, const T* x_gram) {
    double theta = 0;
    double x_norm2 = static_cast<double>(x_gram[0]);
    for (const Layer& layer : states.network.layers()) {
        if (!states.network.hidden(layer)) break;
        const int64_t n = layer.n_out;
        const T* delta = states.deltas + layer.units;
        const T* x = states.activations + layer.units;
        theta += static_cast<double>(products().of<T>().dot(n, delta, delta)) * (x_norm2 + 1);
        x_norm2 = static_cast<double>(products().of<T>().dot(n, x, x));
    }
    return theta + (x_norm2 + 1);
}

int64_t tiles_of(int64_t inputs) {
    const int64_t blocks = (inputs + block_size() - 1) / block_size();
    return blocks * (blocks + 1) / 2;
}

}  // namespace

void input_gram(const Network& network, const Batch& batch) {
    const int64_t inputs = batch.inputs;
    require_inputs(inputs);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const T* x0 = numbers<T>(batch.x0, inputs * network.width(0), "inputs");
        T* gram = numbers<T>(batch.input_gram, inputs * inputs, "input Gram matrix");
        const int64_t n = network.width(0);
        if (inputs == 1) {
            gram[0] = products().of<T>().dot(n, x0, x0);
            return;
        }
        products().of<T>().gram(inputs, n, {x0, n}, {gram, inputs});
        for (int64_t i = 0; i < inputs; ++i) {
            for (int64_t j = 0; j < i; ++j) gram[j * inputs + i] = gram[i * inputs + j];
        }
    });
}

void ntk_gram(const Network& network, const Batch& batch, int64_t first_network, int64_t networks, int64_t first_tile,
              int64_t tiles, std::span<std::byte> scratch) {
    network.require_one_output();
    const int64_t inputs = batch.inputs;
    require_range(first_network, networks, "networks");
    require_inputs(inputs);
    require_range(first_tile, tiles, tiles_of(inputs), "tiles");
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const int64_t states = product(inputs, network.hidden_units());
        const int64_t end = first_network + networks;
        const T* x_gram = numbers<T>(batch.input_gram, inputs * inputs, "input Gram matrix");
        T* activations = numbers<T>(batch.activations, product(end, states), "activations");
        T* deltas = numbers<T>(batch.deltas, product(end, states), "deltas");
        T* space = numbers<T>(scratch, 2 * tile_numbers(), "scratch space");
        require_room(batch.theta, product(end, inputs * inputs), "kernels");
        for (int64_t k = first_network; k < end; ++k) {
            const Passes<T> passes{network, inputs, nullptr, activations + k * states, deltas + k * states, nullptr};
            for (int64_t t = first_tile; t < first_tile + tiles; ++t) {
                if (inputs == 1) {
                    batch.theta[k] = theta_of_one_input(passes, x_gram);
                } else {
                    theta_tile(passes, Tile(t, inputs), x_gram, space, batch.theta.data() + k * inputs * inputs);
                }
            }
        }
    });
}

}  // namespace ntk
