package io.github.finitentk.cli;

import io.github.finitentk.data.Mnist;
import io.github.finitentk.experiment.Shard;
import io.github.finitentk.kernel.KernelForm;
import io.github.finitentk.kernel.SpectrumEstimate;
import io.github.finitentk.meanfield.LossConvention;
import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Network.WeightLayout;
import io.github.finitentk.model.Precision;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.training.Integrator;
import io.github.finitentk.training.Optimizer;
import io.github.finitentk.trust.Budget;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The library's types as values of options, by their names; what is no such name is refused in the library's words. */
final class OptionTypes {

    /** A value that the library has refused. */
    private static final class Refusal extends RuntimeException {
        Refusal(String sentence) {
            super(sentence);
        }
    }

    private OptionTypes() {}

    static CommandLine register(CommandLine commands) {
        for (Class<?> type : List.of(int.class, Integer.class)) {
            integer(commands, type, BigDecimal::intValueExact);
        }
        for (Class<?> type : List.of(long.class, Long.class)) {
            integer(commands, type, BigDecimal::longValueExact);
        }
        return commands.registerConverter(Activation.class, by(Activations::parse))
                .registerConverter(Method.class, by(Method::parse))
                .registerConverter(SpectrumEstimate.Method.class, by(SpectrumEstimate.Method::parse))
                .registerConverter(Precision.class, by(Precision::parse))
                .registerConverter(Integrator.class, by(Integrator::parse))
                .registerConverter(Optimizer.Kind.class, by(Optimizer.Kind::parse))
                .registerConverter(LossConvention.class, by(LossConvention::parse))
                .registerConverter(Mnist.Normalization.class, by(Mnist.Normalization::parse))
                .registerConverter(KernelForm.class, by(KernelForm::parse))
                .registerConverter(LayerNumbers.class, by(LayerNumbers::parse))
                .registerConverter(WeightLayout.class, by(WeightLayout::parse))
                .registerConverter(Budget.class, by(Budget::parse))
                .registerConverter(Shard.class, by(Shard::parse))
                .registerConverter(ByteCount.class, by(ByteCount::parse))
                .registerConverter(PageWidth.class, by(PageWidth::parse))
                .registerConverter(SolverOptions.Solver.class, by(SolverOptions.Solver::parse));
    }

    /** Integers in any notation: 1000, 1e3 and 1000.0 are the same. */
    @SuppressWarnings("unchecked")
    private static void integer(CommandLine commands, Class<?> type, Function<BigDecimal, ? extends Number> exact) {
        commands.registerConverter((Class<Number>) type, text -> {
            BigDecimal number;
            try {
                number = new BigDecimal(text.strip());
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not an integer");
            }
            try {
                return exact.apply(number);
            } catch (ArithmeticException e) {
                boolean beyond = number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0;
                throw new TypeConversionException("'" + text + "' is " + (beyond ? "too large" : "not an integer"));
            }
        });
    }

    private static <T> ITypeConverter<T> by(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new Refusal(e.getMessage());
            }
        };
    }

    /** The library's sentence on a value of an option, if that is what is wrong with a command line. */
    static Optional<String> refusal(ParameterException problem) {
        return problem.getCause() instanceof Refusal refusal ? Optional.of(refusal.getMessage()) : Optional.empty();
    }

    /** What shells complete: names as the library reads them, not those of Java's constants. */
    private abstract static class Names<E extends Enum<E>> implements Iterable<String> {

        private final E[] values;
        private final Function<E, String> name;

        Names(E[] values, Function<E, String> name) {
            this.values = values;
            this.name = name;
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values).map(name).iterator();
        }
    }

    static final class Methods extends Names<Method> {
        Methods() {
            super(Method.values(), Method::label);
        }
    }

    static final class SpectrumMethods extends Names<SpectrumEstimate.Method> {
        SpectrumMethods() {
            super(SpectrumEstimate.Method.values(), SpectrumEstimate.Method::label);
        }
    }

    static final class Precisions extends Names<Precision> {
        Precisions() {
            super(Precision.values(), Precision::label);
        }
    }

    static final class Integrators extends Names<Integrator> {
        Integrators() {
            super(Integrator.values(), Integrator::label);
        }
    }

    static final class Losses extends Names<LossConvention> {
        Losses() {
            super(LossConvention.values(), LossConvention::label);
        }
    }

    static final class Optimizers extends Names<Optimizer.Kind> {
        Optimizers() {
            super(Optimizer.Kind.values(), Optimizer.Kind::label);
        }
    }

    static final class Normalizations extends Names<Mnist.Normalization> {
        Normalizations() {
            super(Mnist.Normalization.values(), Mnist.Normalization::label);
        }
    }

    static final class WeightLayouts extends Names<WeightLayout> {
        WeightLayouts() {
            super(WeightLayout.values(), WeightLayout::label);
        }
    }

    static final class Solvers extends Names<SolverOptions.Solver> {
        Solvers() {
            super(SolverOptions.Solver.values(), SolverOptions.Solver::label);
        }
    }
}
