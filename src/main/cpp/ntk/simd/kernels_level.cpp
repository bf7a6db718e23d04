// Compiled once per SIMD level, with its name as NTK_LEVEL and the matching -march.
//
// Everything here has internal linkage except the table: an inline function of the standard library emitted in this
// file could be chosen by the linker for the whole program and then run AVX-512 code on a CPU without it.
#include "ntk/activation_kind.h"
#include "ntk/kernels.h"
#include "ntk/simd/activations.h"
#include "ntk/simd/philox.h"
#include "ntk/simd/reductions.h"

#define NTK_TEXT_OF(x) #x
#define NTK_TEXT(x) NTK_TEXT_OF(x)

namespace ntk::NTK_LEVEL {
namespace {

template <class Function, class T>
void apply(std::int64_t n, T* __restrict values, T* __restrict derivatives) {
    if (derivatives == nullptr) {
        for (std::int64_t i = 0; i < n; i++) values[i] = Function::at(values[i]).value;
        return;
    }
    for (std::int64_t i = 0; i < n; i++) {
        Pair<T> pair = Function::at(values[i]);
        values[i] = pair.value;
        derivatives[i] = pair.derivative;
    }
}

template <class T>
void apply_piecewise_linear(T a, T b, std::int64_t n, T* __restrict values, T* __restrict derivatives) {
    if (derivatives == nullptr) {
        for (std::int64_t i = 0; i < n; i++) values[i] = piecewise_linear(values[i], a, b).value;
        return;
    }
    for (std::int64_t i = 0; i < n; i++) {
        Pair<T> pair = piecewise_linear(values[i], a, b);
        values[i] = pair.value;
        derivatives[i] = pair.derivative;
    }
}

template <class T>
void activate(int kind, double a, double b, std::int64_t n, T* values, T* derivatives) {
    switch (kind) {
        case kPiecewiseLinear: return apply_piecewise_linear(T(a), T(b), n, values, derivatives);
        case kTanh: return apply<Tanh>(n, values, derivatives);
        case kErf: return apply<Erf>(n, values, derivatives);
        case kGelu: return apply<Gelu>(n, values, derivatives);
        case kSin: return apply<Sin>(n, values, derivatives);
        case kSigmoid: return apply<Sigmoid>(n, values, derivatives);
        case kSoftplus: return apply<Softplus>(n, values, derivatives);
        case kSilu: return apply<Silu>(n, values, derivatives);
        default: return;
    }
}

struct Normal {
    template <class T>
    static void fill(std::int64_t blocks, const std::uint64_t* __restrict low, const std::uint64_t* __restrict high,
                     double scale, T* __restrict out) {
        constexpr std::int64_t kNumbers = Several<double>::kNumbers;
        for (std::int64_t i = 0; i < blocks; i += kNumbers) {
            const auto pairs = box_muller(load_several(low + i), load_several(high + i));
            double first[kNumbers], second[kNumbers];
            store(first, scale * pairs.value);
            store(second, scale * pairs.derivative);
            if (blocks - i >= kNumbers) {
                interleave(kNumbers, first, second, out + 2 * i);
            } else {
                interleave(blocks - i, first, second, out + 2 * i);
            }
        }
    }

