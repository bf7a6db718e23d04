#include <cblas.h>

#include <string>

#include "ntk/kernels.h"
#include "ntk/ntk_core.h"
#include "ntk/products.h"

namespace ntk {

int abi_version() { return 11; }

int block_size() { return 64; }

const char* simd_level() { return kernels().level; }

const char* products_name() { return products().name; }

const char* blas_description() {
    static const std::string text = std::string(openblas_get_config()) + " core " + openblas_get_corename();
    return text.c_str();
}

void prepare_blas() { openblas_set_num_threads(1); }

}  // namespace ntk
