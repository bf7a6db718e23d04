#pragma once

// Binomial(n, 1/2) and chi-square variates on the counter-based stream, exact for every n up to rounding. They are drawn
// for consecutive draws at once; draw i takes position i of its streams, and attempt t of a rejection method takes network t of the stream:
// nothing depends on how draws are grouped. Variates.java repeats these statements.

#include <cstdint>

namespace ntk {

// Draws of one call at most.
constexpr int64_t kVariateGroup = 64;

// An address in the stream: what the variates of one layer are for.
struct VariateAddress {
    uint64_t key;
    uint32_t layer;
    uint32_t tensor;  // and the next one
};

// out[i] ~ Binomial(n, 1/2) for draws first_draw + i, i < count <= kVariateGroup. Up to n = 1024 by counting random bits,
// above by Hörmann's BTRS (The generation of binomial random variates. J. Stat. Comput. Simul. 46, 1993).
void binomial_half(const VariateAddress& address, int64_t n, int64_t first_draw, int64_t count, double* out);

// out[i] ~ chi^2 with degrees[i] degrees of freedom (0 gives 0): twice a gamma variate by Marsaglia and Tsang (A simple
// method for generating gamma variables. ACM TOMS 26, 2000), and the square of a normal for one degree.
void chi_square(const VariateAddress& address, const double* degrees, int64_t first_draw, int64_t count, double* out);

}  // namespace ntk
