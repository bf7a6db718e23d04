#pragma once

// The narrow interface of the native core: free functions over buffers and sizes. The core is stateless and re-entrant.
// Callers own every buffer; a function may run on any number of threads at once as long as the ranges that they write are
// disjoint. A buffer says how many numbers it holds. Every function validates buffers and sizes and throws
// std::invalid_argument (with a full sentence) before it touches memory.
//
// Common arguments
//   widths, depth   n_0 … n_L (depth + 1 entries, n_L = 1); depth = L counts weight layers
//   inputs          S, the number of inputs; input matrices are S x n_0, row-major
//   first_network, networks; first_input, input_count    the range that this call works on
// Common buffers; B networks lie one behind the other, each with the stride that is given here
//   parameters      [W^1, b^1, …, W^L, b^L], W^l: n_l x n_{l-1} row-major             stride P = sum_l n_l (n_{l-1} + 1)
//   activations     x^1, …, x^{L-1}, each S x n_l row-major                           stride S H, H = n_1 + … + n_{L-1}
//   deltas          phi'(h^l) after forward, delta^l = df/dh^l after backward         stride S H
//   outputs         f(x_s)                                                            stride S
//   theta           the NTK, S x S, always double                                     stride S^2

#include <cstdint>
#include <span>

namespace ntk {

// Changes whenever a signature or a buffer layout below changes; the Java binding refuses another one.
int abi_version();

// "v1", "v3" or "v4": the x86-64 micro-architecture level of the elementwise kernels.
const char* simd_level();

// OpenBLAS's own description of its build and of the kernels that it chose for this processor.
const char* blas_description();

// Makes BLAS single-threaded for the whole process. Call once after loading: parallelism belongs to the caller.
void prepare_blas();

// Inputs are worked on in blocks of at most this many rows; kernel tiles have this edge. Results do not depend on how
// blocks and tiles are spread over calls, so they are bit-identical for every number of threads.
int block_size();

// The number of tiles of the lower triangle of an S x S kernel.
int64_t ntk_tiles(int64_t inputs);

// 64-bit key of the random streams of one cell of an experiment.
int64_t random_key(int64_t seed, int64_t cell);

// Draws W^l_ij ~ N(0, sigma_w2 / n_{l-1}) and b^l_i ~ N(0, sigma_b2). Network b of the stream depends on (key, b) only.
// The stream is canonical in double; float parameters are rounded from it.
void initialize(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, int64_t key, int64_t first_stream,
                int64_t first_network, int64_t networks, std::span<double> parameters);
void initialize(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, int64_t key, int64_t first_stream,
                int64_t first_network, int64_t networks, std::span<float> parameters);

// h^l = W^l x^{l-1} + b^l, x^l = phi(h^l), f = h^L. Writes activations, phi'(h^l) into deltas, and outputs, for the given
// networks and inputs. activation_kind is an ActivationKind; a and b are its parameters.
void forward(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, std::span<const double> parameters,
             std::span<const double> x0, std::span<double> activations, std::span<double> deltas, std::span<double> outputs);
void forward(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs,
             int64_t first_network, int64_t networks, int64_t first_input, int64_t input_count, std::span<const float> parameters,
             std::span<const float> x0, std::span<float> activations, std::span<float> deltas, std::span<float> outputs);

// delta^{L-1} = phi'(h^{L-1}) o W^L^T, delta^l = phi'(h^l) o (W^{l+1}^T delta^{l+1}), in place over phi'.
// scratch: S x max hidden width for each network (stride S max n_l).
void backward(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, std::span<const double> parameters, std::span<double> deltas, std::span<double> scratch);
void backward(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_input, int64_t input_count, std::span<const float> parameters, std::span<float> deltas, std::span<float> scratch);

// parameters += J^T c, where row s of J is df(x_s)/dw of the network whose activations and deltas (after backward)
// are given: W^l += (D_l diag c)^T X_{l-1}, b^l += D_l^T c, with D_L = 1. c: S numbers, always double. All buffers
// are those of one network; parameters may be the ones that J was evaluated at. scratch: S x max hidden width, private.
void add_gradient(std::span<const int64_t> widths, int depth, int64_t inputs, std::span<const double> c, std::span<const double> x0,
                  std::span<const double> activations, std::span<const double> deltas, std::span<double> scratch, std::span<double> parameters);
void add_gradient(std::span<const int64_t> widths, int depth, int64_t inputs, std::span<const double> c, std::span<const float> x0,
                  std::span<const float> activations, std::span<const float> deltas, std::span<float> scratch, std::span<float> parameters);

// x0 x0^T, S x S, both halves; shared by all networks.
void input_gram(int64_t input_dim, int64_t inputs, std::span<const double> x0, std::span<double> gram);
void input_gram(int64_t input_dim, int64_t inputs, std::span<const float> x0, std::span<float> gram);

// Theta = sum_l (D_l D_l^T) o (X_{l-1} X_{l-1}^T + 1), D_L = 1, for tiles [first_tile, first_tile + tiles) of the lower
// triangle, mirrored into the upper one. Products are formed in T, the sum over layers in double.
// scratch: 2 x block_size^2 numbers, private to this call.
void ntk_gram(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<const double> input_gram, std::span<const double> activations,
              std::span<const double> deltas, std::span<double> scratch, std::span<double> theta);
void ntk_gram(std::span<const int64_t> widths, int depth, int64_t inputs, int64_t first_network, int64_t networks,
              int64_t first_tile, int64_t tiles, std::span<const float> input_gram, std::span<const float> activations, std::span<const float> deltas,
              std::span<float> scratch, std::span<double> theta);

// Full-batch gradient descent of one network on loss(w) = factor/(2 S) sum_s (f(x_s) - y_s)^2:
//     w_{t+1} = w_t + J_t^T c,  c = -(learning_rate factor / S) (f_t - y);   loss_t belongs to w_t.
// Runs from t = state[0] until t = until, or until it ends: at the first loss that is not finite; when the stopping rule
// is met (a loss below best - min_decrease becomes the new best; patience losses in a row that don't do so end it); or
// after max_steps updates. Each loss is seen by the rule once: that of step `until` belongs to the next call, unless
// until = max_steps. losses[i] = loss of step (t at entry) + i, room for until - t + 1.
// In float the weights are compensated (pending: as many numbers as parameters, the part of the weights that float cannot
// hold; the network that is evaluated has the float ones) and the loss is still summed in double.
// state: kDescentState numbers: t, status (DescentStatus), best, losses since the best, least loss, last loss seen; before
// the first call 0, 0, +inf, 0, +inf, NaN; a state with t < 0 or t > until is refused. scratch: descent_scratch numbers, private.
enum DescentStatus : int { kRunning = 0, kEarlyStop = 1, kMaxSteps = 2, kDiverged = 3 };
constexpr int kDescentState = 6;
int64_t descent_scratch(std::span<const int64_t> widths, int depth, int64_t inputs);
void descend(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs, std::span<const double> x0,
             std::span<const double> targets, double learning_rate, double factor, double min_decrease, int64_t patience,
             int64_t max_steps, int64_t until, std::span<double> scratch, std::span<double> parameters, std::span<double> state, std::span<double> losses);
void descend(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, int64_t inputs, std::span<const float> x0,
             std::span<const double> targets, double learning_rate, double factor, double min_decrease, int64_t patience,
             int64_t max_steps, int64_t until, std::span<float> scratch, std::span<float> parameters, std::span<float> pending, std::span<double> state,
             std::span<double> losses);

// The samplers below draw Theta and f at initialisation without drawing weights (theory 12), exactly in distribution and
// always in double. Draw i depends on (key, i) alone. theta[i] 2^exponents[i] is Theta(x,x) of draw i; outputs[i] is f(x).
// scratch: as many numbers as the function before says, private to the call.

// One input, any activation: O(n_1 + … + n_{L-1}) a draw.
int64_t chain_scratch(std::span<const int64_t> widths, int depth);
void chain_draws(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, double sigma_w2,
                 double sigma_b2, double input_norm2, int64_t key, int64_t first_draw, int64_t draws, std::span<double> scratch,
                 std::span<double> theta, std::span<double> exponents, std::span<double> outputs);

// One input, ReLU: O(L) a draw.
int64_t relu_chain_scratch(std::span<const int64_t> widths, int depth);
void relu_chain_draws(std::span<const int64_t> widths, int depth, double sigma_w2, double sigma_b2, double input_norm2, int64_t key,
                      int64_t first_draw, int64_t draws, std::span<double> scratch, std::span<double> theta, std::span<double> exponents,
                      std::span<double> outputs);

// S inputs (x0: S x n_0), any activation: O(L M S^2) a draw. theta: S x S for each draw, outputs: S for each draw.
int64_t conditional_scratch(std::span<const int64_t> widths, int depth, int64_t inputs);
void conditional_draws(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, double sigma_w2,
                       double sigma_b2, int64_t inputs, std::span<const double> x0, int64_t key, int64_t first_draw, int64_t draws,
                       std::span<double> scratch, std::span<double> theta, std::span<double> outputs);

// Particles of the Rao-Blackwell and sequential Monte Carlo estimators: the forward pass of one input with the moments
// of Theta given it. state: 9 rows of stride numbers, a column for each particle; columns may be moved freely.
// advance_particles takes particles through hidden layers first_layer … last_layer; particle i draws from stream
// first_stream + i. moments: rows [E Theta, its exponent, E Theta^2, its exponent] of the network that ends with a linear
// output above last_layer, also of stride numbers. After layer L - 1 these are E[Theta | forward], E[Theta^2 | forward].
int64_t moment_scratch(std::span<const int64_t> widths, int depth);
void start_particles(std::span<const int64_t> widths, int depth, double input_norm2, int64_t particles, int64_t stride,
                     std::span<double> state, std::span<double> moments);
void advance_particles(std::span<const int64_t> widths, int depth, int activation_kind, double a, double b, double sigma_w2,
                       double sigma_b2, double input_norm2, int64_t key, int64_t first_stream, int64_t particles,
                       int64_t stride, int first_layer, int last_layer, std::span<double> scratch, std::span<double> state, std::span<double> moments);

// Dense symmetric matrices, n x n, row-major; only the lower triangle is read. All in double, by LAPACK.

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

}  // namespace ntk
