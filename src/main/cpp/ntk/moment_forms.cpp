#include "ntk/moment_forms.h"

#include <algorithm>
#include <cmath>

namespace ntk {

MomentForms MomentForms::bottom(const Scaled& x) {
    MomentForms forms;
    forms.tb = x.mantissa;
    forms.first_exponent = x.exponent;
    forms.pc = x.mantissa * x.mantissa;
    forms.second_exponent = 2 * x.exponent;
    return forms;
}

// W^T delta = sqrt(c) (u w + y) with u = x/|x|, w^2 = rho A^2 + (1 - rho) D on average, y ~ N(0, D (I - u u^T)). Below,
// Phi = diag(p) and b = z o phi', so that A' = sqrt(c) b·(u w + y) and D' = c (u w + y)^T Phi (u w + y).
void MomentForms::lift(const LayerSums& sums, const Shares& shares, double c, const Scaled& x) {
    const double inverse = sums.x2 > 0 ? 1 / sums.x2 : 0;  // a layer without active units has no direction u
    const double root = sums.x2 > 0 ? 1 / std::sqrt(sums.x2) : 0;
    const double t1 = sums.p_x2 * inverse;                              // u^T Phi u
    const double t2 = sums.p2_x2 * inverse;                             // u^T Phi^2 u
    const double beta = sums.zs_x * root;                               // b·u
    const double kappa = sums.zs_p_x * root;                            // b^T Phi u
    const double tau = std::max(sums.p - t1, 0.0);                      // tr Phi P, P = I - u u^T
    const double gamma = std::max(sums.z2_p - beta * beta, 0.0);        // b^T P b
    const double eta = kappa - beta * t1;                               // b^T P Phi u
    const double zeta = std::max(t2 - t1 * t1, 0.0);                    // u^T Phi P Phi u
    const double omega = std::max((sums.z2_p2 - 2 * (beta * kappa)) + beta * beta * t1, 0.0);  // b^T P Phi P b
    const double chi = std::max((sums.p2 - 2 * t2) + t1 * t1, 0.0);     // tr Phi P Phi P
    const double beta2 = beta * beta;
    const double rho = shares.weights;
    const double rest = shares.biases;

    // E[V | w, D] = c (first_w w^2 + first_d D)
    const double first_w = ta * beta2 + tb * t1;
    const double first_d = ta * gamma + tb * tau;
    const double new_ta = c * (first_w * rho);
    const double new_tb = c * (first_w * rest + first_d);

    // E[V^2 | w, D] = c^2 (w4 w^4 + w2 w^2 D + w0 D^2)
    const double w4 = (pa * (beta2 * beta2) + pb * (beta2 * t1)) + pc * (t1 * t1);
    const double w2 = (pa * (6 * beta2 * gamma) + pb * ((beta2 * tau + 4 * (beta * eta)) + t1 * gamma)) +
                      pc * (4 * zeta + 2 * (t1 * tau));
    const double w0 = (pa * (3 * (gamma * gamma)) + pb * (gamma * tau + 2 * omega)) + pc * (tau * tau + 2 * chi);
    const double c2 = c * c;
    double new_pa = c2 * (rho * rho * w4);
    double new_pb = c2 * (6 * (rho * rest) * w4 + rho * w2);
    double new_pc = c2 * ((3 * (rest * rest) * w4 + rest * w2) + w0);

    // Layer l itself adds D x to V, so D^2 x^2 + 2 D x V to V^2.
    const int64_t cross = x.exponent + first_exponent;
    const int64_t own = 2 * x.exponent;
    const int64_t top = std::max(std::max(second_exponent, cross), own);
    const double align_old = power_of_two(second_exponent - top);
    const double align_cross = 2 * x.mantissa * power_of_two(cross - top);
    new_pa *= align_old;
    new_pb = new_pb * align_old + new_ta * align_cross;
    new_pc = (new_pc * align_old + new_tb * align_cross) + x.mantissa * x.mantissa * power_of_two(own - top);
    pa = new_pa;
    pb = new_pb;
    pc = new_pc;
    second_exponent = top;

    const int64_t first_top = std::max(first_exponent, x.exponent);
    const double align_first = power_of_two(first_exponent - first_top);
    ta = new_ta * align_first;
    tb = new_tb * align_first + x.mantissa * power_of_two(x.exponent - first_top);
    first_exponent = first_top;
    normalize();
}

void MomentForms::normalize() {
    Scaled first{ta + tb, 0};
    first.normalize();
    if (first.exponent != 0) {
        const double factor = power_of_two(-first.exponent);
        ta *= factor;
        tb *= factor;
        first_exponent += first.exponent;
    }
    Scaled second{(pa + std::fabs(pb)) + pc, 0};
    second.normalize();
    if (second.exponent != 0) {
        const double factor = power_of_two(-second.exponent);
        pa *= factor;
        pb *= factor;
        pc *= factor;
        second_exponent += second.exponent;
    }
}

Scaled MomentForms::first_moment() const { return {ta + tb, first_exponent}; }

Scaled MomentForms::second_moment() const { return {(3 * pa + pb) + pc, second_exponent}; }

}  // namespace ntk
