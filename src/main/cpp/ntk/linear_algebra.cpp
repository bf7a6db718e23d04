#include <lapacke.h>

#include <stdexcept>
#include <string>

#include "ntk/checks.h"
#include "ntk/ntk_core.h"

// A row-major lower triangle is a column-major upper one, and row k is column k: LAPACK gets 'U' and nothing is transposed.

namespace ntk {
namespace {

lapack_int checked_order(int64_t n) {
    // n^2 must fit the 32-bit index of this LAPACK.
    if (n < 1 || n > 46340) {
        throw std::invalid_argument("A matrix must have between 1 and 46340 rows, not " + std::to_string(n) + ".");
    }
    return static_cast<lapack_int>(n);
}

void require_valid_call(lapack_int info, const char* routine) {
    if (info < 0) {
        throw std::runtime_error(std::string("LAPACK's ") + routine + " refused argument " + std::to_string(-info) +
                                 ".");
    }
}

}  // namespace

void symmetric_eigen(int64_t n, std::span<double> matrix, std::span<double> values) {
    const lapack_int order = checked_order(n);
    require_room(matrix, n * n, "matrix");
    require_room(values, n, "eigenvalues");
    const lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'U', order, matrix.data(), order, values.data());
    require_valid_call(info, "dsyevd");
    if (info > 0) throw std::runtime_error("LAPACK's dsyevd did not converge.");
}

bool cholesky_factor(int64_t n, std::span<double> matrix) {
    const lapack_int order = checked_order(n);
    require_room(matrix, n * n, "matrix");
    const lapack_int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', order, matrix.data(), order);
    require_valid_call(info, "dpotrf");
    return info == 0;
}

void cholesky_solve(int64_t n, std::span<const double> factor, int64_t count, std::span<double> rows) {
    const lapack_int order = checked_order(n);
    require_room(factor, n * n, "Cholesky factor");
    require_range(0, count, INT32_MAX, "right-hand sides");
    if (count == 0) return;
    require_room(rows, count * n, "right-hand sides");
    const lapack_int info =
        LAPACKE_dpotrs(LAPACK_COL_MAJOR, 'U', order, static_cast<lapack_int>(count), factor.data(), order,
                       rows.data(), order);
    require_valid_call(info, "dpotrs");
}

double cholesky_reciprocal_condition(int64_t n, std::span<const double> factor, double norm1) {
    const lapack_int order = checked_order(n);
    require_room(factor, n * n, "Cholesky factor");
    double reciprocal = 0;
    const lapack_int info = LAPACKE_dpocon(LAPACK_COL_MAJOR, 'U', order, factor.data(), order, norm1, &reciprocal);
    require_valid_call(info, "dpocon");
    return reciprocal;
}

}  // namespace ntk
