// The contract of products.h: our own products have the bits of the naive sums at every SIMD level, OpenBLAS's are equal to
// rounding, and nothing but C is written, nothing beyond the matrices read.
#include "ntk/products.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "ntk/kernels.h"
#include "set_environment.h"

namespace ntk::test {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

/// A matrix whose rows end in numbers that nobody may read or write.
template <class T>
struct Matrix {
    int64_t rows, columns, stride;
    std::vector<T> numbers;

    Matrix(int64_t rows, int64_t columns, int64_t gap, uint64_t seed) : rows(rows), columns(columns), stride(columns + gap) {
        numbers.assign(rows * stride, T(kNothing));
        std::mt19937_64 engine(seed);
        std::normal_distribution<double> normal;
        for (int64_t i = 0; i < rows; ++i) {
            for (int64_t j = 0; j < columns; ++j) at(i, j) = static_cast<T>(normal(engine));
        }
        // The last row ends where the memory does.
        numbers.resize(std::max<int64_t>(0, rows * stride - gap));
    }

    T& at(int64_t i, int64_t j) { return numbers[i * stride + j]; }
    T at(int64_t i, int64_t j) const { return numbers[i * stride + j]; }
    operator Rows<T>() { return {numbers.data(), stride}; }
    operator Rows<const T>() const { return {numbers.data(), stride}; }
};

enum class From { kZero, kItself, kOneRow, kMatrix, kOneColumn };

class ProductsContract : public testing::TestWithParam<const char*> {
protected:
    /// Null where this CPU cannot run them.
    const Products* subject() const {
        if (std::string("blas") == GetParam()) return &blas_products();
        const Kernels* level = kernels_for_level(GetParam());
        return level == nullptr ? nullptr : &level->products;
    }

    /// Equal bits, or for OpenBLAS equal to rounding of a sum of so many terms of size 1.
    template <class T>
    void expect_equal(T actual, T expected, int64_t terms, const std::string& where) const {
        if (std::string("blas") == GetParam()) {
            const double tolerance = 8 * std::numeric_limits<T>::epsilon() * std::sqrt(terms + 1.0) * (terms + 1);
            ASSERT_NEAR(actual, expected, tolerance) << where;
        } else {
            ASSERT_EQ(std::memcmp(&actual, &expected, sizeof(T)), 0) << where << ": " << actual << ", not " << expected;
        }
    }

    template <class T>
    void multiply(int64_t m, int64_t n, int64_t k, int64_t gap, From start);

    template <class T>
    void reduce(int64_t m, int64_t k, int64_t gap);
};

std::string sizes(const char* form, int64_t m, int64_t n, int64_t k) {
    return std::string(form) + " " + std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k);
}

