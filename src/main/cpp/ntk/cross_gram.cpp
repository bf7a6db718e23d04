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

// What one batch gives to the block: the states of its first network at inputs first, first + 1, …
template <class T>
class States {
   public:
    States(const Network& network, const Batch& batch, int64_t first, int64_t count)
        : network_(network), inputs_(batch.inputs), first_(first), count_(count) {
        require_inputs(inputs_);
        require_range(first, count, inputs_, "inputs");
        const int64_t states = product(inputs_, network.hidden_units());
        x0_ = numbers<T>(batch.x0, product(inputs_, network.width(0)), "inputs");
        activations_ = numbers<T>(batch.activations, states, "activations");
        deltas_ = numbers<T>(batch.deltas, product(batch.directions, states), "deltas");
    }

    // out = X_{l-1} X_{l-1}^T of these inputs with those of columns: of what the layer reads.
    void multiply_below(const Layer& layer, const States& columns, T* out) const {
        const int64_t n = layer.n_in;
        if (layer.units == 0) {
            products().of<T>().multiply_nt(count_, columns.count_, n, {x0_ + first_ * n, n}, {columns.x0_ + columns.first_ * n, n},
                                           kFromZero<T>, {out, columns.count_});
        } else {
            multiply(below(layer), columns, columns.below(layer), out);
        }
    }

    // out = D_{l,d} D_{l,e}^T
    void multiply_deltas(const Layer& layer, int64_t d, const States& columns, int64_t e, T* out) const {
        multiply(delta(layer, d), columns, columns.delta(layer, e), out);
    }

   private:
    LayerStates<T> below(const Layer& layer) const {
        return {activations_ + (layer.units - layer.n_in) * inputs_, layer.n_in, inputs_};
    }

    LayerStates<T> delta(const Layer& layer, int64_t d) const {
        return {deltas_ + (d * network_.hidden_units() + layer.units) * inputs_, layer.n_out, inputs_};
    }

    void multiply(const LayerStates<T>& of_rows, const States& columns, const LayerStates<T>& of_columns, T* out) const {
        multiply_states(of_rows, first_, count_, of_columns, columns.first_, columns.count_, Rows<T>{out, columns.count_});
    }

    const Network& network_;
    int64_t inputs_, first_, count_;
    const T *x0_, *activations_, *deltas_;
};

}  // namespace

void cross_gram(const Network& network, const Batch& rows, const Batch& columns, std::span<const double> directions,
                std::span<const double> alpha, std::span<const double> beta, bool pairs, int64_t first_row,
                int64_t row_count, int64_t first_column, int64_t column_count, std::span<std::byte> scratch,
                std::span<double> theta) {
    require_room(alpha, network.depth(), "rates of weights");
    require_room(beta, network.depth(), "rates of biases");
    if (columns.type != rows.type) throw std::invalid_argument("Two batches of one kernel have one element type.");
    with_element_type(rows.type, [&](auto zero) {
        using T = decltype(zero);
        const Directions<T> v(network, rows.directions < columns.directions ? rows : columns, directions);
        const States<T> left(network, rows, first_row, row_count);
        const States<T> right(network, columns, first_column, column_count);
        const int64_t entries = product(row_count, column_count);
        T* activation_products = numbers<T>(scratch, product(network.depth() + 1, entries), "scratch space");
        T* delta_products = activation_products + network.depth() * entries;
        require_room(theta, product(product(v.count(), pairs ? v.count() : 1), entries), "kernels");
        const auto counts = [&](size_t number) { return alpha[number] != 0 || beta[number] != 0; };
        size_t number = 0;
        for (const Layer& layer : network.layers()) {
            if (counts(number)) {
                left.multiply_below(layer, right, activation_products + int64_t(number) * entries);
            }
            ++number;
        }
        double* block = theta.data();
        for (int64_t d = 0; d < v.count(); ++d) {
            for (int64_t e = pairs ? 0 : d; e < (pairs ? v.count() : d + 1); ++e, block += entries) {
                std::fill_n(block, entries, 0.0);
                number = 0;
                for (const Layer& layer : network.layers()) {
                    const size_t l = number++;
                    if (!counts(l)) continue;
                    if (network.hidden(layer)) {
                        left.multiply_deltas(layer, d, right, e, delta_products);
                    } else {
                        T top;
                        products().of<T>().multiply_nt(1, 1, layer.n_out, {v[d], layer.n_out}, {v[e], layer.n_out},
                                                       kFromZero<T>, {&top, 1});
                        std::fill_n(delta_products, entries, top);
                    }
                    kernels().of<T>().ntk_accumulate(row_count, column_count, delta_products,
                                                     activation_products + int64_t(l) * entries, column_count, alpha[l],
                                                     beta[l], block, column_count);
                }
            }
        }
    });
}

}  // namespace ntk
