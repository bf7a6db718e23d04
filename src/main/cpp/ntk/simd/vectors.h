// Vectors of the level's width: what register tiles need and gcc has no portable spelling for.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include <cstddef>
#include <cstdint>
#include <utility>

#ifndef NTK_INLINE
#define NTK_INLINE static inline __attribute__((always_inline))
#endif

namespace ntk::NTK_LEVEL {

#if defined(__AVX512F__)
constexpr int kVectorBytes = 64;
constexpr bool kMaskedLoads = true;
#elif defined(__AVX2__)
constexpr int kVectorBytes = 32;
constexpr bool kMaskedLoads = false;
#else
constexpr int kVectorBytes = 16;
constexpr bool kMaskedLoads = false;
#endif

template <class T>
struct VectorType {
    typedef T Type __attribute__((vector_size(kVectorBytes)));
};
template <class T>
using Vector = typename VectorType<T>::Type;

template <class T>
constexpr int kWidth = kVectorBytes / sizeof(T);

template <class T>
NTK_INLINE Vector<T> load(const T* p) {
    Vector<T> v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

template <class T>
NTK_INLINE void store(T* p, Vector<T> v) {
    __builtin_memcpy(p, &v, sizeof v);
}

// Sanitizers do not look into instructions with masks. They are told what these read and write; to others it is nothing.
NTK_INLINE void masked_read([[maybe_unused]] const void* p, [[maybe_unused]] std::size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    __builtin___asan_loadN(const_cast<void*>(p), bytes);
#elif defined(__SANITIZE_THREAD__)
    __builtin___tsan_read_range(const_cast<void*>(p), bytes);
#endif
}
NTK_INLINE void masked_write([[maybe_unused]] void* p, [[maybe_unused]] std::size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    __builtin___asan_storeN(p, bytes);
#elif defined(__SANITIZE_THREAD__)
    __builtin___tsan_write_range(p, bytes);
#endif
}

// x in every lane; of -0, too.
template <class T>
NTK_INLINE Vector<T> all_equal(T x) {
    return x - Vector<T>{};
}

#if defined(__AVX512F__)

NTK_INLINE Vector<float> fma(float a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)_mm512_fmadd_ps(_mm512_set1_ps(a), (__m512)b, (__m512)c);
}
NTK_INLINE Vector<double> fma(double a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)_mm512_fmadd_pd(_mm512_set1_pd(a), (__m512d)b, (__m512d)c);
}
NTK_INLINE Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
}
NTK_INLINE Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}

// The first count numbers; the rest of the vector is 0.
NTK_INLINE Vector<float> load_first(const float* p, int count) {
    masked_read(p, count * sizeof(*p));
    return (Vector<float>)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
}
NTK_INLINE Vector<double> load_first(const double* p, int count) {
    masked_read(p, count * sizeof(*p));
    return (Vector<double>)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1), p);
}
// fma(a, b, c) in the first count lanes, c in the others.
NTK_INLINE Vector<float> fma_first(Vector<float> a, Vector<float> b, Vector<float> c, int count) {
    return (Vector<float>)_mm512_mask3_fmadd_ps((__m512)a, (__m512)b, (__m512)c, static_cast<__mmask16>((1u << count) - 1));
}
NTK_INLINE Vector<double> fma_first(Vector<double> a, Vector<double> b, Vector<double> c, int count) {
    return (Vector<double>)_mm512_mask3_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c, static_cast<__mmask8>((1u << count) - 1));
}
NTK_INLINE void store_first(float* p, Vector<float> v, int count) {
    masked_write(p, count * sizeof(*p));
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), (__m512)v);
}
NTK_INLINE void store_first(double* p, Vector<double> v, int count) {
    masked_write(p, count * sizeof(*p));
    _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1u << count) - 1), (__m512d)v);
}

#else

#if defined(__AVX2__) && defined(__FMA__)

NTK_INLINE Vector<float> fma(float a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)_mm256_fmadd_ps(_mm256_set1_ps(a), (__m256)b, (__m256)c);
}
NTK_INLINE Vector<double> fma(double a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)_mm256_fmadd_pd(_mm256_set1_pd(a), (__m256d)b, (__m256d)c);
}
NTK_INLINE Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
}
NTK_INLINE Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}

