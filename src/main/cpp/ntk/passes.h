#pragma once

// The walk through a network's layers, once for everything that evaluates one.

#include "ntk/kernels.h"
#include "ntk/network.h"
#include "ntk/products.h"

namespace ntk {

// One network's states on S inputs, laid out as in ntk_core.h, and the passes that fill them, on rows (inputs)
// [first, first + rows).
template <class T>
struct Passes {
    const Network& network;
    int64_t inputs;  // S
    const T* x0;
    T* activations;
    T* deltas;
    T* outputs;

    // x^{l-1}, what the layer reads.
    const T* below(const Layer& layer) const { return layer.units == 0 ? x0 : activations + before(layer); }

    // activations = x^l, deltas = phi'(h^l), outputs = f.
    void forward(const T* parameters, int64_t first, int64_t rows) const {
        for (const Layer& layer : network.layers()) {
            const T* x = below(layer) + first * layer.n_in;
            T* h = (network.hidden(layer) ? activations + layer.units * inputs : outputs) + first * layer.n_out;
            affine(layer, parameters, rows, x, h);
            if (network.hidden(layer)) {
                kernels().of<T>().activate(network.activation(), network.a(), network.b(), rows * layer.n_out, h,
                                           deltas + layer.units * inputs + first * layer.n_out);
            }
        }
    }

    // From the output down, with any delta^L (rows x n_L numbers): visits each layer with its delta, once the delta below
    // it has been pulled through W^l. pulled: rows x max_hidden_width numbers of scratch space.
    template <class Visit>
    void backward(const T* parameters, const T* top, int64_t first, int64_t rows, T* pulled, Visit visit) const {
        backward_from(network.depth(), parameters, top, first, rows, pulled, visit);
    }

    // The same with the same v = delta^L (n_L numbers) for all rows, of which W^L pulls one; visits no layer.
    void backward_along(const T* parameters, const T* v, int64_t first, int64_t rows, T* pulled) const {
        const Layer& last = network.layer(network.depth());
        if (network.depth() == 1) return;
        T* delta = deltas + before(last) + first * last.n_in;
        products().of<T>().multiply_nn(1, last.n_in, last.n_out, {v, last.n_out},
                                       {parameters + last.weights, last.n_in}, kFromZero<T>, {pulled, last.n_in});
        for (int64_t s = 0; s < rows; ++s) kernels().of<T>().multiply(last.n_in, pulled, delta + s * last.n_in);
        backward_from(network.depth() - 1, parameters, delta, first, rows, pulled, [](const Layer&, const T*) {});
    }

    // H (rows x n_l) = X (rows x n_{l-1}) W^T + b. The sums of a problem with one input are those of W x (products.h),
    // however the rows of others are spread over calls.
    void affine(const Layer& layer, const T* parameters, int64_t rows, const T* x, T* h) const {
        const Rows<const T> weights{parameters + layer.weights, layer.n_in};
        const T* biases = parameters + layer.biases;
        if (inputs == 1) {
            products().of<T>().matrix_vector(layer.n_out, layer.n_in, weights, x, biases, h);
        } else {
            products().of<T>().multiply_nt(rows, layer.n_out, layer.n_in, {x, layer.n_in}, weights, {biases, 0},
                                           {h, layer.n_out});
        }
    }

   private:
    template <class Visit>
    void backward_from(int top_layer, const T* parameters, const T* top, int64_t first, int64_t rows, T* pulled,
                       Visit visit) const {
        const T* delta = top;
        for (int l = top_layer; l >= 1; --l) {
            const Layer& layer = network.layer(l);
            T* delta_below = nullptr;
            if (l > 1) {
                delta_below = deltas + before(layer) + first * layer.n_in;
                pull(layer, parameters + layer.weights, rows, delta, pulled, delta_below);
            }
            visit(layer, delta);
            delta = delta_below;
        }
    }

    // Where x^{l-1} and delta^{l-1} start, l > 1.
    int64_t before(const Layer& layer) const { return (layer.units - layer.n_in) * inputs; }

    // below (phi' on entry) = phi' o (delta W^l)
    void pull(const Layer& layer, const T* weights, int64_t rows, const T* delta, T* pulled, T* delta_below) const {
        if (layer.n_out == 1) {
            kernels().of<T>().multiply_outer(rows, layer.n_in, delta, weights, delta_below);
            return;
        }
        products().of<T>().multiply_nn(rows, layer.n_in, layer.n_out, {delta, layer.n_out}, {weights, layer.n_in},
                                       kFromZero<T>, {pulled, layer.n_in});
        kernels().of<T>().multiply(rows * layer.n_in, pulled, delta_below);
    }
};

// [W^l, b^l] += [D^T X, D^T 1] with D: S x n_l, X: S x n_{l-1}.
template <class T>
void add_layer_gradient(const Layer& layer, int64_t inputs, const T* delta, const T* x, T* parameters) {
    const Rows<T> weights{parameters + layer.weights, layer.n_in};
    products().of<T>().multiply_tn(layer.n_out, layer.n_in, inputs, {delta, layer.n_out}, {x, layer.n_in}, weights,
                                   weights);
    kernels().of<T>().add_rows(inputs, layer.n_out, delta, parameters + layer.biases);
}

}  // namespace ntk
