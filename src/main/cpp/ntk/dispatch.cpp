#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <cstdlib>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <string>

#include "ntk/kernels.h"

namespace ntk {

// The levels that NtkSimd.cmake compiles for this architecture, the best first. The last one runs everywhere.
#if defined(__x86_64__)
namespace v1 {
extern const Kernels kTable;
}
namespace v3 {
extern const Kernels kTable;
}
namespace v4 {
extern const Kernels kTable;
}
static constexpr const char* kLevels[] = {"v4", "v3", "v1"};
static constexpr const Kernels* kTables[] = {&v4::kTable, &v3::kTable, &v1::kTable};
#elif defined(__aarch64__)
namespace neon {
extern const Kernels kTable;
}
static constexpr const char* kLevels[] = {"neon"};
static constexpr const Kernels* kTables[] = {&neon::kTable};
#else
namespace portable {
extern const Kernels kTable;
}
static constexpr const char* kLevels[] = {"portable"};
static constexpr const Kernels* kTables[] = {&portable::kTable};
#endif

#if defined(__x86_64__)
// Feature by feature: only the newest compilers know the levels by name, and some features not at all.
// __builtin_cpu_supports also asks whether the operating system saves the wide registers.
static bool supports_v3() {
    unsigned eax, ebx, ecx, edx;
    const bool basic = __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C) && (ecx & bit_MOVBE);
    const bool extended = __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) && (ecx & bit_LZCNT);
    return basic && extended && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
}

static bool supports_v4() {
    return supports_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

static bool runs_here([[maybe_unused]] const char* level) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (std::strcmp(level, "v4") == 0) return supports_v4();
    if (std::strcmp(level, "v3") == 0) return supports_v3();
#endif
    return true;
}

std::span<const char* const> kernel_levels() { return kLevels; }

const Kernels* kernels_for_level(const char* level) {
    for (std::size_t i = 0; i < std::size(kLevels); ++i) {
        if (std::strcmp(level, kLevels[i]) == 0) return runs_here(level) ? kTables[i] : nullptr;
    }
    return nullptr;
}

// "v1, v3 or v4"
static std::string names() {
    std::string text;
    for (std::size_t left = std::size(kLevels); left-- > 0;) {
        text += kLevels[left];
        if (left > 0) text += left == 1 ? " or " : ", ";
    }
    return text;
}

static const Kernels& choose() {
    const char* wanted = std::getenv("NTK_SIMD");
    if (wanted == nullptr || *wanted == '\0') {
        std::size_t best = 0;
        while (!runs_here(kLevels[best])) ++best;
        return *kTables[best];
    }
    if (const Kernels* found = kernels_for_level(wanted)) return *found;
    const std::string value(wanted);
    for (const char* level : kLevels) {
        if (value == level) {
            throw std::invalid_argument("NTK_SIMD asks for level " + value +
                                        ", which this CPU or operating system does not support; unset it or use " +
                                        *std::rbegin(kLevels) + ".");
        }
    }
    throw std::invalid_argument("NTK_SIMD must be " + names() + ", not '" + value + "'.");
}

const Kernels& kernels() {
    static const Kernels& chosen = choose();
    return chosen;
}

}  // namespace ntk
