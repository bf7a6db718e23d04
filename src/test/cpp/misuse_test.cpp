// Every function of ntk_core.h refuses what it cannot do, before it touches memory: too little room, no memory at all,
// memory of another element type, ranges beyond the end, sizes beyond all counting.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "buffers.h"
#include "ntk/checks.h"

namespace ntk::test {
namespace {

// The sentence with which a call is refused; empty if it is not.
std::string refusal(const std::function<void()>& call) {
    try {
        call();
    } catch (const std::invalid_argument& e) {
        return e.what();
    }
    return "";
}

#define EXPECT_REFUSED(sentence, call) EXPECT_EQ(refusal([&] { call; }).find(sentence), 0u) << refusal([&] { call; })

const std::vector<int64_t> kWidths{3, 4, 1};
const std::vector<double> kOne{1};
const std::vector<double> kRates{1, 1};
// Its states at many inputs are beyond all counting.
Network vast() {
    std::vector<int64_t> widths(5000, 1);
    for (size_t l = 0; l < widths.size(); l += 2) widths[l] = INT32_MAX;
    return Network(widths, kTanh, 0, 1);
}

TEST(Misuse, OfNetworks) {
    const auto network = [](const std::vector<int64_t>& widths, int activation) { Network(widths, activation, 0, 1); };
    EXPECT_REFUSED("A network has at least 2 widths", network({}, kTanh));
    EXPECT_REFUSED("A network has at least 2 widths", network({1}, kTanh));
    EXPECT_REFUSED("Width 1 must be between 1 and 2^31 - 1, not -4.", network({3, -4, 1}, kTanh));
    EXPECT_REFUSED("Width 0 must be between", network({INT64_MAX, 1}, kTanh));
    EXPECT_REFUSED("The network has more than 2^63 parameters.", network({INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, 1}, kTanh));
    EXPECT_REFUSED("There is no activation of kind 99.", network(kWidths, 99));
    EXPECT_REFUSED("There is no activation of kind -1.", network(kWidths, -1));
    EXPECT_REFUSED("This is about networks of one output, not of 2.", RandomNetwork(std::vector<int64_t>{3, 4, 2}, kTanh, 0, 1, 1, 0));
    EXPECT_REFUSED("The variances must be finite", RandomNetwork(kWidths, kTanh, 0, 1, -1.0, 0));
    EXPECT_REFUSED("The variances must be finite", RandomNetwork(kWidths, kTanh, 0, 1, NAN, 0));
    EXPECT_REFUSED("The variances must be finite", RandomNetwork(kWidths, kTanh, 0, 1, 1, INFINITY));
}

// A function of a batch, called with one of its buffers spoilt after the other.
template <class T>
class OfBatch : public testing::Test {
   protected:
    const Problem p{kWidths, 5, 2};
    Buffers<T> good{p};

    static std::span<std::byte>& writable(Batch& batch, const std::string& name) {
        return name == "input Gram matrix" ? batch.input_gram
               : name == "parameters"      ? batch.parameters
               : name == "activations"     ? batch.activations
               : name == "derivatives"     ? batch.derivatives
               : name == "deltas"          ? batch.deltas
               : name == "scratch space"   ? batch.scratch
                                           : batch.outputs;
    }

    // Lets call have all of one buffer but a number, no memory, and memory that lies askew.
    void expect_needs(const std::string& name, const std::function<void(const Batch&)>& call) {
        for (int spoilt = 0; spoilt < 3; ++spoilt) {
            Batch batch = good.batch;
            const auto spoil = [&](auto span) {
                return spoilt == 0 ? span.first(span.size() - sizeof(T)) : spoilt == 1 ? decltype(span)() : span.subspan(1);
            };
            if (name == "inputs") {
                batch.x0 = spoil(batch.x0);
            } else {
                writable(batch, name) = spoil(writable(batch, name));
            }
            EXPECT_THROW(call(batch), std::invalid_argument) << name << ", " << spoilt;
            const std::string sentence = refusal([&] { call(batch); });
            EXPECT_NE(sentence.find(name), std::string::npos) << sentence;
        }
    }

