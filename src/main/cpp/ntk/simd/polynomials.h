// Written by scripts/fit_polynomials.py, which describes the method; change that and run it again.
// Polynomials.java holds the same literals in the same order.
// No include guard on purpose: simd/elementary.h includes this once, inside its level namespace.

// (expm1(r) - r) / r^2; |r| <= log(2)/2.
// Degree 9; relative error of the function it serves below 2^-55.52.
template <class Doubles>
NTK_INLINE Doubles expm1_tail(Doubles r) {
    Doubles p = 0x1.ae7b03344ef6ap-26;
    p = p * r + 0x1.28a2c0e91cee8p-22;
    p = p * r + 0x1.71de7e3f1bf17p-19;
    p = p * r + 0x1.a019a677bf8e8p-16;
    p = p * r + 0x1.a01a01798ab29p-13;
    p = p * r + 0x1.6c16c17f39981p-10;
    p = p * r + 0x1.1111111118213p-7;
    p = p * r + 0x1.55555555520f4p-5;
    p = p * r + 0x1.555555555553dp-3;
    p = p * r + 0x1.0000000000005p-1;
    return p;
}

// (expm1(r) - r) / r^2; |r| <= log(2)/2.
// Degree 4; relative error of the function it serves below 2^-26.08.
NTK_INLINE float expm1_tail(float r) {
    float p = 0x1.6b635cp-10f;
    p = p * r + 0x1.1228e8p-7f;
    p = p * r + 0x1.555724p-5f;
    p = p * r + 0x1.5554aep-3f;
    p = p * r + 0x1.fffffep-2f;
    return p;
}

// (2 atanh(s) - 2 s) / s^3 with z = s^2; s = f/(2+f), 1/sqrt(2) <= 1+f <= sqrt(2).
// Degree 6; relative error of the function it serves below 2^-59.44.
template <class Doubles>
NTK_INLINE Doubles log_tail(Doubles z) {
    Doubles p = 0x1.2f0f4cbb2f684p-3;
    p = p * z + 0x1.39a0b1c03dbcbp-3;
    p = p * z + 0x1.746649e261b8dp-3;
    p = p * z + 0x1.c71c51ceeacd2p-3;
    p = p * z + 0x1.24924942423edp-2;
    p = p * z + 0x1.999999997f6eep-2;
    p = p * z + 0x1.5555555555594p-1;
    return p;
}

// (2 atanh(s) - 2 s) / s^3 with z = s^2; |s| <= 1/3.
// Degree 9; relative error of the function it serves below 2^-59.35.
template <class Doubles>
NTK_INLINE Doubles log1p_tail(Doubles z) {
    Doubles p = 0x1.5c9b21451c87p-3;
    p = p * z + 0x1.558a6a66a65a5p-4;
    p = p * z + 0x1.efe1a39d12f62p-4;
    p = p * z + 0x1.1067236fbd6e7p-3;
    p = p * z + 0x1.3b1de8cda1ed1p-3;
    p = p * z + 0x1.745cb34ec3bd2p-3;
    p = p * z + 0x1.c71c742224a3fp-3;
    p = p * z + 0x1.249249207ea54p-2;
    p = p * z + 0x1.99999999a0972p-2;
    p = p * z + 0x1.5555555555534p-1;
    return p;
}

// (2 atanh(s) - 2 s) / s^3 with z = s^2; |s| <= 1/3.
// Degree 3; relative error of the function it serves below 2^-27.69.
NTK_INLINE float log1p_tail(float z) {
    float p = 0x1.1efad6p-2f;
    p = p * z + 0x1.1eb58p-2f;
    p = p * z + 0x1.99d28ap-2f;
    p = p * z + 0x1.5555p-1f;
    return p;
}

// (sin(r) - r) / r^3 with z = r^2; |r| <= pi/4.
// Degree 5; relative error of the function it serves below 2^-57.88.
template <class Doubles>
NTK_INLINE Doubles sin_tail(Doubles z) {
    Doubles p = 0x1.5d8dae8246f2ap-33;
    p = p * z - 0x1.ae5e52c9ddb36p-26;
    p = p * z + 0x1.71de355d28ffbp-19;
    p = p * z - 0x1.a01a019bf064ep-13;
    p = p * z + 0x1.111111110f754p-7;
    p = p * z - 0x1.5555555555548p-3;
    return p;
}

