#pragma once

// The narrow interface of the native core: free functions over the caller's memory. The core is stateless and re-entrant:
// a function may run on any number of threads at once as long as the ranges that they write are disjoint. Structs and
// spans are views; the caller owns what they point at, which must outlive the call. Matrices are row-major. Every
// function validates its arguments and throws std::invalid_argument (with a full sentence) before it touches memory.
//
// The arithmetic contract: with products of our own every number below, but for those of LAPACK, has the same bits on every
// processor, at every SIMD level and in the pure-Java backend, however the work is spread over calls. For that,
//   - a sum over k in a matrix product is acc = fma(a_k, b_k, acc) in the order of k, in the element type, from 0 or from
//     what the product is added to: h^l from b^l, W^l + D^T X from W^l in the order of the inputs;
//   - where the whole problem has one input, W x is summed in lanes instead, and so are |x|^2 and |delta|^2 (products.h);
//     W^T delta is not;
//   - everything else is +, -, *, /, sqrt and comparisons in a fixed order without contraction, in the element type where
//     double is not named, and what is elementary is made of these (simd/elementary.h).

#include <cstddef>
#include <cstdint>
#include <span>

#include "ntk/network.h"

namespace ntk {

// Changes whenever a signature, a struct or a buffer layout below changes; the Java binding refuses another one.
int abi_version();

// The SIMD level of the elementwise kernels: "v1", "v3" or "v4" on x86-64, "neon" on aarch64.
const char* simd_level();

// "own" for products of our own or "blas" for those of OpenBLAS: what the environment variable NTK_PRODUCTS says, "own" if
// it does not say. With "blas" the contract above does not hold: OpenBLAS sums differently on each processor.
const char* products_name();

// OpenBLAS's own description of its build and of the kernels that it chose for this processor.
const char* blas_description();

// Makes BLAS single-threaded for the whole process. Call once after loading: parallelism belongs to the caller.
void prepare_blas();

// Asks the operating system for huge pages where memory, not yet written, holds whole ones: a network's passes walk over
// megabytes again and again. Without effect where there are none.
void prefer_huge_pages(std::span<std::byte> memory);

// Inputs are worked on in blocks of this many, the last one perhaps of fewer; kernel tiles have this edge. Results do not depend on how
// blocks and tiles are spread over calls, so they are bit-identical for every number of threads.
int block_size();

// The type of a batch's numbers. Buffers of that type are spans of bytes: a function reads them as what the batch says.
enum ElementType : int { kF32 = 0, kF64 = 1 };

// Networks of one kind on the same S inputs, with what their passes leave. B networks lie one behind the other, each with
// the stride given here. A function needs the buffers that it names; the others may be empty.
//
// States (activations, derivatives, deltas) of a layer lie block by block of block_size() inputs, the last one perhaps of
// fewer: n_l x rows, a unit's numbers at the block's inputs side by side. Ranges of inputs are whole blocks.
//
// Deltas are kept for D directions v_d in the space of the K = n_L outputs. Kernels are R x C: all inputs with themselves,
// or, if `columns` is positive, the first S - columns of them with the last. There is one for each direction, or, with
// `pairs`, one for each pair (d, e), number d D + e; N in all.
struct Batch {
    ElementType type = kF64;
    int64_t inputs = 0;                     // S
    int64_t directions = 1;                 // D
    bool pairs = false;
    int64_t columns = 0;
    std::span<const std::byte> x0 = {};     // S x n_0, shared by all networks
    std::span<std::byte> input_gram = {};   // x0 x0^T: R x C, shared by all networks
    std::span<std::byte> parameters = {};   // [W^1, b^1, …, W^L, b^L], W^l: n_l x n_{l-1}         stride P
    std::span<std::byte> activations = {};  // x^1, …, x^{L-1}, S n_l numbers each                 stride S H
    std::span<std::byte> derivatives = {};  // phi'(h^l); the same memory as deltas where D = 1    stride S H
    std::span<std::byte> deltas = {};       // delta^l = v_d . df/dh^l, one direction's S H numbers after the other's
                                            //                                                     stride D S H
    std::span<std::byte> scratch = {};      // for backward and the target of add_gradient         stride S max_hidden_width
    std::span<std::byte> outputs = {};      // f(x_s), S x K                                       stride S K
    std::span<double> theta = {};           // the kernels, double in every element type           stride N R C
};

// Draws the parameters of networks [first_network, first_network + networks) as RandomNetwork says; network
// first_network + i gets stream first_stream + i, whose numbers depend on key and stream alone. The stream is canonical
// in double; f32 parameters are rounded from it.
void initialize(const Network& network, const Batch& batch, double sigma_w2, double sigma_b2, int64_t key,
                int64_t first_stream, int64_t first_network, int64_t networks);

// input_gram from x0; a square one has both halves.
void input_gram(const Network& network, const Batch& batch);

// h^l = W^l x^{l-1} + b^l, x^l = phi(h^l), f = h^L. Writes activations, derivatives and outputs, for networks
// [first_network, first_network + networks) and inputs [first_input, first_input + input_count).
void forward(const Network& network, const Batch& batch, int64_t first_network, int64_t networks, int64_t first_input,
             int64_t input_count);

// delta^L = v_d, delta^l = phi'(h^l) o (W^{l+1}^T delta^{l+1}), for the same ranges. Where derivatives are the same memory
// as deltas, it works in place over phi'.
//   directions   v_0, v_1, …, at most D of them, K numbers each
void backward(const Network& network, const Batch& batch, std::span<const double> directions, int64_t first_network,
              int64_t networks, int64_t first_input, int64_t input_count);

// Theta_de = sum_l (D_{l,d} D_{l,e}^T) o (alpha_l X_{l-1} X_{l-1}^T + beta_l), D_{L,d} = v_d for all inputs. Products are
// formed in the element type, the sum over layers in double. Tiles of block_size^2 entries count (0,0), (1,0), (1,1),
// (2,0), … in the lower triangle of square kernels, and are mirrored into the upper one; in others row by row.
//   directions     those of backward
//   alpha, beta    of weights and biases, L numbers each; a layer for which both are 0 takes no part
//   scratch        2 block_size^2 numbers of the element type, private to this call
void ntk_gram(const Network& network, const Batch& batch, std::span<const double> directions,
              std::span<const double> alpha, std::span<const double> beta, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<std::byte> scratch);

// The same between inputs of two batches, for the first network of each, which is the same one: Theta_de of inputs [first_row,
// first_row + row_count) of rows with [first_column, first_column + column_count) of columns, the bits of ntk_gram for a batch
// of all these inputs. Writes block (d, e), row_count x column_count, for every d = e or, if pairs, for every d and e, one
// after the other. Of the batches it reads x0, activations and deltas.
//   scratch        (L + 1) row_count column_count numbers of the element type, private to this call
void cross_gram(const Network& network, const Batch& rows, const Batch& columns, std::span<const double> directions,
                std::span<const double> alpha, std::span<const double> beta, bool pairs, int64_t first_row,
                int64_t row_count, int64_t first_column, int64_t column_count, std::span<std::byte> scratch,
                std::span<double> theta);

// parameters of one network of target += J^T c, where row s of J is v . df(x_s)/dw of that network of source, for direction
// number d = v of its backward pass: W^l += (D_l diag c)^T X_{l-1}, b^l += D_l^T c, with v in each row of D_L. c: S numbers,
// double in every element type. source and target have the same type and inputs and may be the same batch.
void add_gradient(const Network& network, const Batch& source, int64_t index, int64_t direction,
                  std::span<const double> v, std::span<const double> c, const Batch& target);

// J u for inputs [first_input, first_input + input_count): the derivatives of v . f along the parameters u of the network of
// that number of along, sum_l delta^l_s . (U^l x^{l-1}_s + u^l), products in the element type, their sum over units and layers
// in double. Writes those numbers of target, which has room for S.
void derivatives(const Network& network, const Batch& source, int64_t index, int64_t direction, std::span<const double> v,
                 const Batch& along, int64_t first_input, int64_t input_count, std::span<double> target);

// What networks descend on.
struct TrainingData {
    ElementType type = kF64;               // of x0 and of the parameters and scratch space that descend is given
    int64_t inputs = 0;                    // S
    std::span<const std::byte> x0 = {};    // S x n_0
    std::span<const double> targets = {};  // y: S x n_L; for kCrossEntropy each row a distribution
};

// f: n_L numbers for each of B inputs.
enum Loss : int {
    kSquaredError = 0,  // loss_factor/(2B) sum_s |f_s - y_s|^2
    kCrossEntropy = 1,  // loss_factor/B sum_s -y_s . log softmax(f_s)
};

// What a step does with the gradient g of the loss of its inputs, t = 1 for the first one; m = v = 0 before it.
enum OptimizerKind : int {
    kGradientDescent = 0,  // w -= learning_rate g
    kMomentum = 1,         // m = momentum m + g, w -= learning_rate m
    kAdam = 2,             // m = momentum m + (1 - momentum) g, v = second_momentum v + (1 - second_momentum) g^2,
                           // w -= learning_rate/(1 - momentum^t) m/(sqrt(v/(1 - second_momentum^t)) + epsilon)
};

// How a descent goes and when it ends. A step sees `batch` inputs, 0 for all S: in every epoch each once, epoch e in the
// order that a permutation of its own says (batch_order.h), with fewer in its last step if S is no multiple. A step's
// loss is that of its inputs before it; an epoch's loss is the mean of its inputs' losses, which is loss_t if a step sees
// all. A descent ends at the first loss that is not finite; when patience epochs' losses in a row are not below
// best - min_decrease (one that is becomes the new best), before the last of their steps; or after max_steps updates.
struct DescentRule {
    double learning_rate = 0;
    double loss_factor = 1;
    double min_decrease = 0;
    int64_t patience = 1;
    int64_t max_steps = 0;
    Loss loss = kSquaredError;
    OptimizerKind optimizer = kGradientDescent;
    double momentum = 0;
    double second_momentum = 0;
    double epsilon = 0;
    int64_t batch = 0;
    int64_t order_key = 0;  // of the permutations
};

enum DescentStatus : int { kRunning = 0, kEarlyStop = 1, kMaxSteps = 2, kDiverged = 3 };

// Where a descent stands, apart from its numbers for each parameter. The initial values are those before the first loss.
struct DescentState {
    int64_t step = 0;    // t
    DescentStatus status = kRunning;
    double best = __builtin_inf();
    int64_t waited = 0;  // losses since the best
    double least_loss = __builtin_inf();
    double last_loss = __builtin_nan("");
    double epoch_sum = 0;  // of the losses of the inputs that the present epoch has seen
};

// A descent's numbers for each of the P parameters.
struct DescentNumbers {
    std::span<std::byte> parameters = {};
    std::span<std::byte> pending = {};  // f32: P numbers, the part of the weights that float cannot hold (the network that is
                                        // evaluated has the float ones); f64: empty
    std::span<std::byte> moments = {};  // kMomentum: m; kAdam: m, then v; else empty. 0 before the first step
};

// Descends with one network from step state.step until step `until`, or until it ends.
//   scratch      descent_scratch numbers, private to this call
//   losses       of each epoch that is completed, where its last step is taken as well; at the end one more, that of all
//                inputs with the weights of the end (if it diverged, the one that is not finite). Each loss is seen by the
//                rule once: where a step sees all inputs that of step `until` belongs to the next call, unless
//                until = max_steps. Room for until/e - t/e + 1 losses, e = ceil(S/batch) the steps of an epoch
int64_t descent_scratch(const Network& network, int64_t inputs, const DescentRule& rule);
void descend(const Network& network, const TrainingData& data, const DescentRule& rule, int64_t until,
             std::span<std::byte> scratch, const DescentNumbers& numbers, DescentState& state, std::span<double> losses);

// The loss of all inputs with the present parameters, which is what `losses` ends with.
double descent_loss(const Network& network, const TrainingData& data, const DescentRule& rule, std::span<std::byte> scratch,
                    std::span<const std::byte> parameters);

// The samplers below draw Theta and f at initialisation without drawing weights (theory 12), exactly in distribution and
// always in double. Draw i depends on (key, i) alone.
//   scratch   as many numbers as the function before says, private to the call

// What one call of a sampler writes, draw first_draw first. Theta of draw i is theta 2^exponents[i].
struct KernelDraws {
    std::span<double> theta = {};      // S x S for each draw
    std::span<double> exponents = {};  // one for each draw; conditional_draws needs none
    std::span<double> outputs = {};    // f: S for each draw
};

// One input, any activation: O(n_1 + … + n_{L-1}) a draw.
int64_t chain_scratch(const Network& network);
void chain_draws(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_draw, int64_t draws,
                 std::span<double> scratch, const KernelDraws& target);

// One input, ReLU, which the network's activation must be: O(L) a draw.
int64_t relu_chain_scratch(const Network& network);
void relu_chain_draws(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_draw, int64_t draws,
                      std::span<double> scratch, const KernelDraws& target);

// S inputs (x0: S x n_0), any activation: O(L M S^2) a draw.
int64_t conditional_scratch(const Network& network, int64_t inputs);
void conditional_draws(const RandomNetwork& network, int64_t inputs, std::span<const double> x0, int64_t key,
                       int64_t first_draw, int64_t draws, std::span<double> scratch, const KernelDraws& target);

// Particles of the Rao-Blackwell and sequential Monte Carlo estimators: the forward pass of one input with the moments
// of Theta given it. Columns may be moved freely.
struct Particles {
    int64_t count = 0;               // how many a call works on
    int64_t stride = 0;              // numbers in a row, at least count
    std::span<double> state = {};    // 9 rows, a column for each particle
    std::span<double> moments = {};  // rows [E Theta, its exponent, E Theta^2, its exponent] of the network that ends with a
                                     // linear output above the last layer; after layer L - 1 those of Theta given forward
};

// Puts particles at the input.
void start_particles(const RandomNetwork& network, double input_norm2, const Particles& particles);

// Takes particles through hidden layers first_layer … last_layer; particle i draws from stream first_stream + i.
int64_t moment_scratch(const Network& network);
void advance_particles(const RandomNetwork& network, double input_norm2, int64_t key, int64_t first_stream,
                       int first_layer, int last_layer, std::span<double> scratch, const Particles& particles);

// Dense symmetric matrices, n x n; only the lower triangle is read. All in double, by LAPACK.

// matrix is replaced by the orthonormal eigenvectors, row k that of values[k]; values ascend. Throws std::runtime_error if
// the iteration does not converge.
void symmetric_eigen(int64_t n, std::span<double> matrix, std::span<double> values);

// Replaces the lower triangle by the factor C of matrix = C C^T (the upper one keeps what it held). Returns whether the
// matrix is positive definite; if not, its contents are undefined.
bool cholesky_factor(int64_t n, std::span<double> matrix);

// Solves (C C^T) x = b for count right-hand sides, each a row of rows (count x n), in place.
void cholesky_solve(int64_t n, std::span<const double> factor, int64_t count, std::span<double> rows);

// Estimate of 1 / (|A|_1 |A^-1|_1) from the factor and norm1 = |A|_1.
double cholesky_reciprocal_condition(int64_t n, std::span<const double> factor, double norm1);

// A row-major matrix of which large solvers are made, in the contract above: all sums are fma in the order that is said.
struct Panel {
    ElementType type = kF64;
    int64_t rows = 0;
    int64_t columns = 0;
    std::span<std::byte> numbers = {};
};

// Rows [first_c, first_c + m) of C += the rows of A from first_a on, their first k columns, times rows [first_b, first_b + k)
// of B; or, transposed, += A^T B with k rows and the first m columns of A. The sums go on in the order of k. C may share a
// panel with A and B, but no rows.
void add_product(const Panel& a, int64_t first_a, bool transposed, const Panel& b, int64_t first_b, const Panel& c,
                 int64_t first_c, int64_t m, int64_t k);

// Rows [first, first + n), their first n columns: replaces the upper triangle of -A by U, A = U^T U,
//   u_rr = sqrt(a_rr - sum_q u_qr^2), u_rj = (a_rj - sum_q u_qr u_qj) / u_rr, q = 0, 1, … r - 1.
// What is below the diagonal afterwards is not defined. Returns n, or the first row whose pivot, u_rr^2, is not a positive
// number; minus that pivot is on its diagonal then.
int64_t factor_triangle(const Panel& u, int64_t first, int64_t n);

// For that triangle U and the n rows of x from first_x on: replaces -b by the solution of U x = b,
//   x_r = (b_r - sum_q u_rq x_q) / u_rr, q = r + 1, … n - 1; or, transposed, of U^T x = b, q = 0, 1, … r - 1.
void solve_triangle(const Panel& u, int64_t first, int64_t n, bool transposed, const Panel& x, int64_t first_x);

}  // namespace ntk
