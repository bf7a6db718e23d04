#pragma once

// The Rao-Blackwell recursion (theory 12.4): given the forward pass of one input, the backward pass is Gaussian, and the
// conditional moments of Theta need no draws. With A = z^l·delta^l (z^l the unit normals of layer l) and D = |delta^l|^2,
// the part V of Theta that layers 1 … l contribute obeys
//     E[V | A, D] = ta A^2 + tb D,     E[V^2 | A, D] = pa A^4 + pb A^2 D + pc D^2,
// and the five numbers are carried from the input up to the output, where E A^2 = D = 1 and E A^4 = 3.

#include "ntk/one_input.h"
#include "ntk/scaled.h"

namespace ntk {

// Sums over the units of one layer: unit normals z, values x, slopes s = phi', p = s^2. Kernels::moment_sums writes them.
struct LayerSums {
    double x2, p, p2, p_x2, p2_x2, zs_x, z2_p, zs_p_x, z2_p2;
};

struct MomentForms {
    double ta = 0, tb = 0;
    int64_t first_exponent = 0;  // ta and tb count 2^first_exponent
    double pa = 0, pb = 0, pc = 0;
    int64_t second_exponent = 0;

    // Layer 1 alone: V = D x.
    static MomentForms bottom(const Scaled& x);

    // From the part below layer l's weights to the part that includes them. sums: of layer l - 1; c = sigma_w^2/n_{l-1};
    // x = |x^{l-1}|^2 + 1.
    void lift(const LayerSums& sums, const Shares& shares, double c, const Scaled& x);

    // E[Theta | forward] and E[Theta^2 | forward] of the network that ends here with a single linear output.
    Scaled first_moment() const;
    Scaled second_moment() const;

   private:
    void normalize();
};

}  // namespace ntk
