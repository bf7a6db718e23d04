#pragma once

namespace ntk {

/// Codes of the built-in activations. They cross the Java boundary, so a code is never reused or renumbered.
enum ActivationKind : int {
    kPiecewiseLinear = 0,  // slope a for h <= 0, slope b for h > 0
    kTanh = 1,
    kErf = 2,
    kGelu = 3,  // h Phi(h), exact
    kSin = 4,
    kSigmoid = 5,
    kSoftplus = 6,
    kSilu = 7,
};

}  // namespace ntk
