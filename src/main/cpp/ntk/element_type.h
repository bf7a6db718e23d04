#pragma once

// From the element type of a call to the C++ type of its numbers.

#include <stdexcept>
#include <string>

#include "ntk/ntk_core.h"

namespace ntk {

// Calls body with a float or a double, whose type is what counts.
template <class Body>
void with_element_type(ElementType type, Body body) {
    switch (type) {
        case kF32: return body(float{});
        case kF64: return body(double{});
    }
    throw std::invalid_argument("There is no element type " + std::to_string(type) + ".");
}

}  // namespace ntk
