#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include "ntk/kernels.h"

namespace ntk {

namespace v1 {
extern const Kernels kTable;
}
namespace v3 {
extern const Kernels kTable;
}
namespace v4 {
extern const Kernels kTable;
}

const Kernels* kernels_for_level(const char* level) {
    // __builtin_cpu_supports also asks whether the operating system saves the wide registers.
    __builtin_cpu_init();
    if (std::strcmp(level, "v4") == 0) return __builtin_cpu_supports("x86-64-v4") ? &v4::kTable : nullptr;
    if (std::strcmp(level, "v3") == 0) return __builtin_cpu_supports("x86-64-v3") ? &v3::kTable : nullptr;
    if (std::strcmp(level, "v1") == 0) return &v1::kTable;
    return nullptr;
}

static const Kernels& choose() {
    const char* wanted = std::getenv("NTK_SIMD");
    if (wanted == nullptr || *wanted == '\0') {
        for (const char* level : {"v4", "v3"}) {
            if (const Kernels* found = kernels_for_level(level)) return *found;
        }
        return v1::kTable;
    }
    if (const Kernels* found = kernels_for_level(wanted)) return *found;
    const std::string value(wanted);
    if (value == "v3" || value == "v4") {
        throw std::invalid_argument("NTK_SIMD asks for level " + value +
                                    ", which this CPU or operating system does not support; unset it or use v1.");
    }
    throw std::invalid_argument("NTK_SIMD must be v1, v3 or v4, not '" + value + "'.");
}

const Kernels& kernels() {
    static const Kernels& chosen = choose();
    return chosen;
}

}  // namespace ntk