template <class T>
void ProductsContract::multiply(int64_t m, int64_t n, int64_t k, int64_t gap, From start) {
    const ElementProducts<T>& products = subject()->of<T>();
    const Matrix<T> a(m, k, gap, 1), b(k, n, gap, 2), row(1, n, 0, 3), column(m, 1, gap, 6), matrix(m, n, gap + 2, 4);
    Matrix<T> a_transposed(k, m, gap, 0), b_transposed(n, k, gap, 0);
    for (int64_t p = 0; p < k; ++p) {
        for (int64_t i = 0; i < m; ++i) a_transposed.at(p, i) = a.at(i, p);
        for (int64_t j = 0; j < n; ++j) b_transposed.at(j, p) = b.at(p, j);
    }
    const Matrix<T> before(m, n, gap, 5);
    Matrix<T> expected = before;
    for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            T sum = start == From::kZero     ? T(0)
                    : start == From::kOneRow ? row.at(0, j)
                    : start == From::kOneColumn ? column.at(i, 0)
                    : start == From::kMatrix ? matrix.at(i, j)
                                             : before.at(i, j);
            for (int64_t p = 0; p < k; ++p) sum = std::fma(a.at(i, p), b.at(p, j), sum);
            expected.at(i, j) = sum;
        }
    }
    for (const char* form : {"nn", "nt", "tn"}) {
        Matrix<T> c = before;
        const Start<T> from = start == From::kZero        ? kFromZero<T>
                              : start == From::kOneRow    ? Start<T>{row.numbers.data(), 0}
                              : start == From::kOneColumn ? Start<T>{column.numbers.data(), column.stride, 0}
                              : start == From::kMatrix    ? Start<T>{matrix.numbers.data(), matrix.stride}
                                                          : Start<T>{c.numbers.data(), c.stride};
        if (form == std::string("nn")) products.multiply_nn(m, n, k, a, b, from, c);
        if (form == std::string("nt")) products.multiply_nt(m, n, k, a, b_transposed, from, c);
        if (form == std::string("tn")) products.multiply_tn(m, n, k, a_transposed, b, from, c);
        for (int64_t i = 0; i < m; ++i) {
            for (int64_t j = 0; j < n; ++j) expect_equal(c.at(i, j), expected.at(i, j), k, sizes(form, m, n, k));
            for (int64_t j = n; j < c.stride && i + 1 < m; ++j) ASSERT_TRUE(std::isnan(c.at(i, j))) << sizes(form, m, n, k);
        }
    }
    if (m != n || start != From::kZero) return;
    for (const char* form : {"gram_nt", "gram_tn"}) {
        Matrix<T> c = before;
        if (form == std::string("gram_nt")) products.gram_nt(m, k, a, c);
        if (form == std::string("gram_tn")) products.gram_tn(m, k, a_transposed, c);
        for (int64_t i = 0; i < m; ++i) {
            for (int64_t j = 0; j <= i; ++j) {
                T sum = 0;
                for (int64_t p = 0; p < k; ++p) sum = std::fma(a.at(i, p), a.at(j, p), sum);
                expect_equal(c.at(i, j), sum, k, sizes(form, m, m, k));
            }
            for (int64_t j = m; j < c.stride && i + 1 < m; ++j) ASSERT_TRUE(std::isnan(c.at(i, j)));
        }
    }
}

/// Lane j takes k = j, j + lanes, …; neighbours are added until one is left.
template <class T>
T sum_by_lanes(int64_t n, const T* x, const T* y) {
    std::vector<T> lanes(kSumLanes<T>);
    for (int64_t k = 0; k < n; ++k) lanes[k % kSumLanes<T>] = std::fma(x[k], y[k], lanes[k % kSumLanes<T>]);
    while (lanes.size() > 1) {
        std::vector<T> sums;
        for (size_t j = 0; j < lanes.size(); j += 2) sums.push_back(lanes[j] + lanes[j + 1]);
        lanes = sums;
    }
    return lanes[0];
}

template <class T>
void ProductsContract::reduce(int64_t m, int64_t k, int64_t gap) {
    const ElementProducts<T>& products = subject()->of<T>();
    const Matrix<T> a(m, k, gap, 1), x(1, k, 0, 2), start(1, m, 0, 3);
    std::vector<T> y(m, T(kNothing)), added = start.numbers;
    products.matrix_vector(m, k, a, x.numbers.data(), nullptr, y.data());
    products.matrix_vector(m, k, a, x.numbers.data(), added.data(), added.data());
    for (int64_t i = 0; i < m; ++i) {
        const T sum = sum_by_lanes(k, a.numbers.data() + i * a.stride, x.numbers.data());
        expect_equal(y[i], sum, k, sizes("matrix times vector", m, 1, k));
        expect_equal(added[i], static_cast<T>(sum + start.numbers[i]), k, sizes("matrix times vector", m, 1, k));
        expect_equal(products.dot(k, a.numbers.data() + i * a.stride, x.numbers.data()), sum, k, sizes("dot", 1, 1, k));
    }
}

TEST_P(ProductsContract, MultipliesMatricesOfEverySize) {
    if (subject() == nullptr) GTEST_SKIP();
    for (int64_t size = 1; size <= 70; ++size) {
        const auto start = static_cast<From>(size % 5);
        for (int64_t gap : {0, 3}) {
            multiply<float>(size, 37, 5, gap, start);
            multiply<float>(5, size, 19, gap, start);
            multiply<float>(9, 33, size, gap, start);
            multiply<float>(size, size, 7, gap, From::kZero);
            multiply<double>(size, 21, 5, gap, start);
            multiply<double>(5, size, 19, gap, start);
            multiply<double>(9, 17, size, gap, start);
            multiply<double>(size, size, 7, gap, From::kZero);
        }
    }
}

