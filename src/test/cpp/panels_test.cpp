// Panels: factorisation and solution by tiles have the bits of the formulas in ntk_core.h, spelt out number by number.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "buffers.h"
#include "ntk/ntk_core.h"

namespace ntk::test {
namespace {

/// Without OpenBLAS's products: these have the bits of no formula.
bool own_products() { return std::string(products_name()) == "own"; }

template <class T>
std::vector<T> random_numbers(int64_t count, uint64_t seed) {
    std::vector<T> numbers(count);
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    for (T& x : numbers) x = static_cast<T>(normal(engine));
    return numbers;
}

template <class T>
Panel panel(int64_t rows, int64_t columns, std::vector<T>& numbers) {
    return {kElementType<T>, rows, columns, bytes(numbers)};
}

template <class T>
void expect_same(const std::vector<T>& actual, const std::vector<T>& expected, const std::string& where) {
    ASSERT_EQ(actual.size(), expected.size());
    for (size_t i = 0; i < actual.size(); i++) {
        ASSERT_EQ(std::memcmp(&actual[i], &expected[i], sizeof(T)), 0)
            << where << ", number " << i << ": " << actual[i] << ", not " << expected[i];
    }
}

/// Diagonally dominant, n x n.
template <class T>
std::vector<T> positive_definite(int64_t n) {
    std::vector<T> a = random_numbers<T>(n * n, 7);
    for (int64_t i = 0; i < n; i++) {
        a[i * n + i] = T(4 * n);
        for (int64_t j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
    }
    return a;
}

/// U of A = U^T U, from the formula.
template <class T>
std::vector<T> naive_factor(int64_t n, const std::vector<T>& a) {
    std::vector<T> u(n * n, T(0));
    for (int64_t r = 0; r < n; r++) {
        for (int64_t j = r; j < n; j++) {
            T sum = a[r * n + j];
            for (int64_t q = 0; q < r; q++) sum = std::fma(-u[q * n + r], u[q * n + j], sum);
            u[r * n + j] = j == r ? std::sqrt(sum) : sum / u[r * n + r];
        }
    }
    return u;
}

template <class T>
void factors_and_solves(int64_t n, int64_t edge, int64_t columns) {
    const std::string where = std::to_string(n) + " in tiles of " + std::to_string(edge);
    const std::vector<T> a = positive_definite<T>(n);
    const std::vector<T> expected = naive_factor(n, a);
    // Block column i of U: its first rows.
    const int64_t count = (n + edge - 1) / edge;
    std::vector<std::vector<T>> numbers(count);
    std::vector<Panel> u;
    for (int64_t i = 0; i < count; i++) {
        const int64_t first = i * edge, end = std::min(n, first + edge);
        for (int64_t r = 0; r < end; r++) {
            for (int64_t j = first; j < end; j++) numbers[i].push_back(-a[r * n + j]);
        }
        u.push_back(panel(end, end - first, numbers[i]));
    }
    for (int64_t k = 0; k < count; k++) {
        const int64_t first = k * edge, rows = std::min(edge, n - first);
        ASSERT_EQ(factor_triangle(u[k], first, rows), rows) << where;
        for (int64_t i = k + 1; i < count; i++) solve_triangle(u[k], first, rows, true, u[i], first);
        for (int64_t j = k + 1; j < count; j++) {
            for (int64_t i = j; i < count; i++) {
                add_product(u[j], first, true, u[i], first, u[i], j * edge, std::min(edge, n - j * edge), rows);
            }
        }
    }
    std::vector<T> factor(n * n, T(0));
    for (int64_t j = 0; j < n; j++) {
        const Panel& p = u[j / edge];
        for (int64_t r = 0; r <= j; r++) factor[r * n + j] = numbers[j / edge][r * p.columns + j % edge];
    }
    expect_same(factor, expected, where);

    const std::vector<T> b = random_numbers<T>(n * columns, 8);
    std::vector<T> x(b.size()), forward(b.size());
    for (size_t i = 0; i < b.size(); i++) x[i] = -b[i];
    const Panel right = panel(n, columns, x);
    for (int64_t k = 0; k < count; k++) {
        const int64_t first = k * edge, rows = std::min(edge, n - first);
        solve_triangle(u[k], first, rows, true, right, first);
        for (int64_t j = k + 1; j < count; j++) {
            add_product(u[j], first, true, right, first, right, j * edge, std::min(edge, n - j * edge), rows);
        }
    }
    for (int64_t c = 0; c < columns; c++) {
        for (int64_t r = 0; r < n; r++) {
            T sum = b[r * columns + c];
            for (int64_t q = 0; q < r; q++) sum = std::fma(-expected[q * n + r], forward[q * columns + c], sum);
            forward[r * columns + c] = sum / expected[r * n + r];
        }
    }
    expect_same(x, forward, where + ", forwards");

    for (T& number : x) number = -number;
    for (int64_t k = count - 1; k >= 0; k--) {
        const int64_t first = k * edge, rows = std::min(edge, n - first);
        solve_triangle(u[k], first, rows, false, right, first);
        for (int64_t j = 0; j < k; j++) add_product(u[k], j * edge, false, right, first, right, j * edge, edge, rows);
    }
    std::vector<T> backward(b.size());
    for (int64_t c = 0; c < columns; c++) {
        for (int64_t r = n - 1; r >= 0; r--) {
            T sum = forward[r * columns + c];
            for (int64_t k = count - 1; k >= r / edge; k--) {
                for (int64_t q = std::max(r + 1, k * edge); q < std::min(n, (k + 1) * edge); q++) {
                    sum = std::fma(-expected[r * n + q], backward[q * columns + c], sum);
                }
            }
            backward[r * columns + c] = sum / expected[r * n + r];
        }
    }
    expect_same(x, backward, where + ", backwards");
}

TEST(Panels, FactorAndSolveAsTheFormulasSay) {
    if (!own_products()) GTEST_SKIP() << "OpenBLAS sums in an order of its own";
    for (int64_t n : {1, 2, 15, 16, 17, 33, 64, 100}) {
        for (int64_t edge : {5, 16, 40, 128}) {
            for (int64_t columns : {1, 3, 10}) {
                factors_and_solves<float>(n, edge, columns);
                factors_and_solves<double>(n, edge, columns);
            }
        }
    }
}

template <class T>
void multiplies(bool transposed) {
    const int64_t m = 9, k = 6, columns = 5;
    // One row and one column more than take part, on every side.
    std::vector<T> a = random_numbers<T>((std::max(m, k) + 2) * (std::max(m, k) + 1), 1);
    std::vector<T> b = random_numbers<T>((k + 2) * columns, 2), c = random_numbers<T>((m + 2) * columns, 3);
    const Panel left = panel(std::max(m, k) + 2, std::max(m, k) + 1, a);
    std::vector<T> expected = c;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < columns; j++) {
            T& sum = expected[(i + 1) * columns + j];
            for (int64_t p = 0; p < k; p++) {
                const T factor = transposed ? a[(p + 1) * left.columns + i] : a[(i + 1) * left.columns + p];
                sum = std::fma(factor, b[(p + 1) * columns + j], sum);
            }
        }
    }
    add_product(left, 1, transposed, panel(k + 2, columns, b), 1, panel(m + 2, columns, c), 1, m, k);
    expect_same(c, expected, transposed ? "A^T B" : "A B");
}

TEST(Panels, MultiplyRowsThatAreAsked) {
    if (!own_products()) GTEST_SKIP() << "OpenBLAS sums in an order of its own";
    for (bool transposed : {false, true}) {
        multiplies<float>(transposed);
        multiplies<double>(transposed);
    }
}

TEST(Panels, APivotThatIsNotPositiveIsNamed) {
    for (const double pivot : {-1.0, 0.0, std::nan(""), HUGE_VAL}) {
        std::vector<double> a{-4, -2, -2, 0, -1 - pivot, -1, 0, 0, -9};
        EXPECT_EQ(factor_triangle(panel(3, 3, a), 0, 3), 1) << pivot;
        const double left = -a[4];
        EXPECT_EQ(std::memcmp(&left, &pivot, sizeof(double)) == 0 || (std::isnan(left) && std::isnan(pivot)) || left == pivot,
                  true);
    }
}

}  // namespace
}  // namespace ntk::test
