// Vectors of the level's width: what register tiles need and gcc has no portable spelling for.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

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
    return (Vector<float>)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1), p);
}
NTK_INLINE Vector<double> load_first(const double* p, int count) {
    return (Vector<double>)_mm512_maskz_loadu_pd(static_cast<__mmask8>((1u << count) - 1), p);
}
NTK_INLINE void store_first(float* p, Vector<float> v, int count) {
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1u << count) - 1), (__m512)v);
}
NTK_INLINE void store_first(double* p, Vector<double> v, int count) {
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

template <class T>
NTK_INLINE Vector<T> load_first(const T* p, int count) {
    if (count == kWidth<T>) return load(p);
    T first[kWidth<T>] = {};
    for (int j = 0; j < count; j++) first[j] = p[j];
    return load(first);
}

template <class T>
NTK_INLINE void store_first(T* p, Vector<T> v, int count) {
    if (count == kWidth<T>) return store(p, v);
    for (int j = 0; j < count; j++) p[j] = v[j];
}

#endif

// One step of the transposition: exchanges bit Distance of a number's row with that of its column.
template <int Distance, class V, std::size_t... J>
NTK_INLINE void exchange(V& upper, V& lower, std::index_sequence<J...>) {
    constexpr int n = sizeof...(J);
    const V a = upper;
    const V b = lower;
    upper = __builtin_shufflevector(a, b, (int(J) & Distance ? n + int(J) - Distance : int(J))...);
    lower = __builtin_shufflevector(a, b, (int(J) & Distance ? n + int(J) : int(J) + Distance)...);
}

// Transposes the square that kWidth vectors form.
template <class T, int Distance = kWidth<T> / 2>
NTK_INLINE void transpose(Vector<T>* rows) {
    if constexpr (Distance > 0) {
        for (int i = 0; i < kWidth<T>; i++) {
            if ((i & Distance) == 0) {
                exchange<Distance>(rows[i], rows[i + Distance], std::make_index_sequence<kWidth<T>>());
            }
        }
        transpose<T, Distance / 2>(rows);
    }
}

}  // namespace ntk::NTK_LEVEL
