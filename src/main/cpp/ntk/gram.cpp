#include <algorithm>

#include "ntk/checks.h"
#include "ntk/directions.h"
#include "ntk/element_type.h"
#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/passes.h"
#include "ntk/products.h"
#include "ntk/state_products.h"

namespace ntk {
namespace {

int64_t tile_numbers() { return int64_t(block_size()) * block_size(); }

int64_t blocks_of(int64_t count) { return (count + block_size() - 1) / block_size(); }

// Which inputs are rows and columns of a batch's kernels.
struct Shape {
    int64_t inputs, rows, columns;
    bool square;

    explicit Shape(const Batch& batch) : inputs(batch.inputs), square(batch.columns == 0) {
        require_inputs(inputs);
        if (!square) require_range(0, batch.columns, inputs - 1, "columns");
        rows = inputs - batch.columns;
        columns = square ? inputs : batch.columns;
    }

    int64_t entries() const { return product(rows, columns); }

    int64_t tiles() const {
        return square ? blocks_of(inputs) * (blocks_of(inputs) + 1) / 2 : product(blocks_of(rows), blocks_of(columns));
    }

    // Of what is in row i of a kernel and belongs to input j.
    int64_t place(int64_t i, int64_t j) const { return i * columns + j - (square ? 0 : rows); }
};

// A tile's rows and columns, as numbers of inputs.
struct Tile {
    int64_t row, rows, column, columns;

    Tile(int64_t t, const Shape& shape) {
        if (shape.square) {
            int64_t i = 0;
            while ((i + 1) * (i + 2) / 2 <= t) ++i;
            row = i * block_size();
            column = (t - i * (i + 1) / 2) * block_size();
        } else {
            row = t / blocks_of(shape.columns) * block_size();
            column = shape.rows + t % blocks_of(shape.columns) * block_size();
        }
        rows = std::min<int64_t>(block_size(), shape.rows - row);
        columns = std::min<int64_t>(block_size(), shape.inputs - column);
    }

    // Of a square kernel.
    bool diagonal() const { return row == column; }
};

// Products of the states at a tile's rows with those at its columns; of a lower half nothing above it is valid.
template <class T>
void tile_products(const Shape& shape, const Tile& tile, bool lower, int64_t n, const T* left, const T* right, T* out) {
    const LayerStates<T> rows{left, n, shape.inputs};
    const Rows<T> target{out, block_size()};
    if (lower) {
        products().of<T>().gram_tn(tile.rows, n, rows.from(tile.row).units, target);
    } else {
        multiply_states(rows, tile.row, tile.rows, {right, n, shape.inputs}, tile.column, tile.columns, target);
    }
}

template <class T>
void fill_tile(const Tile& tile, T value, T* out) {
    for (int64_t i = 0; i < tile.rows; ++i) std::fill_n(out + i * block_size(), tile.columns, value);
}

// How much layers count.
struct Rates {
    std::span<const double> alpha, beta;

    Rates(const Network& network, std::span<const double> of_weights, std::span<const double> of_biases)
        : alpha(of_weights), beta(of_biases) {
        require_room(alpha, network.depth(), "rates of weights");
        require_room(beta, network.depth(), "rates of biases");
    }

    bool frozen(size_t l) const { return alpha[l] == 0 && beta[l] == 0; }
};

// The kernels of one network from the states of its passes.
template <class T>
struct NetworkKernels {
    const Shape& shape;
    const Rates& rates;
    const Directions<T>& directions;
    bool pairs;
    int64_t stride;  // D, by which pairs count
    const T* x_gram;
    Passes<T> states;  // deltas are those of direction 0
    double* theta;

    double* block(int64_t d, int64_t e) const { return theta + (pairs ? d * stride + e : d) * shape.entries(); }

    // The directions d whose block (d, e) a tile computes are first … last: on a diagonal tile (d, e) mirrors (e, d).
    template <class Body>
    void for_each_block(bool diagonal, Body body) const {
        for (int64_t e = 0; e < directions.count(); ++e) {
            const int64_t first = pairs && !diagonal ? 0 : e;
            const int64_t last = pairs ? directions.count() - 1 : e;
            for (int64_t d = first; d <= last; ++d) body(d, e);
        }
    }

    const T* deltas(const Layer& layer, int64_t d) const {
        return states.deltas + (d * states.network.hidden_units() + layer.units) * shape.inputs;
    }

    T top_product(int64_t d, int64_t e) const {
        const int64_t outputs = states.network.outputs();
        T value;
        products().of<T>().multiply_nt(1, 1, outputs, {directions[d], outputs}, {directions[e], outputs}, kFromZero<T>,
                                       {&value, 1});
        return value;
    }

    void fill(const Tile& tile, T* scratch) const {
        T* delta_products = scratch;
        T* activation_products = scratch + tile_numbers();
        for_each_block(tile.diagonal(), [&](int64_t d, int64_t e) {
            double* out = block(d, e) + shape.place(tile.row, tile.column);
            for (int64_t i = 0; i < tile.rows; ++i) std::fill_n(out + i * shape.columns, tile.columns, 0.0);
        });
        // Products of lower halves are valid there only; stale numbers above never reach theta's lower half and are
        // overwritten by the mirror below, but must be finite to keep the exception flags quiet.
        if (tile.diagonal()) std::fill_n(scratch, 2 * tile_numbers(), T(0));
        size_t l = 0;
        for (const Layer& layer : states.network.layers()) {
            const size_t number = l++;
            if (rates.frozen(number)) continue;
            fill_activation_products(tile, layer, activation_products);
            for_each_block(tile.diagonal(), [&](int64_t d, int64_t e) {
                if (states.network.hidden(layer)) {
                    tile_products(shape, tile, tile.diagonal() && d == e, layer.n_out, deltas(layer, d), deltas(layer, e),
                                  delta_products);
                } else {
                    fill_tile(tile, top_product(d, e), delta_products);
                }
                kernels().of<T>().ntk_accumulate(tile.rows, tile.columns, delta_products, activation_products, block_size(),
                                                 rates.alpha[number], rates.beta[number],
                                                 block(d, e) + shape.place(tile.row, tile.column), shape.columns);
            });
        }
        if (shape.square) mirror(tile);
    }

