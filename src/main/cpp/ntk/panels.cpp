#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "ntk/checks.h"
#include "ntk/element_type.h"
#include "ntk/ntk_core.h"
#include "ntk/products.h"

// Sums of a factorisation are kept with the opposite sign, -a + sum u u, so that they are plain products added to what is
// there. Rounding to nearest knows no sign: the bits are those of a - sum u u.

namespace ntk {
namespace {

// Rows that are factored or solved together: the rows above act on them in one product.
constexpr int64_t kRowsAtOnce = 16;

// Rows first, first + 1, … of a panel, checked.
template <class T>
Rows<T> rows_of(const Panel& panel, int64_t first, int64_t count, const char* what) {
    require_range(0, panel.rows, what);
    require_range(0, panel.columns, what);
    require_range(first, count, panel.rows, what);
    T* data = numbers<T>(panel.numbers, product(panel.rows, panel.columns), what);
    return {data + first * panel.columns, panel.columns};
}

void require_same(bool same, const char* what) {
    if (!same) throw std::invalid_argument(std::string("Panels that are multiplied must have the same ") + what + ".");
}

// The product and the solves of one type, on rows that have been checked.
template <class T>
struct Tiles {
    // -row / pivot
    static void divide(T* row, int64_t count, T pivot) {
        for (int64_t j = 0; j < count; j++) row[j] /= -pivot;
    }

    // Row r of x += (column r of u in the rows from, from + 1, … above it)^T times these rows of x.
    static void add_above(Rows<T> u, int64_t r, int64_t count, int64_t from, int64_t end, Rows<T> x, int64_t columns) {
        const Rows<T> target{x.data + r * x.stride, x.stride};
        products().of<T>().multiply_tn(count, columns, end - from, Rows<T>{u.data + from * u.stride + r, u.stride},
                                       Rows<T>{x.data + from * x.stride, x.stride}, target, target);
    }

    static int64_t factor(int64_t n, Rows<T> u) {
        for (int64_t begin = 0; begin < n; begin += kRowsAtOnce) {
            const int64_t end = std::min(n, begin + kRowsAtOnce);
            const Rows<T> right{u.data + begin, u.stride};
            add_above(u, begin, end - begin, 0, begin, right, n - begin);
            for (int64_t r = begin; r < end; r++) {
                add_above(u, r, 1, begin, r, {u.data + r, u.stride}, n - r);
                T* row = u.data + r * u.stride;
                const T pivot = -row[r];
                if (!(pivot > 0) || std::isinf(pivot)) return r;
                row[r] = std::sqrt(pivot);
                divide(row + r + 1, n - r - 1, row[r]);
            }
        }
        return n;
    }

    static void solve_transposed(int64_t n, Rows<T> u, Rows<T> x, int64_t columns) {
        for (int64_t begin = 0; begin < n; begin += kRowsAtOnce) {
            const int64_t end = std::min(n, begin + kRowsAtOnce);
            add_above(u, begin, end - begin, 0, begin, x, columns);
            for (int64_t r = begin; r < end; r++) {
                add_above(u, r, 1, begin, r, x, columns);
                divide(x.data + r * x.stride, columns, u.data[r * u.stride + r]);
            }
        }
    }

    static void solve(int64_t n, Rows<T> u, Rows<T> x, int64_t columns) {
        for (int64_t r = n - 1; r >= 0; r--) {
            const Rows<T> target{x.data + r * x.stride, x.stride};
            products().of<T>().multiply_nn(1, columns, n - r - 1, Rows<T>{u.data + r * u.stride + r + 1, u.stride},
                                           Rows<T>{target.data + x.stride, x.stride}, target, target);
            divide(target.data, columns, u.data[r * u.stride + r]);
        }
    }
};

}  // namespace

void add_product(const Panel& a, int64_t first_a, bool transposed, const Panel& b, int64_t first_b, const Panel& c,
                 int64_t first_c, int64_t m, int64_t k) {
    require_same(a.type == b.type && b.type == c.type, "element type");
    require_same(b.columns == c.columns, "number of columns");
    require_range(0, transposed ? m : k, a.columns, "columns of the left factor");
    with_element_type(c.type, [&](auto type) {
        using T = decltype(type);
        const Rows<T> left = rows_of<T>(a, first_a, transposed ? k : m, "rows of the left factor");
        const Rows<T> right = rows_of<T>(b, first_b, k, "rows of the right factor");
        const Rows<T> target = rows_of<T>(c, first_c, m, "rows of the product");
        const auto multiply = transposed ? products().of<T>().multiply_tn : products().of<T>().multiply_nn;
        multiply(m, c.columns, k, left, right, target, target);
    });
}

int64_t factor_triangle(const Panel& u, int64_t first, int64_t n) {
    int64_t row = 0;
    require_range(0, n, u.columns, "columns of the triangle");
    with_element_type(u.type, [&](auto type) {
        using T = decltype(type);
        row = Tiles<T>::factor(n, rows_of<T>(u, first, n, "rows of the triangle"));
    });
    return row;
}

void solve_triangle(const Panel& u, int64_t first, int64_t n, bool transposed, const Panel& x, int64_t first_x) {
    require_same(u.type == x.type, "element type");
    require_range(0, n, u.columns, "columns of the triangle");
    with_element_type(u.type, [&](auto type) {
        using T = decltype(type);
        const Rows<T> triangle = rows_of<T>(u, first, n, "rows of the triangle");
        const Rows<T> right = rows_of<T>(x, first_x, n, "rows of the right-hand sides");
        (transposed ? Tiles<T>::solve_transposed : Tiles<T>::solve)(n, triangle, right, x.columns);
    });
}

}  // namespace ntk
