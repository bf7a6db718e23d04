#include <cblas.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cstdint>
#include <string>

#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/products.h"

namespace ntk {

int abi_version() { return 14; }

int block_size() { return 64; }

const char* simd_level() { return kernels().level; }

const char* products_name() { return products().name; }

const char* blas_description() {
    static const std::string text = std::string(openblas_get_config()) + " core " + openblas_get_corename();
    return text.c_str();
}

void prefer_huge_pages([[maybe_unused]] std::span<std::byte> memory) {
#ifdef __linux__
    constexpr std::uintptr_t page = 1 << 21;
    const auto begin = reinterpret_cast<std::uintptr_t>(memory.data());
    const std::uintptr_t first = (begin + page - 1) / page * page;
    const std::uintptr_t end = (begin + memory.size()) / page * page;
    // A refusal changes nothing but time.
    if (first < end) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
#endif
}

void prepare_blas() { openblas_set_num_threads(1); }

}  // namespace ntk