    void fill_activation_products(const Tile& tile, const Layer& layer, T* out) const {
        if (&layer != &states.network.layer(1)) {
            const T* x = states.below(layer, 0);
            tile_products(shape, tile, tile.diagonal() && !pairs, layer.n_in, x, x, out);
            return;
        }
        for (int64_t i = 0; i < tile.rows; ++i) {
            const T* row = x_gram + shape.place(tile.row + i, tile.column);
            std::copy(row, row + tile.columns, out + i * block_size());
        }
    }

    // Entry (s, r) of block (d, e) is entry (r, s) of block (e, d).
    void mirror(const Tile& tile) const {
        for_each_block(tile.diagonal(), [&](int64_t d, int64_t e) {
            const double* from = block(d, e);
            double* to = block(e, d);
            for (int64_t i = 0; i < tile.rows; ++i) {
                const int64_t end = tile.diagonal() && d == e ? i : tile.columns;
                for (int64_t j = 0; j < end; ++j) {
                    to[(tile.column + j) * shape.inputs + tile.row + i] = from[(tile.row + i) * shape.inputs + tile.column + j];
                }
            }
        });
    }

    // sum_l delta^l_d . delta^l_e (alpha |x^{l-1}|^2 + beta), products in lanes like all that reduces to a number.
    void fill_of_one_input() const {
        for_each_block(false, [&](int64_t d, int64_t e) {
            double sum = 0;
            size_t l = 0;
            for (const Layer& layer : states.network.layers()) {
                const size_t number = l++;
                if (rates.frozen(number)) continue;
                const bool hidden = states.network.hidden(layer);
                const T* x = states.below(layer, 0);
                const T norm2 = number == 0 ? x_gram[0] : products().of<T>().dot(layer.n_in, x, x);
                const T delta2 = products().of<T>().dot(layer.n_out, hidden ? deltas(layer, d) : directions[d],
                                                        hidden ? deltas(layer, e) : directions[e]);
                sum += static_cast<double>(delta2) *
                       (rates.alpha[number] * static_cast<double>(norm2) + rates.beta[number]);
            }
            *block(d, e) = sum;
        });
    }
};

}  // namespace

void input_gram(const Network& network, const Batch& batch) {
    const Shape shape(batch);
    const int64_t n = network.width(0);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const T* x0 = numbers<T>(batch.x0, shape.inputs * n, "inputs");
        T* gram = numbers<T>(batch.input_gram, shape.entries(), "input Gram matrix");
        if (!shape.square) {
            products().of<T>().multiply_nt(shape.rows, shape.columns, n, {x0, n}, {x0 + shape.rows * n, n}, kFromZero<T>,
                                           {gram, shape.columns});
            return;
        }
        if (shape.inputs == 1) {
            gram[0] = products().of<T>().dot(n, x0, x0);
            return;
        }
        products().of<T>().gram_nt(shape.inputs, n, {x0, n}, {gram, shape.inputs});
        for (int64_t i = 0; i < shape.inputs; ++i) {
            for (int64_t j = 0; j < i; ++j) gram[j * shape.inputs + i] = gram[i * shape.inputs + j];
        }
    });
}

void ntk_gram(const Network& network, const Batch& batch, std::span<const double> directions,
              std::span<const double> alpha, std::span<const double> beta, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<std::byte> scratch) {
    require_range(first_network, networks, "networks");
    const Shape shape(batch);
    require_range(first_tile, tiles, shape.tiles(), "tiles");
    const Rates rates(network, alpha, beta);
    with_element_type(batch.type, [&](auto zero) {
        using T = decltype(zero);
        const Directions<T> v(network, batch, directions);
        const int64_t states = product(shape.inputs, network.hidden_units());
        const int64_t all_states = product(batch.directions, states);
        const int64_t entries = product(product(batch.directions, batch.pairs ? batch.directions : 1), shape.entries());
        const int64_t end = first_network + networks;
        const T* x_gram = numbers<T>(batch.input_gram, shape.entries(), "input Gram matrix");
        T* activations = numbers<T>(batch.activations, product(end, states), "activations");
        T* deltas = numbers<T>(batch.deltas, product(end, all_states), "deltas");
        T* space = numbers<T>(scratch, 2 * tile_numbers(), "scratch space");
        require_room(batch.theta, product(end, entries), "kernels");
        for (int64_t k = first_network; k < end; ++k) {
            const Passes<T> passes{network, shape.inputs, nullptr, activations + k * states, deltas + k * all_states, nullptr};
            const NetworkKernels<T> theta{shape,  rates,  v,      batch.pairs, batch.directions,
                                         x_gram, passes, batch.theta.data() + k * entries};
            for (int64_t t = first_tile; t < first_tile + tiles; ++t) {
                if (shape.inputs == 1) {
                    theta.fill_of_one_input();
                } else {
                    theta.fill(Tile(t, shape), space);
                }
            }
        }
    });
}

}  // namespace ntk
