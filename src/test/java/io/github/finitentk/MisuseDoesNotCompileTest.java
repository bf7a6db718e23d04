package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mix-ups that types prevent: what should not compile does not. */
class MisuseDoesNotCompileTest {

    @TempDir
    Path classes;

    @Test
    void whatIsMeantCompiles() throws Exception {
        assertThat(errors("random.sample(Seed.of(1));")).isEmpty();
        assertThat(errors("ntk.kernel(random.sample(Seed.of(1)), Inputs.of(new double[] {1, 2}));"))
                .isEmpty();
        assertThat(errors("double ratio = row.get(VarianceQuantity.RATIO);")).isEmpty();
        assertThat(errors("ntk.variance(random).seed(1).seed(Seed.of(1).derive(\"mine\"));"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // a bare number where a seed is meant, and a seed where a number is
                "random.sample(1L);",
                "Inputs.onSphere(4, 3, 1L);",
                "ntk.variance(random).draws(Seed.of(1));",
                // numbers without a shape
                "ntk.kernel(random.sample(Seed.of(1)), new double[] {1, 2});",
                "ntk.infiniteWidth(random, new double[] {1, 2});",
                // a network for its distribution, and the other way round
                "ntk.kernel(random, Inputs.of(new double[] {1, 2}));",
                "ntk.variance(random.sample(Seed.of(1)));",
                // a column that does not exist, or of another type
                "row.get(VarianceQuantity.RATO);",
                "String ratio = row.get(VarianceQuantity.RATIO);",
                "row.get(\"ratio\");"
            })
    void whatIsMixedUpDoesNot(String statement) throws Exception {
        assertThat(errors(statement)).isNotEmpty();
    }

    private List<String> errors(String statement) throws Exception {
        String source = "import io.github.finitentk.Ntk;"
                + "import io.github.finitentk.data.*;"
                + "import io.github.finitentk.experiment.*;"
                + "import io.github.finitentk.model.*;"
                + "class Snippet { void use(Ntk ntk, RandomNetwork random, SweepRow row) { " + statement + " } }";
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        Path library = Path.of(
                Ntk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        compiler.getTask(
                        null,
                        null,
                        found,
                        List.of("-proc:none", "-cp", library.toString(), "-d", classes.toString()),
                        null,
                        List.of(file))
                .call();
        return found.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> problem.getMessage(Locale.ROOT))
                .toList();
    }
}