#elif defined(__aarch64__)

NTK_INLINE Vector<float> fma(float a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)vfmaq_n_f32((float32x4_t)c, (float32x4_t)b, a);
}
NTK_INLINE Vector<double> fma(double a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)vfmaq_n_f64((float64x2_t)c, (float64x2_t)b, a);
}
NTK_INLINE Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) {
    return (Vector<float>)vfmaq_f32((float32x4_t)c, (float32x4_t)b, (float32x4_t)a);
}
NTK_INLINE Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) {
    return (Vector<double>)vfmaq_f64((float64x2_t)c, (float64x2_t)b, (float64x2_t)a);
}

#else

// Without the instruction the C library rounds once, too, only slowly.
NTK_INLINE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
NTK_INLINE double fma(double a, double b, double c) { return __builtin_fma(a, b, c); }

template <class T>
NTK_INLINE Vector<T> fma_lanes(Vector<T> a, Vector<T> b, Vector<T> c) {
    for (int j = 0; j < kWidth<T>; j++) c[j] = fma(a[j], b[j], c[j]);
    return c;
}
template <class T>
NTK_INLINE Vector<T> fma_lanes(T a, Vector<T> b, Vector<T> c) {
    for (int j = 0; j < kWidth<T>; j++) c[j] = fma(a, b[j], c[j]);
    return c;
}
NTK_INLINE Vector<float> fma(float a, Vector<float> b, Vector<float> c) { return fma_lanes<float>(a, b, c); }
NTK_INLINE Vector<double> fma(double a, Vector<double> b, Vector<double> c) { return fma_lanes<double>(a, b, c); }
NTK_INLINE Vector<float> fma(Vector<float> a, Vector<float> b, Vector<float> c) { return fma_lanes<float>(a, b, c); }
NTK_INLINE Vector<double> fma(Vector<double> a, Vector<double> b, Vector<double> c) { return fma_lanes<double>(a, b, c); }

#endif

#if defined(__AVX2__)

NTK_INLINE Vector<float> load_first(const float* p, int count) {
    masked_read(p, count * sizeof(*p));
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return (Vector<float>)_mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lane));
}
NTK_INLINE Vector<double> load_first(const double* p, int count) {
    masked_read(p, count * sizeof(*p));
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    return (Vector<double>)_mm256_maskload_pd(p, _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), lane));
}

#else

template <class T>
NTK_INLINE Vector<T> load_first(const T* p, int count) {
    if (count == kWidth<T>) return load(p);
    T first[kWidth<T>] = {};
    for (int j = 0; j < count; j++) first[j] = p[j];
    return load(first);
}

#endif

template <class V>
NTK_INLINE V fma_first(V a, V b, V c, int count) {
    constexpr int width = sizeof(V) / sizeof(a[0]);
    const V sum = fma(a, b, c);
    decltype(a < b) lane;
    for (int j = 0; j < width; j++) lane[j] = j;
    return lane < count ? sum : c;
}

template <class T>
NTK_INLINE void store_first(T* p, Vector<T> v, int count) {
    if (count == kWidth<T>) return store(p, v);
    for (int j = 0; j < count; j++) p[j] = v[j];
}

#endif

NTK_INLINE Vector<double> root(Vector<double> x) {
#if defined(__AVX512F__)
    // The unmasked intrinsic trips gcc 12's -Wmaybe-uninitialized; an all-ones mask gives the same instruction.
    return (Vector<double>)_mm512_maskz_sqrt_pd(__mmask8(0xff), (__m512d)x);
#elif defined(__AVX2__)
    return (Vector<double>)_mm256_sqrt_pd((__m256d)x);
#elif defined(__x86_64__)
    return (Vector<double>)_mm_sqrt_pd((__m128d)x);
#elif defined(__aarch64__)
    return (Vector<double>)vsqrtq_f64((float64x2_t)x);
#else
    for (int j = 0; j < kWidth<double>; j++) x[j] = __builtin_sqrt(x[j]);
    return x;
#endif
}

