#pragma once

// The walk through a network's layers, once for everything that evaluates one.

#include <vector>

#include "ntk/kernels.h"
#include "ntk/network.h"
#include "ntk/products.h"

namespace ntk {

// to (columns x rows) = from^T, both without gaps.
template <class T>
void transpose(int64_t rows, int64_t columns, const T* from, T* to) {
    for (int64_t i = 0; i < rows; ++i) {
        for (int64_t j = 0; j < columns; ++j) to[j * rows + i] = from[i * columns + j];
    }
}

// One network's states on S inputs, laid out as in ntk_core.h, and the passes that fill them, a block of inputs
// [first, first + rows) at a time. A block's states of a layer are a matrix n_l x rows of its own, a unit's numbers side by
// side: then W X, W^T D and the products of inputs with one another read all matrices as they lie.
template <class T>
struct Passes {
    const Network& network;
    int64_t inputs;  // S
    const T* x0;
    T* activations;
    T* deltas;
    T* outputs;

    // x^{l-1} of a block, what the layer reads: n_{l-1} x rows, or rows of x0.
    const T* below(const Layer& layer, int64_t first) const {
        return (layer.units == 0 ? x0 : activations + before(layer)) + first * layer.n_in;
    }

    // delta^l of a block, l < L, or phi'(h^l).
    T* delta(const Layer& layer, int64_t first) const { return deltas + layer.units * inputs + first * layer.n_out; }

    // activations = x^l, deltas = phi'(h^l), outputs = f.
    void forward(const T* parameters, int64_t first, int64_t rows) const {
        for (const Layer& layer : network.layers()) {
            if (network.hidden(layer)) {
                T* h = activations + layer.units * inputs + first * layer.n_out;
                affine(layer, parameters, first, rows, h);
                kernels().of<T>().activate(network.activation(), network.a(), network.b(), rows * layer.n_out, h,
                                           delta(layer, first));
            } else if (layer.n_out == 1) {
                affine(layer, parameters, first, rows, outputs + first);
            } else {
                std::vector<T> by_output(static_cast<size_t>(layer.n_out * rows));
                affine(layer, parameters, first, rows, by_output.data());
                transpose(layer.n_out, rows, by_output.data(), outputs + first * layer.n_out);
            }
        }
    }

    // From the output down, with any delta^L (n_L x rows numbers): visits each layer with its delta, once the delta below
    // it has been pulled through W^l. pulled: max_hidden_width x rows numbers of scratch space.
    template <class Visit>
    void backward(const T* parameters, const T* top, int64_t first, int64_t rows, T* pulled, Visit visit) const {
        backward_from(network.depth(), parameters, top, first, rows, pulled, visit);
    }

    // The same with the same v = delta^L (n_L numbers) for all inputs, of which W^L pulls one; visits no layer.
    void backward_along(const T* parameters, const T* v, int64_t first, int64_t rows, T* pulled) const {
        if (network.depth() == 1) return;
        const Layer& last = network.layer(network.depth());
        products().of<T>().multiply_nn(1, last.n_in, last.n_out, {v, last.n_out},
                                       {parameters + last.weights, last.n_in}, kFromZero<T>, {pulled, last.n_in});
        T* below = delta(network.layer(network.depth() - 1), first);
        for (int64_t i = 0; i < last.n_in; ++i) {
            for (int64_t s = 0; s < rows; ++s) below[i * rows + s] *= pulled[i];
        }
        backward_from(network.depth() - 1, parameters, below, first, rows, pulled, [](const Layer&, const T*) {});
    }

    // H (n_l x rows) = W X + b of a block. The sums of a problem with one input are those of W x (products.h), however the
    // inputs of others are spread over calls.
    void affine(const Layer& layer, const T* parameters, int64_t first, int64_t rows, T* h) const {
        const Rows<const T> weights{parameters + layer.weights, layer.n_in};
        const T* biases = parameters + layer.biases;
        const T* x = below(layer, first);
        const ElementProducts<T>& product = products().of<T>();
        if (inputs == 1) {
            product.matrix_vector(layer.n_out, layer.n_in, weights, x, biases, h);
        } else if (layer.units == 0) {
            product.multiply_nt(layer.n_out, rows, layer.n_in, weights, {x, layer.n_in}, {biases, 1, 0}, {h, rows});
        } else {
            product.multiply_nn(layer.n_out, rows, layer.n_in, weights, {x, rows}, {biases, 1, 0}, {h, rows});
        }
    }

   private:
    // A vector over so few inputs is mostly empty: there vectors go over units, and the product is transposed afterwards.
    static constexpr int64_t kFewInputs = kSumLanes<T> / 2;

    template <class Visit>
    void backward_from(int top_layer, const T* parameters, const T* top, int64_t first, int64_t rows, T* pulled,
                       Visit visit) const {
        const T* delta_above = top;
        for (int l = top_layer; l >= 1; --l) {
            const Layer& layer = network.layer(l);
            T* delta_below = nullptr;
            if (l > 1) {
                delta_below = delta(network.layer(l - 1), first);
                pull(layer, parameters + layer.weights, rows, delta_above, pulled, delta_below);
            }
            visit(layer, delta_above);
            delta_above = delta_below;
        }
    }

    // Where x^{l-1} starts, l > 1.
    int64_t before(const Layer& layer) const { return (layer.units - layer.n_in) * inputs; }

    // below (phi' on entry) = phi' o ((W^l)^T delta)
    void pull(const Layer& layer, const T* weights, int64_t rows, const T* delta, T* pulled, T* delta_below) const {
        if (layer.n_out == 1) {
            kernels().of<T>().multiply_outer(layer.n_in, rows, weights, delta, delta_below);
            return;
        }
        const Rows<const T> w{weights, layer.n_in};
        if (rows <= kFewInputs) {
            products().of<T>().multiply_tn(rows, layer.n_in, layer.n_out, {delta, rows}, w, kFromZero<T>, {pulled, layer.n_in});
            if (rows == 1) return kernels().of<T>().multiply(layer.n_in, pulled, delta_below);
            for (int64_t i = 0; i < layer.n_in; ++i) {
                for (int64_t s = 0; s < rows; ++s) delta_below[i * rows + s] *= pulled[s * layer.n_in + i];
            }
            return;
        }
        products().of<T>().multiply_tn(layer.n_in, rows, layer.n_out, w, {delta, rows}, kFromZero<T>, {pulled, rows});
        kernels().of<T>().multiply(layer.n_in * rows, pulled, delta_below);
    }
};

// [W^l, b^l] += [D X^T, D 1] of a block, with D: n_l x rows and X as Passes has them.
template <class T>
void add_layer_gradient(const Layer& layer, int64_t rows, const T* delta, const T* x, T* parameters) {
    const Rows<T> weights{parameters + layer.weights, layer.n_in};
    if (layer.units == 0 || rows == 1) {
        products().of<T>().multiply_nn(layer.n_out, layer.n_in, rows, {delta, rows}, {x, layer.n_in}, weights, weights);
    } else {
        products().of<T>().multiply_nt(layer.n_out, layer.n_in, rows, {delta, rows}, {x, rows}, weights, weights);
    }
    kernels().of<T>().add_columns(layer.n_out, rows, delta, parameters + layer.biases);
}

}  // namespace ntk