    void expect_knows_its_type(const std::function<void(const Batch&)>& call) {
        Batch batch = good.batch;
        batch.type = static_cast<ElementType>(2);
        EXPECT_REFUSED("There is no element type 2.", call(batch));
        // Twice the bytes would be needed.
        if (sizeof(T) == 4) {
            batch.type = kF64;
            EXPECT_REFUSED("The buffer for the ", call(batch));
        }
    }

    void expect_checks_ranges(const std::function<void(const Batch&, int64_t, int64_t, int64_t, int64_t)>& call) {
        EXPECT_NO_THROW(call(good.batch, 0, 2, 0, 5));
        EXPECT_THROW(call(good.batch, 0, 3, 0, 5), std::invalid_argument);
        for (int64_t far : {int64_t(-1), INT64_MAX, INT64_MIN}) {
            EXPECT_REFUSED("The range of networks", call(good.batch, far, 2, 0, 5));
            EXPECT_REFUSED("The range of inputs", call(good.batch, 0, 2, far, 5));
            EXPECT_REFUSED("The range of inputs", call(good.batch, 0, 2, 1, far));
        }
        EXPECT_REFUSED("The range of inputs ends beyond 5", call(good.batch, 0, 1, 1, 5));
        EXPECT_REFUSED("Inputs are worked on in blocks of 64, which these break: first 1, count 4.", call(good.batch, 0, 1, 1, 4));
        EXPECT_REFUSED("Inputs are worked on in blocks of 64, which these break: first 0, count 4.", call(good.batch, 0, 1, 0, 4));
        Batch batch = good.batch;
        for (int64_t inputs : {int64_t(-1), int64_t(INT32_MAX) + 1, INT64_MAX}) {
            batch.inputs = inputs;
            EXPECT_REFUSED("The range of inputs", call(batch, 0, 1, 0, 1));
        }
    }
};

using ElementTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(OfBatch, ElementTypes);

TYPED_TEST(OfBatch, InitializeIsChecked) {
    const auto draw = [&](const Batch& batch, double sigma_w2, int64_t stream, int64_t first, int64_t count) {
        initialize(this->good.network, batch, sigma_w2, 0.1, 0, stream, first, count);
    };
    const auto all = [&](const Batch& batch) { draw(batch, 1, 0, 0, 2); };
    EXPECT_NO_THROW(all(this->good.batch));
    this->expect_needs("parameters", all);
    this->expect_knows_its_type(all);
    EXPECT_REFUSED("The variances must be finite", draw(this->good.batch, -1.0, 0, 0, 1));
    EXPECT_REFUSED("The variances must be finite", draw(this->good.batch, NAN, 0, 0, 1));
    for (int64_t far : {int64_t(-1), INT64_MAX, INT64_MAX - 1, INT64_MIN}) {
        EXPECT_REFUSED("The range of random streams", draw(this->good.batch, 1, far, 0, 2));
        EXPECT_REFUSED("The range of networks", draw(this->good.batch, 1, 0, far, 2));
    }
}

TYPED_TEST(OfBatch, PassesAreChecked) {
    const Network& network = this->good.network;
    const auto pass = [&](const Batch& batch) { forward(network, batch, 0, 2, 0, 5); };
    for (const char* buffer : {"parameters", "inputs", "activations", "derivatives", "outputs"}) {
        this->expect_needs(buffer, pass);
    }
    this->expect_knows_its_type(pass);
    this->expect_checks_ranges([&](const Batch& batch, auto... ranges) { forward(network, batch, ranges...); });
    const auto back = [&](const Batch& batch) { backward(network, batch, kOne, 0, 2, 0, 5); };
    for (const char* buffer : {"parameters", "derivatives", "deltas", "scratch space"}) this->expect_needs(buffer, back);
    this->expect_knows_its_type(back);
    this->expect_checks_ranges([&](const Batch& batch, auto... ranges) { backward(network, batch, kOne, ranges...); });
    for (const auto& directions : {std::vector<double>{}, std::vector<double>(2)}) {
        EXPECT_REFUSED("A batch that keeps 1 direction(s) of 1 output(s) cannot take ",
                       backward(network, this->good.batch, directions, 0, 2, 0, 5));
    }
}

TYPED_TEST(OfBatch, GramsAreChecked) {
    const Network& network = this->good.network;
    const auto first = [&](const Batch& batch) { input_gram(network, batch); };
    for (const char* buffer : {"inputs", "input Gram matrix"}) this->expect_needs(buffer, first);
    this->expect_knows_its_type(first);
    const auto space = bytes(this->good.tile_scratch);
    const auto gram = [&](const Batch& batch) { ntk_gram(network, batch, kOne, kRates, kRates, 0, 2, 0, 1, space); };
    for (const char* buffer : {"input Gram matrix", "activations", "deltas"}) this->expect_needs(buffer, gram);
    this->expect_knows_its_type(gram);
    Batch batch = this->good.batch;
    EXPECT_REFUSED("The range of tiles ends beyond 1", ntk_gram(network, batch, kOne, kRates, kRates, 0, 1, 1, 1, space));
    EXPECT_REFUSED("The range of tiles", ntk_gram(network, batch, kOne, kRates, kRates, 0, 1, -1, 1, space));
    EXPECT_REFUSED("The range of networks", ntk_gram(network, batch, kOne, kRates, kRates, -1, 1, 0, 1, space));
    EXPECT_REFUSED("The buffer for the scratch space", ntk_gram(network, batch, kOne, kRates, kRates, 0, 1, 0, 1, space.subspan(sizeof(TypeParam))));
    EXPECT_REFUSED("A null pointer was passed for the scratch space", ntk_gram(network, batch, kOne, kRates, kRates, 0, 1, 0, 1, {}));
    EXPECT_REFUSED("The buffer for the rates of weights", ntk_gram(network, batch, kOne, kOne, kRates, 0, 1, 0, 1, space));
    EXPECT_REFUSED("The buffer for the rates of biases", ntk_gram(network, batch, kOne, kRates, kOne, 0, 1, 0, 1, space));
    EXPECT_REFUSED("A batch that keeps 1 direction(s)", ntk_gram(network, batch, kRates, kRates, kRates, 0, 1, 0, 1, space));
    batch.columns = 5;
    EXPECT_REFUSED("The range of columns ends beyond 4", ntk_gram(network, batch, kOne, kRates, kRates, 0, 1, 0, 1, space));
    EXPECT_REFUSED("The range of columns ends beyond 4", input_gram(network, batch));
    batch.columns = 0;
    batch.theta = batch.theta.subspan(1);
    EXPECT_REFUSED("The buffer for the kernels", ntk_gram(network, batch, kOne, kRates, kRates, 0, 2, 0, 1, space));
    batch.inputs = -1;
    EXPECT_REFUSED("The range of inputs", input_gram(network, batch));
    EXPECT_REFUSED("The range of inputs", ntk_gram(network, batch, kOne, kRates, kRates, 0, 2, 0, 1, space));
}

TYPED_TEST(OfBatch, CrossGramIsChecked) {
    const Network& network = this->good.network;
    const Batch& good = this->good.batch;
    std::vector<TypeParam> numbers(3 * 5 * 5);
    std::vector<double> theta(5 * 5);
    const auto space = bytes(numbers);
    const auto between = [&](const Batch& rows, const Batch& columns) {
        cross_gram(network, rows, columns, kOne, kRates, kRates, false, 0, 5, 0, 5, space, theta);
    };
    this->expect_needs("inputs", [&](const Batch& batch) { between(batch, good); });
    this->expect_needs("inputs", [&](const Batch& batch) { between(good, batch); });
    // There are two networks, of which the first one is looked at.
    for (const char* buffer : {"activations", "deltas"}) {
        Batch small = good;
        auto& span = this->writable(small, buffer);
        span = span.first(span.size() / 2 - sizeof(TypeParam));
        EXPECT_REFUSED("The buffer for the " + std::string(buffer), between(small, good));
        EXPECT_REFUSED("The buffer for the " + std::string(buffer), between(good, small));
    }
    Batch other = good;
    other.type = good.type == kF32 ? kF64 : kF32;
    EXPECT_REFUSED("Two batches of one kernel have one element type.", between(good, other));
    const auto call = [&](int64_t row, int64_t rows, int64_t column, int64_t columns, std::span<std::byte> scratch) {
        cross_gram(network, good, good, kOne, kRates, kRates, false, row, rows, column, columns, scratch, theta);
    };
    EXPECT_REFUSED("The range of inputs", call(1, 5, 0, 5, space));
    EXPECT_REFUSED("The range of inputs", call(0, 5, -1, 5, space));
    EXPECT_REFUSED("The buffer for the scratch space", call(0, 5, 0, 5, space.subspan(sizeof(TypeParam))));
    EXPECT_REFUSED("The buffer for the rates of weights", cross_gram(network, good, good, kOne, kOne, kRates, false, 0, 5, 0, 5, space, theta));
    EXPECT_REFUSED("The buffer for the rates of biases", cross_gram(network, good, good, kOne, kRates, kOne, false, 0, 5, 0, 5, space, theta));
    EXPECT_REFUSED("A batch that keeps 1 direction(s)", cross_gram(network, good, good, kRates, kRates, kRates, false, 0, 5, 0, 5, space, theta));
    EXPECT_REFUSED("The buffer for the kernels", cross_gram(network, good, good, kOne, kRates, kRates, false, 0, 5, 0, 5, space, std::span(theta).first(24)));
}

TYPED_TEST(OfBatch, AddGradientIsChecked) {
    const Network& network = this->good.network;
    const std::vector<double> c(5);
    const auto add = [&](const Batch& batch) { add_gradient(network, batch, 1, 0, kOne, c, batch); };
    EXPECT_NO_THROW(add(this->good.batch));
    for (const char* buffer : {"inputs", "activations", "deltas", "scratch space", "parameters"}) this->expect_needs(buffer, add);
    this->expect_knows_its_type(add);
    const Batch& batch = this->good.batch;
    EXPECT_REFUSED("The buffer for the coefficients", add_gradient(network, batch, 1, 0, kOne, std::span(c).first(4), batch));
    EXPECT_REFUSED("A null pointer was passed for the coefficients", add_gradient(network, batch, 1, 0, kOne, {}, batch));
    EXPECT_REFUSED("The range of networks", add_gradient(network, batch, -1, 0, kOne, c, batch));
    EXPECT_REFUSED("The range of networks", add_gradient(network, batch, INT64_MAX, 0, kOne, c, batch));
    EXPECT_THROW(add_gradient(network, batch, 2, 0, kOne, c, batch), std::invalid_argument);
    EXPECT_REFUSED("The range of directions", add_gradient(network, batch, 1, 1, kOne, c, batch));
    EXPECT_REFUSED("A null pointer was passed for the direction", add_gradient(network, batch, 1, 0, {}, c, batch));
    Batch other = batch;
    other.inputs = 4;
    EXPECT_REFUSED("A gradient and its parameters belong to batches of the same element type", add_gradient(network, batch, 1, 0, kOne, c, other));
    other = batch;
    other.type = sizeof(TypeParam) == 4 ? kF64 : kF32;
    EXPECT_REFUSED("A gradient and its parameters belong to batches of the same element type", add_gradient(network, batch, 1, 0, kOne, c, other));
}

TYPED_TEST(OfBatch, DerivativesAreChecked) {
    const Network& network = this->good.network;
    std::vector<double> target(5);
    const auto derive = [&](const Batch& batch) { derivatives(network, batch, 1, 0, kOne, batch, 0, 5, target); };
    EXPECT_NO_THROW(derive(this->good.batch));
    for (const char* buffer : {"inputs", "activations", "deltas", "parameters"}) this->expect_needs(buffer, derive);
    this->expect_knows_its_type(derive);
    const Batch& batch = this->good.batch;
    EXPECT_REFUSED("The range of inputs", derivatives(network, batch, 1, 0, kOne, batch, 1, 5, target));
    EXPECT_REFUSED("The range of directions", derivatives(network, batch, 1, -1, kOne, batch, 0, 5, target));
    EXPECT_REFUSED("The buffer for the derivatives",
                   derivatives(network, batch, 1, 0, kOne, batch, 0, 5, std::span(target).first(4)));
}

template <class T>
void expect_descent_is_checked() {
    const Problem p{kWidths, 5};
    const Network network = p.network();
    std::vector<T> x0(15), parameters(p.parameter_count()), pending(sizeof(T) == 4 ? parameters.size() : 0);
    std::vector<T> scratch(descent_scratch(network, 5, {}));
    std::vector<double> targets(5), losses(11);
    const TrainingData good{.type = kElementType<T>, .inputs = 5, .x0 = bytes(x0), .targets = targets};
    const DescentRule rule{.learning_rate = 0.1, .max_steps = 10};
    const auto run = [&](const TrainingData& data, const DescentRule& how, int64_t until, DescentState state = {}) {
        descend(network, data, how, until, bytes(scratch), {.parameters = bytes(parameters), .pending = bytes(pending)}, state,
                losses);
    };
    EXPECT_NO_THROW(run(good, rule, 10));
    DescentRule wrong = rule;
    wrong.patience = 0;
    EXPECT_REFUSED("The patience must be at least 1, not 0.", run(good, wrong, 10));
    EXPECT_REFUSED("The range of steps ends beyond 10", run(good, rule, 11));
    EXPECT_REFUSED("The range of steps", run(good, rule, -1));
    wrong = rule;
    wrong.max_steps = INT64_MAX;
    EXPECT_REFUSED("The buffer for the losses", run(good, wrong, 11));
    EXPECT_REFUSED("A buffer of ", run(good, wrong, INT64_MAX));
    for (int64_t step : {int64_t(10), int64_t(-1), INT64_MAX, INT64_MIN}) {
        EXPECT_REFUSED("The descent stands at step " + std::to_string(step), run(good, rule, 9, {.step = step}));
    }
    EXPECT_REFUSED("No descent has status 4", run(good, rule, 9, {.status = static_cast<DescentStatus>(4)}));
    EXPECT_REFUSED("No descent has status 0 and has waited for -1 losses.", run(good, rule, 9, {.waited = -1}));
    EXPECT_REFUSED("The range of inputs of a step ends beyond 5", run(good, {.max_steps = 10, .batch = 6}, 10));
    EXPECT_REFUSED("The range of inputs of a step", run(good, {.max_steps = 10, .batch = -1}, 10));
    EXPECT_REFUSED("There is no loss 2", run(good, {.max_steps = 10, .loss = static_cast<Loss>(2)}, 10));
    EXPECT_REFUSED("There is no loss 0 with optimizer 3",
                   run(good, {.max_steps = 10, .optimizer = static_cast<OptimizerKind>(3)}, 10));
    EXPECT_REFUSED("Momenta must be", run(good, {.max_steps = 10, .momentum = 1}, 10));
    EXPECT_REFUSED("Momenta must be", run(good, {.max_steps = 10, .epsilon = NAN}, 10));
    EXPECT_REFUSED("Cross-entropy needs at least 2 outputs.", run(good, {.max_steps = 10, .loss = kCrossEntropy}, 10));
    wrong = rule;
    wrong.optimizer = kMomentum;
    EXPECT_REFUSED("The buffer for the scratch space", run(good, wrong, 10));
    scratch.resize(descent_scratch(network, 5, wrong));
    EXPECT_REFUSED("A null pointer was passed for the moments", run(good, wrong, 10));
    scratch.resize(descent_scratch(network, 5, rule));
    TrainingData data = good;
    data.type = static_cast<ElementType>(-1);
    EXPECT_REFUSED("There is no element type -1.", run(data, rule, 10));
    data.type = sizeof(T) == 4 ? kF64 : kF32;
    EXPECT_THROW(run(data, rule, 10), std::invalid_argument);
    data = good;
    data.targets = data.targets.first(4);
    EXPECT_REFUSED("The buffer for the targets", run(data, rule, 10));
    data.targets = {};
    EXPECT_REFUSED("A null pointer was passed for the targets", run(data, rule, 10));
    data = good;
    data.x0 = data.x0.subspan(1);
    EXPECT_THROW(run(data, rule, 10), std::invalid_argument);
    data = good;
    data.inputs = -1;
    EXPECT_REFUSED("The range of inputs", run(data, rule, 10));
    DescentState state;
    const auto memory = [&](std::span<std::byte> space, std::span<std::byte> values, std::span<std::byte> rest) {
        descend(network, good, rule, 10, space, {.parameters = values, .pending = rest}, state, losses);
    };
    const auto s = bytes(scratch), w = bytes(parameters), rest = bytes(pending);
    EXPECT_REFUSED("The buffer for the scratch space", memory(s.subspan(sizeof(T)), w, rest));
    EXPECT_REFUSED("The buffer for the parameters", memory(s, w.subspan(sizeof(T)), rest));
    EXPECT_REFUSED("A null pointer was passed for the parameters", memory(s, {}, rest));
    if (sizeof(T) == 4) {
        EXPECT_REFUSED("A null pointer was passed for the pending parts", memory(s, w, {}));
        EXPECT_REFUSED("The buffer for the pending parts", memory(s, w, rest.subspan(sizeof(T))));
    } else {
        EXPECT_REFUSED("Parameters in f64 have no pending parts.", memory(s, w, s));
    }
    EXPECT_REFUSED("Gradient descent has no moments.",
                   descend(network, good, rule, 10, s, {w, rest, s}, state, losses));
    EXPECT_REFUSED("The buffer for the scratch space", descent_loss(network, good, rule, s.subspan(sizeof(T)), w));
    EXPECT_REFUSED("The buffer for the parameters", descent_loss(network, good, rule, s, w.subspan(sizeof(T))));
    EXPECT_REFUSED("A descent needs at least 1 input.", descent_scratch(network, 0, {}));
    EXPECT_REFUSED("A buffer of ", descent_scratch(vast(), INT32_MAX, {}));
    EXPECT_REFUSED("The range of inputs", descent_scratch(network, -1, {}));
}

TEST(Misuse, OfDescent) {
    expect_descent_is_checked<float>();
    expect_descent_is_checked<double>();
}

struct Room {
    std::vector<double> scratch, theta = std::vector<double>(3 * 25), exponents = std::vector<double>(3),
                                 outputs = std::vector<double>(3 * 5);