// (sin(r) - r) / r^3 with z = r^2; |r| <= pi/4.
// Degree 2; relative error of the function it serves below 2^-27.82.
NTK_INLINE float sin_tail(float z) {
    float p = -0x1.992bf4p-13f;
    p = p * z + 0x1.1106e4p-7f;
    p = p * z - 0x1.555544p-3f;
    return p;
}

// (cos(r) - 1 + r^2/2) / r^4 with z = r^2; |r| <= pi/4.
// Degree 5; relative error of the function it serves below 2^-63.8.
template <class Doubles>
NTK_INLINE Doubles cos_tail(Doubles z) {
    Doubles p = -0x1.8f9ef5faaceacp-37;
    p = p * z + 0x1.1ee9cc0187c9dp-29;
    p = p * z - 0x1.27e4f7d809f27p-22;
    p = p * z + 0x1.a01a019c679bep-16;
    p = p * z - 0x1.6c16c16c14e44p-10;
    p = p * z + 0x1.555555555554ap-5;
    return p;
}

// (cos(r) - 1 + r^2/2) / r^4 with z = r^2; |r| <= pi/4.
// Degree 2; relative error of the function it serves below 2^-32.99.
NTK_INLINE float cos_tail(float z) {
    float p = 0x1.99e904p-16f;
    p = p * z - 0x1.6c0c2ap-10f;
    p = p * z + 0x1.55554ap-5f;
    return p;
}

// erf(x) / x - 1 with z = x^2; |x| <= 1.0.
// Degree 11; relative error of the function it serves below 2^-56.03.
template <class Doubles>
NTK_INLINE Doubles erf_centre(Doubles z) {
    Doubles p = -0x1.aadfed8c5cab7p-31;
    p = p * z + 0x1.d6d1129df1c7dp-27;
    p = p * z - 0x1.5bfb9f8386962p-23;
    p = p * z + 0x1.b97dc7cd14904p-20;
    p = p * z - 0x1.f4ca130bd4b37p-17;
    p = p * z + 0x1.f9a2b66c1a28p-14;
    p = p * z - 0x1.c02db00a4932ep-11;
    p = p * z + 0x1.565bccf79918cp-8;
    p = p * z - 0x1.b82ce311eba5fp-6;
    p = p * z + 0x1.ce2f21a04082ep-4;
    p = p * z - 0x1.812746b0379b1p-2;
    p = p * z + 0x1.06eba8214db68p-3;
    return p;
}

// erf(x) / x - 1 with z = x^2; |x| <= 0.75.
// Degree 5; relative error of the function it serves below 2^-29.17.
NTK_INLINE float erf_centre(float z) {
    float p = -0x1.61e97ep-11f;
    p = p * z + 0x1.4f303ap-8f;
    p = p * z - 0x1.b7a96ap-6f;
    p = p * z + 0x1.ce2adcp-4f;
    p = p * z - 0x1.81273ap-2f;
    p = p * z + 0x1.06eba8p-3f;
    return p;
}

// (x + k) exp(x^2) erfc(x) with t = (x - k) / (x + k); k = 2.5, 1.0 <= x <= 6.0.
// Degree 11; relative error of the function it serves below 2^-60.87.
template <class Doubles>
NTK_INLINE Doubles erfc_outer(Doubles t) {
    Doubles p = -0x1.3e8be3a8c6205p-15;
    p = p * t - 0x1.0108e73b7cb51p-13;
    p = p * t + 0x1.d031e1c150a74p-15;
    p = p * t + 0x1.703646cbefbbdp-11;
    p = p * t - 0x1.cc82058f18062p-12;
    p = p * t - 0x1.3bcd7c812dce3p-8;
    p = p * t + 0x1.1305fa3f55d97p-7;
    p = p * t + 0x1.d0acf69344df6p-6;
    p = p * t - 0x1.5eb8eba28293ep-3;
    p = p * t + 0x1.d0cedcb8c41cap-2;
    p = p * t - 0x1.9bfb53c4039dep-1;
    p = p * t + 0x1.0dd50785280a8p0;
    return p;
}

