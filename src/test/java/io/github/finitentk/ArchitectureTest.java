package io.github.finitentk;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.regex.Pattern.quote;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Data flows one way: each package depends only on those to its left. */
@AnalyzeClasses(packages = "io.github.finitentk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.finitentk.";

    /** From left to right, as docs/architecture.md draws them. */
    private static final List<String[]> PACKAGES = List.of(
            new String[] {ROOT + "internal", ROOT + "internal.files"},
            new String[] {ROOT + "compute"},
            new String[] {ROOT + "internal.numeric"},
            new String[] {ROOT + "internal.random"},
            new String[] {ROOT + "data"},
            new String[] {ROOT + "model"},
            new String[] {ROOT + "internal.compute", ROOT + "internal.nativecore", ROOT + "internal.purejava"},
            new String[] {ROOT + "meanfield"},
            new String[] {ROOT + "kernel"},
            new String[] {ROOT + "sampling"},
            new String[] {ROOT + "training"},
            new String[] {ROOT + "trust"},
            new String[] {ROOT + "experiment"},
            new String[] {ROOT + "store"},
            new String[] {ROOT + "report.."},
            new String[] {"io.github.finitentk"},
            new String[] {ROOT + "cli"});

    @ArchTest
    static final ArchRule ARROWS_POINT_ONE_WAY = arrows();

    private static ArchRule arrows() {
        LayeredArchitecture rule = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .ensureAllClassesAreContainedInArchitecture();
        List<String> left = new ArrayList<>();
        for (String[] packages : PACKAGES) {
            rule = rule.optionalLayer(packages[0]).definedBy(packages);
        }
        for (String[] packages : PACKAGES) {
            rule = left.isEmpty()
                    ? rule.whereLayer(packages[0]).mayNotAccessAnyLayer()
                    : rule.whereLayer(packages[0]).mayOnlyAccessLayers(left.toArray(String[]::new));
            left.add(packages[0]);
        }
        return rule;
    }

    // What only run files, figures and the command line need must not reach the class path of an embedding application.
    @ArchTest
    static final ArchRule WHAT_IS_COMPUTED_NEEDS_ONLY_JAVACPP_AND_EJML = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "store", ROOT + "report..", ROOT + "cli")
            // Three that are asked only where there is a specification's text, a JSON document or a run file.
            .and()
            .haveNameNotMatching(quote(ROOT) + "(experiment\\.SpecParser|internal\\.files\\.JsonWriter"
                    + "|internal\\.nativecore\\.SqliteLibrary)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml..", "org.yaml..", "org.apache..", "org.sqlite..");

    @ArchTest
    static final ArchRule ONLY_THE_COMMAND_LINE_TOUCHES_ITS_LIBRARIES = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "cli")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "me.tongfei..", "org.jline..");

    @ArchTest
    static final ArchRule ONLY_THE_NATIVE_BACKEND_TOUCHES_JAVACPP = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "internal.nativecore..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco..");

    @ArchTest
    static final ArchRule ONLY_THE_JAVA_BACKENDS_LINEAR_ALGEBRA_TOUCHES_EJML = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(ROOT + "internal.purejava.EjmlLinearAlgebra")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.ejml..");

    // What is specified to the last bit. Of exp, log, sin, pow, ... Java leaves that bit to the processor and the
    // virtual
    // machine; StrictMath does not, nor do Elementary and ElementaryFloat.
    private static final String EXACT =
            "abs|max|min|sqrt|fma|rint|round|floor|ceil|signum|scalb|getExponent|ulp|next(Up|Down)|\\w+Exact|floorMod";

    @ArchTest
    static final ArchRule NO_FUNCTION_IS_LEFT_TO_THE_PROCESSOR = noClasses()
            .should()
            .accessTargetWhere(target(owner(equivalentTo(Math.class))).and(not(target(nameMatching(EXACT)))))
            .because("results are the same bits on every processor and virtual machine");

    // Digits are ASCII and points are points, in whatever locale an application runs.
    @ArchTest
    static final ArchRule NOTHING_IS_FORMATTED_FOR_THE_LOCALE_OF_THE_MACHINE = noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(PrintWriter.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(PrintStream.class, "printf", String.class, Object[].class);
}
