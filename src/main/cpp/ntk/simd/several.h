// Several vectors worked on side by side: an operation on all of them before the next one, so that a processor that issues in
// order of need finds independent ones near each other. Every number gets the bits that it would get alone.
#pragma once

#include "ntk/simd/elementary.h"
#include "ntk/simd/vectors.h"

namespace ntk::NTK_LEVEL {

template <class T>
struct Several {
    static constexpr int kVectors = kVectorBytes == 64 ? 4 : 2;
    static constexpr int kNumbers = kVectors * kWidth<T>;

    Vector<T> vectors[kVectors];

    Several() = default;

    // x everywhere.
    [[gnu::always_inline]] Several(T x) {
        for (Vector<T>& vector : vectors) vector = all_equal(x);
    }

#define NTK_OF_TWO(op)                                                                    \
    [[gnu::always_inline]] friend Several operator op(Several a, Several b) {             \
        for (int v = 0; v < kVectors; v++) a.vectors[v] = a.vectors[v] op b.vectors[v];   \
        return a;                                                                         \
    }
    NTK_OF_TWO(+)
    NTK_OF_TWO(-)
    NTK_OF_TWO(*)
    NTK_OF_TWO(/)
    NTK_OF_TWO(&)
    NTK_OF_TWO(|)
    NTK_OF_TWO(^)
#undef NTK_OF_TWO

    [[gnu::always_inline]] friend Several operator<<(Several a, int bits) {
        for (Vector<T>& vector : a.vectors) vector = vector << bits;
        return a;
    }
    [[gnu::always_inline]] friend Several operator>>(Several a, int bits) {
        for (Vector<T>& vector : a.vectors) vector = vector >> bits;
        return a;
    }
};

template <class T>
NTK_INLINE Several<T> load_several(const T* p) {
    Several<T> x;
    __builtin_memcpy(&x, p, sizeof x);
    return x;
}

template <class T>
NTK_INLINE void store(T* p, Several<T> x) {
    __builtin_memcpy(p, &x, sizeof x);
}

NTK_INLINE Several<std::uint64_t> to_bits(Several<double> x) {
    return __builtin_bit_cast(Several<std::uint64_t>, x);
}

template <class T>
NTK_INLINE Several<T> from_bits(Several<typename Format<T>::Bits> x) {
    return __builtin_bit_cast(Several<T>, x);
}

NTK_INLINE Several<double> root(Several<double> x) {
    for (Vector<double>& vector : x.vectors) vector = root(vector);
    return x;
}

// a where bits are not 0, b where they are.
NTK_INLINE Several<double> choose(Several<std::uint64_t> bits, Several<double> a, Several<double> b) {
    for (int v = 0; v < a.kVectors; v++) a.vectors[v] = bits.vectors[v] != 0 ? a.vectors[v] : b.vectors[v];
    return a;
}

}  // namespace ntk::NTK_LEVEL