   private:
    template <class T>
    NTK_INLINE void interleave(std::int64_t n, const double* __restrict first, const double* __restrict second,
                                T* __restrict out) {
        for (std::int64_t j = 0; j < n; j++) {
            out[2 * j] = T(first[j]);
            out[2 * j + 1] = T(second[j]);
        }
    }
};

struct Uniform {
    template <class T>
    static void fill(std::int64_t blocks, const std::uint64_t* __restrict low, const std::uint64_t* __restrict high,
                     double, T* __restrict out) {
        for (std::int64_t i = 0; i < blocks; i++) {
            out[2 * i] = unit_interval(low[i]);
            out[2 * i + 1] = unit_interval(high[i]);
        }
    }
};

template <class Transform, class T>
void draw(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor, std::int64_t first,
          std::int64_t n, double scale, T* out) {
    const std::uint64_t stream = layer | std::uint64_t(tensor) << 16;
    alignas(64) std::uint64_t low[kBatch];
    alignas(64) std::uint64_t high[kBatch];
    T pair[2];
    if (n > 0 && first % 2 != 0) {
        philox_blocks(key, network, stream, std::uint64_t(first / 2), 1, low, high);
        Transform::fill(1, low, high, scale, pair);
        *out++ = pair[1];
        first++;
        n--;
    }
    std::uint64_t block = std::uint64_t(first / 2);
    while (n > 0) {
        std::int64_t blocks = n / 2 < kBatch ? n / 2 : kBatch;
        // A single number left over is the first half of a block of its own.
        philox_blocks(key, network, stream, block, blocks > 0 ? blocks : 1, low, high);
        Transform::fill(blocks, low, high, scale, out);
        if (blocks == 0) {
            Transform::fill(1, low, high, scale, pair);
            *out = pair[0];
            return;
        }
        block += std::uint64_t(blocks);
        out += 2 * blocks;
        n -= 2 * blocks;
    }
}

void uniforms(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor, std::int64_t first,
              std::int64_t n, double* out) {
    draw<Uniform>(key, network, layer, tensor, first, n, 1.0, out);
}

void words(std::uint64_t key, std::uint64_t network, std::uint32_t layer, std::uint32_t tensor, std::int64_t first,
           std::int64_t n, std::uint64_t* out) {
    const std::uint64_t stream = layer | std::uint64_t(tensor) << 16;
    alignas(64) std::uint64_t low[kBatch];
    alignas(64) std::uint64_t high[kBatch];
    while (n > 0) {
        std::int64_t skip = first % 2;
        std::int64_t count = n < 2 * kBatch - skip ? n : 2 * kBatch - skip;
        philox_blocks(key, network, stream, std::uint64_t(first / 2), (skip + count + 1) / 2, low, high);
        for (std::int64_t i = 0; i < count; i++) {
            std::int64_t number = skip + i;
            out[i] = number % 2 == 0 ? low[number / 2] : high[number / 2];
        }
        first += count;
        out += count;
        n -= count;
    }
}

void scale(std::int64_t n, double factor, const double* __restrict in, double* __restrict out) {
    for (std::int64_t i = 0; i < n; i++) out[i] = factor * in[i];
}

template <class T>
void multiply(std::int64_t n, const T* __restrict factor, T* __restrict inout) {
    for (std::int64_t i = 0; i < n; i++) inout[i] *= factor[i];
}

template <class T>
void multiply_outer(std::int64_t rows, std::int64_t cols, const T* left, const T* __restrict right, T* inout) {
    for (std::int64_t r = 0; r < rows; r++) {
        const T factor = left[r];
        T* __restrict target = inout + r * cols;
        for (std::int64_t c = 0; c < cols; c++) target[c] *= factor * right[c];
    }
}

// Rows side by side in a vector: each has to add its numbers one after the other.
template <class T>
void add_columns(std::int64_t rows, std::int64_t cols, const T* in, T* __restrict out) {
    constexpr int kSide = kWidth<T>;
    if (cols == 1) {
        for (std::int64_t r = 0; r < rows; r++) out[r] += in[r];
        return;
    }
    for (std::int64_t r = 0; r < rows; r += kSide) {
        const int height = rows - r < kSide ? int(rows - r) : kSide;
        Vector<T> sums = load_first(out + r, height);
        for (std::int64_t c = 0; c < cols; c += kSide) {
            const int width = cols - c < kSide ? int(cols - c) : kSide;
            Vector<T> square[kSide];
            for (int i = 0; i < kSide; i++) {
                square[i] = i < height ? load_first(in + (r + i) * cols + c, width) : Vector<T>{};
            }
            transpose<T>(square);
            for (int j = 0; j < width; j++) sums += square[j];
        }
        store_first(out + r, sums, height);
    }
}

template <class T>
void momentum_step(std::int64_t n, T momentum, T rate, const T* __restrict gradient, T* __restrict velocity,
                   T* __restrict step) {
    for (std::int64_t i = 0; i < n; i++) {
        const T v = momentum * velocity[i] + gradient[i];
        velocity[i] = v;
        step[i] -= rate * v;
    }
}

NTK_INLINE float root(float x) { return __builtin_sqrtf(x); }
NTK_INLINE double root(double x) { return __builtin_sqrt(x); }

template <class T>
void adam_step(std::int64_t n, const AdamStep<T>& adam, const T* __restrict gradient, T* __restrict mean,
               T* __restrict square, T* __restrict step) {
    const AdamStep<T> a = adam;
    for (std::int64_t i = 0; i < n; i++) {
        const T g = gradient[i];
        const T m = a.decay * mean[i] + a.gain * g;
        const T v = a.second_decay * square[i] + a.second_gain * (g * g);
        mean[i] = m;
        square[i] = v;
        step[i] -= a.size * m / (a.scale * root(v) + a.epsilon);
    }
}

template <class T>
double cross_entropy(std::int64_t n, double factor, const double* y, T* f) {
    double top = f[0];
    for (std::int64_t k = 1; k < n; k++) top = double(f[k]) > top ? double(f[k]) : top;
    double sum = 0;
    for (std::int64_t k = 0; k < n; k++) sum += exp_nonpositive(double(f[k]) - top, 0.0);
    const double log_sum = log_positive(sum);
    double loss = 0;
    for (std::int64_t k = 0; k < n; k++) {
        const double below = double(f[k]) - top;
        loss += y[k] * (log_sum - below);
        f[k] = T(factor * (exp_nonpositive(below, 0.0) / sum - y[k]));
    }
    return loss;
}

void settle(std::int64_t n, float* __restrict value, float* __restrict pending) {
    for (std::int64_t i = 0; i < n; i++) {
        const float old = value[i];
        const float sum = old + pending[i];
        pending[i] -= sum - old;
        value[i] = sum;
    }
}

template <class T>
void ntk_accumulate(std::int64_t rows, std::int64_t cols, const T* delta_gram, const T* activation_gram,
                    std::int64_t ld_gram, double alpha, double beta, double* theta, std::int64_t ld_theta) {
    for (std::int64_t r = 0; r < rows; r++) {
        const T* __restrict delta = delta_gram + r * ld_gram;
        const T* __restrict activation = activation_gram + r * ld_gram;
        double* __restrict out = theta + r * ld_theta;
        for (std::int64_t c = 0; c < cols; c++) out[c] += double(delta[c]) * (alpha * double(activation[c]) + beta);
    }
}

// Constant-initialised: nothing runs when the library is loaded.
template <class T>
constexpr ElementKernels<T> kElementKernels = {
    .activate = activate<T>,
    .normals = draw<Normal, T>,
    .multiply = multiply<T>,
    .multiply_outer = multiply_outer<T>,
    .add_columns = add_columns<T>,
    .momentum_step = momentum_step<T>,
    .adam_step = adam_step<T>,
    .cross_entropy = cross_entropy<T>,
    .ntk_accumulate = ntk_accumulate<T>,
};

}  // namespace

extern const Products kProducts;  // products_level.cpp

extern const Kernels kTable;
constexpr Kernels kTable = {
    .level = NTK_TEXT(NTK_LEVEL),
    .f32 = kElementKernels<float>,
    .f64 = kElementKernels<double>,
    .products = kProducts,
    .uniforms = uniforms,
    .words = words,
    .scale = scale,
    .dot = dot,
    .chain_sums = chain_sums,
    .moment_sums = moment_sums,
    .settle = settle,
};

}  // namespace ntk::NTK_LEVEL