TEST_P(ProductsContract, InterruptsLongSumsWithoutATrace) {
    if (subject() == nullptr) GTEST_SKIP();
    for (From start : {From::kZero, From::kItself, From::kOneRow, From::kMatrix, From::kOneColumn}) {
        for (int64_t m : {1, 3, 60, 130}) {
            for (int64_t n : {1, 35}) {
                multiply<float>(m, n, 600, 1, start);
                multiply<double>(m, n, 600, 1, start);
            }
        }
        multiply<float>(70, 70, 1030, 0, start);
        multiply<double>(70, 70, 1030, 0, start);
    }
}

TEST_P(ProductsContract, AddsNothingWhereThereIsNothing) {
    if (subject() == nullptr) GTEST_SKIP();
    for (From start : {From::kZero, From::kItself, From::kOneRow, From::kMatrix, From::kOneColumn}) {
        multiply<double>(3, 5, 0, 0, start);
        multiply<float>(20, 1, 0, 0, start);
        multiply<double>(0, 5, 3, 0, start);
        multiply<float>(5, 0, 3, 0, start);
    }
    reduce<double>(0, 3, 0);
    reduce<double>(3, 0, 0);
}

TEST_P(ProductsContract, ReducesInLanes) {
    if (subject() == nullptr) GTEST_SKIP();
    for (int64_t size = 1; size <= 70; ++size) {
        for (int64_t gap : {0, 3}) {
            reduce<float>(size, 37, gap);
            reduce<float>(19, size, gap);
            reduce<double>(size, 37, gap);
            reduce<double>(19, size, gap);
        }
    }
    reduce<float>(3, 1030, 0);
    reduce<double>(3, 1030, 0);
}

// Lanes that have no number must stay as they are: a product that underflows is -0.
TEST_P(ProductsContract, KeepsTheSignOfZero) {
    if (subject() == nullptr || std::string("blas") == GetParam()) GTEST_SKIP();
    std::vector<float> x(17, -1e-30f), y(17, 1e-30f);
    EXPECT_TRUE(std::signbit(subject()->f32.dot(17, x.data(), y.data())));
    EXPECT_FALSE(std::signbit(subject()->f32.dot(15, x.data(), y.data())));
    float c = 0;
    subject()->f32.multiply_nn(1, 1, 1, {x.data(), 1}, {y.data(), 1}, kFromZero<float>, {&c, 1});
    EXPECT_TRUE(std::signbit(c));
}

std::vector<const char*> subjects() {
    std::vector<const char*> names(kernel_levels().begin(), kernel_levels().end());
    names.push_back("blas");
    return names;
}

INSTANTIATE_TEST_SUITE_P(Subjects, ProductsContract, testing::ValuesIn(subjects()),
                         [](const auto& info) { return std::string(info.param); });

/// products() decides once per process, so each value of NTK_PRODUCTS is tried in a process of its own.
void choose_and_exit(const char* wanted) {
    set_environment("NTK_PRODUCTS", wanted);
    try {
        std::cerr << "products " << products().name << std::endl;
    } catch (const std::invalid_argument& e) {
        std::cerr << "refused: " << e.what() << std::endl;
    }
    std::exit(0);
}

TEST(ProductsDeathTest, TakesTheProductsOfTheEnvironment) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(choose_and_exit(""), testing::ExitedWithCode(0), "products own");
    EXPECT_EXIT(choose_and_exit("own"), testing::ExitedWithCode(0), "products own");
    EXPECT_EXIT(choose_and_exit("blas"), testing::ExitedWithCode(0), "products blas");
    EXPECT_EXIT(choose_and_exit("mkl"), testing::ExitedWithCode(0),
                "refused: NTK_PRODUCTS must be own or blas, not 'mkl'.");
}

}  // namespace
}  // namespace ntk::test
