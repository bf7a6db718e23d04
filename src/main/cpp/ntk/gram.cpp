#include <algorithm>

#include "ntk/blas.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/shape.h"

namespace ntk {
namespace {

void accumulate(int64_t rows, int64_t cols, const double* delta_gram, const double* activation_gram, double* theta,
                int64_t ld_theta) {
    kernels().ntk_accumulate_f64(rows, cols, delta_gram, activation_gram, block_size(), theta, ld_theta);
}
void accumulate(int64_t rows, int64_t cols, const float* delta_gram, const float* activation_gram, double* theta,
                int64_t ld_theta) {
    kernels().ntk_accumulate_f32(rows, cols, delta_gram, activation_gram, block_size(), theta, ld_theta);
}

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
    const T* left = matrix + tile.row * n;
    if (tile.diagonal()) {
        blas::gram(tile.rows, n, left, n, out, block_size());
    } else {
        blas::multiply(true, tile.rows, tile.columns, n, left, n, matrix + tile.column * n, n, false, out, block_size());
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

template <class T>
void theta_tile(const Shape& shape, int64_t inputs, const Tile& tile, const T* x_gram, const T* activations,
                const T* deltas, T* scratch, double* theta) {
    T* delta_products = scratch;
    T* activation_products = scratch + static_cast<int64_t>(block_size()) * block_size();
    double* out = theta + tile.row * inputs + tile.column;
    for (int64_t i = 0; i < tile.rows; ++i) std::fill_n(out + i * inputs, tile.columns, 0.0);
    // A diagonal tile's products are valid in its lower half only; stale numbers above it never reach theta's lower
    // half and are overwritten by the mirror below, but must be finite to keep the exception flags quiet.
    if (tile.diagonal()) std::fill_n(scratch, 2 * static_cast<int64_t>(block_size()) * block_size(), T(0));
    int64_t state = 0;
    for (int l = 1; l <= shape.depth(); ++l) {
        if (l == 1) {
            copy_tile(tile, inputs, x_gram, activation_products);
        } else {
            const int64_t n = shape.width(l - 1);
            tile_gram(tile, n, activations + state - inputs * n, activation_products);
        }
        if (l == shape.depth()) {
            fill_tile(tile, T(1), delta_products);
        } else {
            tile_gram(tile, shape.width(l), deltas + state, delta_products);
            state += inputs * shape.width(l);
        }
        accumulate(tile.rows, tile.columns, delta_products, activation_products, out, inputs);
    }
    for (int64_t i = 0; i < tile.rows; ++i) {
        const int64_t end = tile.diagonal() ? i : tile.columns;
        for (int64_t j = 0; j < end; ++j) {
            theta[(tile.column + j) * inputs + tile.row + i] = theta[(tile.row + i) * inputs + tile.column + j];
        }
    }
}

// One input: Theta = sum_l |delta^l|^2 (|x^{l-1}|^2 + 1).
template <class T>
double theta_of_one_input(const Shape& shape, const T* x_gram, const T* activations, const T* deltas) {
    double theta = 0;
    double x_norm2 = static_cast<double>(x_gram[0]);
    for (int l = 1; l < shape.depth(); ++l) {
        const int64_t n = shape.width(l);
        theta += static_cast<double>(blas::dot(n, deltas, deltas)) * (x_norm2 + 1);
        x_norm2 = static_cast<double>(blas::dot(n, activations, activations));
        activations += n;
        deltas += n;
    }
    return theta + x_norm2 + 1;
}

template <class T>
void input_gram_of(int64_t input_dim, int64_t inputs, std::span<const T> x0, std::span<T> matrix) {
    require_range(0, inputs, INT32_MAX, "inputs");
    require_range(0, input_dim, INT32_MAX, "input dimensions");
    require_room(x0, inputs * input_dim, "inputs");
    require_room(matrix, inputs * inputs, "input Gram matrix");
    T* gram = matrix.data();
    blas::gram(inputs, input_dim, x0.data(), input_dim, gram, inputs);
    for (int64_t i = 0; i < inputs; ++i) {
        for (int64_t j = 0; j < i; ++j) gram[j * inputs + i] = gram[i * inputs + j];
    }
}

template <class T>
void ntk_gram_of(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
                 int64_t first_tile, int64_t tiles, std::span<const T> x_gram, std::span<const T> activations,
                 std::span<const T> deltas, std::span<T> scratch, std::span<double> theta) {
    const Shape shape(widths, depth);
    require_range(first_network, networks, "networks");
    require_range(0, inputs, INT32_MAX, "inputs");
    require_range(first_tile, tiles, ntk_tiles(inputs), "tiles");
    const int64_t states = product(inputs, shape.hidden_units());
    const int64_t end = first_network + networks;
    require_room(x_gram, inputs * inputs, "input Gram matrix");
    require_room(activations, product(end, states), "activations");
    require_room(deltas, product(end, states), "deltas");
    require_room(scratch, 2 * int64_t(block_size()) * block_size(), "scratch space");
    require_room(theta, product(end, inputs * inputs), "kernels");
    for (int64_t k = first_network; k < end; ++k) {
        for (int64_t t = first_tile; t < first_tile + tiles; ++t) {
            if (inputs == 1) {
                theta[k] = theta_of_one_input(shape, x_gram.data(), activations.data() + k * states,
                                              deltas.data() + k * states);
            } else {
                theta_tile(shape, inputs, Tile(t, inputs), x_gram.data(), activations.data() + k * states,
                           deltas.data() + k * states, scratch.data(), theta.data() + k * inputs * inputs);
            }
        }
    }
}

}  // namespace

int64_t ntk_tiles(int64_t inputs) {
    require_range(0, inputs, INT32_MAX, "inputs");
    const int64_t blocks = (inputs + block_size() - 1) / block_size();
    return blocks * (blocks + 1) / 2;
}

void input_gram(int64_t input_dim, int64_t inputs, std::span<const double> x0, std::span<double> gram) {
    input_gram_of(input_dim, inputs, x0, gram);
}

void input_gram(int64_t input_dim, int64_t inputs, std::span<const float> x0, std::span<float> gram) {
    input_gram_of(input_dim, inputs, x0, gram);
}

void ntk_gram(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<const double> input_gram, std::span<const double> activations,
              std::span<const double> deltas, std::span<double> scratch, std::span<double> theta) {
    ntk_gram_of(widths, depth, inputs, first_network, networks, first_tile, tiles, input_gram, activations, deltas,
                scratch, theta);
}

void ntk_gram(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<const float> input_gram, std::span<const float> activations, std::span<const float> deltas,
              std::span<float> scratch, std::span<double> theta) {
    ntk_gram_of(widths, depth, inputs, first_network, networks, first_tile, tiles, input_gram, activations, deltas,
                scratch, theta);
}

}  // namespace ntk