// (x + k) exp(x^2) erfc(x) with t = (x - k) / (x + k); k = 2.5, 0.75 <= x <= 4.0.
// Degree 5; relative error of the function it serves below 2^-30.84.
NTK_INLINE float erfc_outer(float t) {
    float p = 0x1.0142aep-6f;
    p = p * t + 0x1.122efp-5f;
    p = p * t - 0x1.5acf82p-3f;
    p = p * t + 0x1.d133cp-2f;
    p = p * t - 0x1.9bf65ap-1f;
    p = p * t + 0x1.0dd51ep0f;
    return p;
}

// (Phi(x) - 1/2) / x with z = x^2; |x| <= 0.75.
// Degree 8; relative error of the function it serves below 2^-56.89.
template <class Doubles>
NTK_INLINE Doubles normal_centre(Doubles z) {
    Doubles p = 0x1.11e7e58bda1p-29;
    p = p * z - 0x1.5f7ff39d4500ap-25;
    p = p * z + 0x1.6570ac3363325p-21;
    p = p * z - 0x1.3ce8683006d6fp-17;
    p = p * z + 0x1.e42b095726b4bp-14;
    p = p * z - 0x1.37403f6389d9p-10;
    p = p * z + 0x1.46d04297577bcp-7;
    p = p * z - 0x1.1058377e2cddp-4;
    p = p * z + 0x1.9884533d4365p-2;
    return p;
}

// (Phi(x) - 1/2) / x with z = x^2; |x| <= 0.75.
// Degree 4; relative error of the function it serves below 2^-27.03.
NTK_INLINE float normal_centre(float z) {
    float p = 0x1.a352ap-14f;
    p = p * z - 0x1.34a08cp-10f;
    p = p * z + 0x1.46b6eap-7f;
    p = p * z - 0x1.1057cap-4f;
    p = p * z + 0x1.988452p-2f;
    return p;
}

// (x + k) exp(x^2/2) Phi(-x) with t = (x - k) / (x + k); k = 5.0, 0 <= x <= 38.0.
// Degree 22; relative error of the function it serves below 2^-55.31.
template <class Doubles>
NTK_INLINE Doubles mills_tail(Doubles t) {
    Doubles p = -0x1.0214387aebc25p-32;
    p = p * t + 0x1.ba7293244f56cp-30;
    p = p * t + 0x1.0e2fc66c2bf1fp-27;
    p = p * t - 0x1.2f735b3b22929p-27;
    p = p * t - 0x1.1c159ac671376p-24;
    p = p * t + 0x1.6522ae8a4172cp-25;
    p = p * t + 0x1.d12ce98fc8cc5p-22;
    p = p * t - 0x1.68d2bee5cfbabp-22;
    p = p * t - 0x1.73af88315dbd9p-19;
    p = p * t + 0x1.0b2261a9b9714p-18;
    p = p * t + 0x1.17dd3d846d856p-16;
    p = p * t - 0x1.a170a082c8d94p-15;
    p = p * t - 0x1.f214671991911p-15;
    p = p * t + 0x1.1daf1ca212731p-11;
    p = p * t - 0x1.a25037c3b637ap-11;
    p = p * t - 0x1.88590ea59eee7p-9;
    p = p * t + 0x1.54b4d4f4a7ccap-6;
    p = p * t - 0x1.1b1c254c9d1ep-4;
    p = p * t + 0x1.51f6329f01c23p-3;
    p = p * t - 0x1.410ed5f875a1fp-2;
    p = p * t + 0x1.fb31653876f79p-2;
    p = p * t - 0x1.54ad03f27ca17p-1;
    p = p * t + 0x1.89d3abe1f95aep-1;
    return p;
}

// (x + k) exp(x^2/2) Phi(-x) with t = (x - k) / (x + k); k = 4.0, 0 <= x <= 14.0.
// Degree 9; relative error of the function it serves below 2^-25.72.
NTK_INLINE float mills_tail(float t) {
    float p = -0x1.070638p-13f;
    p = p * t + 0x1.9375fp-13f;
    p = p * t + 0x1.9c16fcp-10f;
    p = p * t - 0x1.cd880ap-9f;
    p = p * t - 0x1.ed5ed4p-8f;
    p = p * t + 0x1.eed87ap-5f;
    p = p * t - 0x1.7dffa8p-3f;
    p = p * t + 0x1.8c6d8ep-2f;
    p = p * t - 0x1.373e3ap-1f;
    p = p * t + 0x1.82b4bcp-1f;
    return p;
}