// Numbers of two vectors in a new order: number i of the result is that at kOrder(i) of a and b, one behind the other.
template <class V, class Order, std::size_t... kIndex>
NTK_INLINE V reordered(V a, V b, Order, std::index_sequence<kIndex...>) {
    return __builtin_shufflevector(a, b, Order::at(int(kIndex))...);
}

// In blocks of 16 bytes, with numbers per block: groups of so many numbers, first those of a, then those of b, in turn, of
// the lower or the upper half of each block.
template <int numbers, int width, int group, bool upper>
struct Interleaved {
    static constexpr int at(int i) {
        const int place = i % numbers / group;
        return place % 2 * width + i / numbers * numbers + upper * numbers / 2 + place / 2 * group + i % group;
    }
};

// Whole blocks of 16 bytes: those at first, first + step, … of a, then those of b.
template <int numbers, int width, int first, int step>
struct Blocks {
    static constexpr int at(int i) {
        const int half = width / numbers / 2;
        const int block = i / numbers;
        return block / half * width + (first + block % half * step) * numbers + i % numbers;
    }
};

// Transposes the square that kWidth vectors form.
template <class T>
NTK_INLINE void transpose(Vector<T>* rows) {
    constexpr int width = kWidth<T>;
    constexpr int numbers = 16 / sizeof(T);
    constexpr auto all = std::make_index_sequence<width>();
    // The small squares within each block of 16 bytes: one step per doubling of their size.
    Vector<T> squares[width];
    for (int i = 0; i < width; i += 2) {
        squares[i] = reordered(rows[i], rows[i + 1], Interleaved<numbers, width, 1, false>(), all);
        squares[i + 1] = reordered(rows[i], rows[i + 1], Interleaved<numbers, width, 1, true>(), all);
    }
    if constexpr (numbers == 4) {
        for (int i = 0; i < width; i += 4) {
            const Vector<T> a = squares[i], b = squares[i + 1], c = squares[i + 2], d = squares[i + 3];
            squares[i] = reordered(a, c, Interleaved<numbers, width, 2, false>(), all);
            squares[i + 1] = reordered(a, c, Interleaved<numbers, width, 2, true>(), all);
            squares[i + 2] = reordered(b, d, Interleaved<numbers, width, 2, false>(), all);
            squares[i + 3] = reordered(b, d, Interleaved<numbers, width, 2, true>(), all);
        }
    }
    // Then the square of blocks.
    constexpr int blocks = width / numbers;
    for (int i = 0; i < numbers; i++) {
        if constexpr (blocks == 1) {
            rows[i] = squares[i];
        } else if constexpr (blocks == 2) {
            const Vector<T> a = squares[i], b = squares[numbers + i];
            rows[i] = reordered(a, b, Blocks<numbers, width, 0, 1>(), all);
            rows[numbers + i] = reordered(a, b, Blocks<numbers, width, 1, 1>(), all);
        } else {
            static_assert(blocks == 4);
            const Vector<T> a = squares[i], b = squares[numbers + i];
            const Vector<T> c = squares[2 * numbers + i], d = squares[3 * numbers + i];
            const Vector<T> lower = reordered(a, b, Blocks<numbers, width, 0, 1>(), all);
            const Vector<T> upper = reordered(a, b, Blocks<numbers, width, 2, 1>(), all);
            const Vector<T> lower2 = reordered(c, d, Blocks<numbers, width, 0, 1>(), all);
            const Vector<T> upper2 = reordered(c, d, Blocks<numbers, width, 2, 1>(), all);
            rows[i] = reordered(lower, lower2, Blocks<numbers, width, 0, 2>(), all);
            rows[numbers + i] = reordered(lower, lower2, Blocks<numbers, width, 1, 2>(), all);
            rows[2 * numbers + i] = reordered(upper, upper2, Blocks<numbers, width, 0, 2>(), all);
            rows[3 * numbers + i] = reordered(upper, upper2, Blocks<numbers, width, 1, 2>(), all);
        }
    }
}

}  // namespace ntk::NTK_LEVEL