    explicit Room(int64_t scratch_numbers) : scratch(scratch_numbers) {}
};

using Sampler = std::function<void(const RandomNetwork&, int64_t first, std::span<double> scratch, const KernelDraws&)>;

// Three draws of S x S kernels.
void expect_sampler_is_checked(int64_t scratch_numbers, int64_t inputs, bool exponents, const Sampler& sample) {
    Room room(scratch_numbers);
    const RandomNetwork network(kWidths, kPiecewiseLinear, 0, 1, 2, 0.1);
    const std::span<double> scratch(room.scratch);
    const KernelDraws good{.theta = std::span(room.theta).first(3 * inputs * inputs),
                           .exponents = room.exponents,
                           .outputs = std::span(room.outputs).first(3 * inputs)};
    EXPECT_NO_THROW(sample(network, 0, scratch, good));
    for (int64_t first : {int64_t(-1), INT64_MAX, INT64_MAX - 2, INT64_MIN}) {
        EXPECT_REFUSED("The range of draws", sample(network, first, scratch, good));
    }
    EXPECT_REFUSED("The buffer for the scratch space", sample(network, 0, scratch.subspan(1), good));
    EXPECT_REFUSED("A null pointer was passed for the scratch space", sample(network, 0, {}, good));
    KernelDraws target = good;
    target.theta = target.theta.subspan(1);
    EXPECT_REFUSED("The buffer for the kernels", sample(network, 0, scratch, target));
    target = good;
    target.outputs = {};
    EXPECT_REFUSED("A null pointer was passed for the outputs", sample(network, 0, scratch, target));
    target = good;
    target.exponents = target.exponents.subspan(1);
    if (exponents) {
        EXPECT_REFUSED("The buffer for the exponents", sample(network, 0, scratch, target));
    } else {
        EXPECT_NO_THROW(sample(network, 0, scratch, target));
    }
}

TEST(Misuse, OfSamplers) {
    const Network network(kWidths, kTanh, 0, 1);
    expect_sampler_is_checked(chain_scratch(network), 1, true, [](const auto& n, int64_t first, auto space, const auto& to) {
        chain_draws(n, 1, 7, first, 3, space, to);
    });
    expect_sampler_is_checked(relu_chain_scratch(network), 1, true,
                              [](const auto& n, int64_t first, auto space, const auto& to) {
                                  relu_chain_draws(n, 1, 7, first, 3, space, to);
                              });
    const std::vector<double> x0{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    expect_sampler_is_checked(conditional_scratch(network, 5), 5, false,
                              [&](const auto& n, int64_t first, auto space, const auto& to) {
                                  conditional_draws(n, 5, x0, 7, first, 3, space, to);
                              });
    Room room(100000);
    const KernelDraws target{room.theta, room.exponents, room.outputs};
    const RandomNetwork tanh(kWidths, kTanh, 0, 1, 2, 0.1), leaky(kWidths, kPiecewiseLinear, 0.1, 1, 2, 0.1);
    EXPECT_REFUSED("Only ReLU networks", relu_chain_draws(tanh, 1, 7, 0, 1, room.scratch, target));
    EXPECT_REFUSED("Only ReLU networks", relu_chain_draws(leaky, 1, 7, 0, 1, room.scratch, target));
    for (double norm2 : {-1.0, double(NAN), double(INFINITY)}) {
        EXPECT_REFUSED("The squared input norm must be", chain_draws(tanh, norm2, 7, 0, 1, room.scratch, target));
    }
    EXPECT_REFUSED("The buffer for the inputs",
                   conditional_draws(tanh, 5, std::span(x0).first(14), 7, 0, 1, room.scratch, target));
    EXPECT_REFUSED("The range of inputs", conditional_draws(tanh, -1, x0, 7, 0, 1, room.scratch, target));
    EXPECT_REFUSED("The range of inputs", conditional_scratch(tanh, INT64_MAX));
    EXPECT_REFUSED("A buffer of ", conditional_scratch(vast(), INT32_MAX));
}

TEST(Misuse, OfParticles) {
    const RandomNetwork network(kWidths, kTanh, 0, 1, 2, 0.1);
    std::vector<double> scratch(moment_scratch(network)), state(18), moments(8);
    const Particles good{.count = 2, .stride = 2, .state = state, .moments = moments};
    const auto advance = [&](int64_t stream, int first, int last, std::span<double> space, const Particles& particles) {
        advance_particles(network, 1, 7, stream, first, last, space, particles);
    };
    EXPECT_NO_THROW(start_particles(network, 1, good));
    EXPECT_NO_THROW(advance(0, 1, 1, scratch, good));
    for (int64_t stream : {int64_t(-1), INT64_MAX, INT64_MAX - 1, INT64_MIN}) {
        EXPECT_REFUSED("The range of random streams", advance(stream, 1, 1, scratch, good));
    }
    EXPECT_REFUSED("The range of hidden layers", advance(0, 0, 1, scratch, good));
    EXPECT_REFUSED("The range of hidden layers ends beyond 1", advance(0, 1, 2, scratch, good));
    EXPECT_REFUSED("The range of hidden layers", advance(0, INT32_MIN, INT32_MAX, scratch, good));
    EXPECT_REFUSED("The buffer for the scratch space", advance(0, 1, 1, std::span(scratch).subspan(1), good));
    EXPECT_REFUSED("The squared input norm must be", start_particles(network, -1, good));
    const auto expect_refused = [&](const std::string& sentence, const Particles& wrong) {
        EXPECT_REFUSED(sentence, start_particles(network, 1, wrong));
        EXPECT_REFUSED(sentence, advance(0, 1, 1, scratch, wrong));
    };
    expect_refused("The range of particles ends beyond 1", {2, 1, state, moments});
    expect_refused("The range of particles", {-1, 2, state, moments});
    expect_refused("The buffer for the particles", {2, 2, std::span(state).subspan(1), moments});
    expect_refused("A null pointer was passed for the moments", {2, 2, state, {}});
    expect_refused("A buffer of ", {2, INT64_MAX, state, moments});
}

TEST(Misuse, OfLinearAlgebra) {
    std::vector<double> matrix{2, 1, 1, 2}, values(2);
    const auto all = std::span(matrix), short_by_one = all.subspan(1);
    for (int64_t n : {int64_t(0), int64_t(-1), int64_t(46341), INT64_MAX}) {
        EXPECT_REFUSED("A matrix must have between 1 and 46340 rows", symmetric_eigen(n, all, values));
        EXPECT_REFUSED("A matrix must have between 1 and 46340 rows", cholesky_factor(n, all));
        EXPECT_REFUSED("A matrix must have between 1 and 46340 rows", cholesky_solve(n, all, 1, values));
        EXPECT_REFUSED("A matrix must have between 1 and 46340 rows", cholesky_reciprocal_condition(n, all, 1));
    }
    EXPECT_REFUSED("The buffer for the matrix", symmetric_eigen(2, short_by_one, values));
    EXPECT_REFUSED("A null pointer was passed for the matrix", symmetric_eigen(2, {}, values));
    EXPECT_REFUSED("The buffer for the eigenvalues", symmetric_eigen(2, all, std::span(values).first(1)));
    EXPECT_REFUSED("The buffer for the matrix", cholesky_factor(2, short_by_one));
    EXPECT_REFUSED("The buffer for the Cholesky factor", cholesky_solve(2, short_by_one, 1, values));
    EXPECT_REFUSED("The buffer for the right-hand sides", cholesky_solve(2, all, 2, values));
    EXPECT_REFUSED("The range of right-hand sides", cholesky_solve(2, all, -1, values));
    EXPECT_REFUSED("The buffer for the Cholesky factor", cholesky_reciprocal_condition(2, short_by_one, 1));
}

TEST(Misuse, OfPanels) {
    std::vector<double> matrix(12);
    std::vector<float> floats(12);
    const Panel good{kF64, 4, 3, bytes(matrix)}, narrow{kF64, 6, 2, bytes(matrix)}, other{kF32, 4, 3, bytes(floats)};
    const Panel short_by_one{kF64, 4, 3, bytes(matrix).first(88)}, unknown{ElementType(7), 4, 3, bytes(matrix)};
    const Panel absurd{kF64, INT64_MAX, 3, bytes(matrix)}, none{kF64, 4, 3, {}}, negative{kF64, -1, 3, bytes(matrix)};
    EXPECT_NO_THROW(add_product(good, 0, true, good, 0, good, 2, 2, 2));
    EXPECT_REFUSED("The range of rows of the product", add_product(good, 0, true, good, 0, good, 3, 2, 2));
    EXPECT_REFUSED("The range of rows of the left factor", add_product(good, 3, true, good, 0, good, 2, 2, 2));
    EXPECT_REFUSED("The range of rows of the right factor", add_product(good, 0, true, good, 3, good, 2, 2, 2));
    EXPECT_REFUSED("The range of columns of the left factor", add_product(good, 0, true, good, 0, good, 0, 4, 2));
    EXPECT_REFUSED("The range of columns of the left factor", add_product(good, 0, false, good, 0, good, 2, 2, 4));
    EXPECT_REFUSED("Panels that are multiplied must have the same number of columns",
                   add_product(good, 0, true, narrow, 0, good, 2, 2, 2));
    EXPECT_REFUSED("Panels that are multiplied must have the same element type",
                   add_product(good, 0, true, other, 0, good, 2, 2, 2));
    EXPECT_REFUSED("The range of columns of the triangle", factor_triangle(good, 0, 4));
    EXPECT_REFUSED("The range of rows of the triangle", factor_triangle(good, 2, 3));
    EXPECT_REFUSED("The range of rows of the triangle", factor_triangle(good, -1, 3));
    EXPECT_REFUSED("The buffer for the rows of the triangle", factor_triangle(short_by_one, 0, 3));
    EXPECT_REFUSED("A null pointer was passed for the rows of the triangle", factor_triangle(none, 0, 3));
    EXPECT_REFUSED("A buffer of ", factor_triangle(absurd, 0, 3));
    EXPECT_REFUSED("The range of rows of the triangle", factor_triangle(negative, 0, 0));
    EXPECT_REFUSED("There is no element type 7", factor_triangle(unknown, 0, 3));
    EXPECT_REFUSED("The range of rows of the right-hand sides", solve_triangle(good, 0, 3, true, good, 2));
    EXPECT_REFUSED("The range of columns of the triangle", solve_triangle(good, 0, 4, false, good, 0));
    EXPECT_REFUSED("Panels that are multiplied must have the same element type", solve_triangle(good, 0, 3, true, other, 0));
}

TEST(Misuse, SizesBeyondAllCountingAreRefused) {
    EXPECT_EQ(product(3, 4), 12);
    EXPECT_EQ(sum(3, 4), 7);
    EXPECT_REFUSED("A buffer of ", product(INT64_MAX, 2));
    EXPECT_REFUSED("A buffer of ", sum(INT64_MAX, 1));
}

}  // namespace
}  // namespace ntk::test
