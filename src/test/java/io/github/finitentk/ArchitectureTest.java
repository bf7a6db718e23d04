package io.github.finitentk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.regex.Pattern.quote;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.io.PrintWriter;

/** Data flows one way: each package depends only on those to its left, plus {@code compute}. */
@AnalyzeClasses(packages = "io.github.finitentk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.finitentk.";

    @ArchTest
    static final ArchRule ARROWS_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("internal")
            .definedBy(ROOT + "internal", ROOT + "internal.files..")
            .layer("exceptions")
            .definedBy(ROOT + "compute..")
            .layer("numeric")
            .definedBy(ROOT + "internal.numeric..")
            .layer("data")
            .definedBy(ROOT + "data..")
            .layer("model")
            .definedBy(ROOT + "model..")
            .layer("compute")
            .definedBy(ROOT + "internal.compute", ROOT + "internal.nativecore..", ROOT + "internal.purejava..")
            // Random streams depend on nothing of ours but numeric; synthetic data are drawn from them, too.
            .layer("random")
            .definedBy(ROOT + "internal.random..")
            .layer("meanfield")
            .definedBy(ROOT + "meanfield..")
            .layer("kernel")
            .definedBy(ROOT + "kernel..")
            .layer("sampling")
            .definedBy(ROOT + "sampling..")
            .layer("training")
            .definedBy(ROOT + "training..")
            .layer("trust")
            .definedBy(ROOT + "trust..")
            .layer("experiment")
            .definedBy(ROOT + "experiment..")
            .layer("store")
            .definedBy(ROOT + "store..")
            .layer("report")
            .definedBy(ROOT + "report..")
            .layer("cli")
            .definedBy(ROOT + "cli..")
            .whereLayer("internal")
            .mayNotAccessAnyLayer()
            .whereLayer("exceptions")
            .mayNotAccessAnyLayer()
            .whereLayer("numeric")
            .mayNotAccessAnyLayer()
            .whereLayer("random")
            .mayOnlyAccessLayers("numeric")
            .whereLayer("data")
            .mayOnlyAccessLayers("internal", "numeric", "random")
            .whereLayer("model")
            .mayOnlyAccessLayers("internal", "numeric", "random", "data")
            .whereLayer("compute")
            .mayOnlyAccessLayers("exceptions", "numeric", "random", "data", "model")
            .whereLayer("meanfield")
            .mayOnlyAccessLayers("exceptions", "numeric", "random", "model", "compute", "data")
            .whereLayer("kernel")
            .mayOnlyAccessLayers("exceptions", "numeric", "random", "model", "compute", "meanfield", "data")
            .whereLayer("sampling")
            .mayOnlyAccessLayers("exceptions", "numeric", "random", "model", "compute", "meanfield", "data")
            .whereLayer("training")
            .mayOnlyAccessLayers("exceptions", "numeric", "random", "model", "compute", "meanfield", "kernel", "data")
            .whereLayer("trust")
            .mayOnlyAccessLayers(
                    "exceptions",
                    "numeric",
                    "random",
                    "model",
                    "compute",
                    "meanfield",
                    "kernel",
                    "sampling",
                    "training",
                    "data")
            .whereLayer("experiment")
            .mayOnlyAccessLayers(
                    "exceptions",
                    "internal",
                    "numeric",
                    "random",
                    "model",
                    "compute",
                    "meanfield",
                    "kernel",
                    "sampling",
                    "training",
                    "data")
            .whereLayer("store")
            .mayOnlyAccessLayers("exceptions", "internal", "experiment", "model", "sampling", "numeric", "compute")
            .whereLayer("report")
            .mayOnlyAccessLayers(
                    "exceptions",
                    "internal",
                    "data",
                    "store",
                    "experiment",
                    "training",
                    "sampling",
                    "kernel",
                    "meanfield",
                    "compute",
                    "model",
                    "numeric")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    // What only the command line and the figures need must not reach the class path of an embedding application.
    @ArchTest
    static final ArchRule THE_LIBRARY_NEEDS_ONLY_JAVACPP_AND_EJML = noClasses()
            .that()
            .resideInAnyPackage(
                    ROOT + "internal.numeric..",
                    ROOT + "data..",
                    ROOT + "model..",
                    ROOT + "internal.compute..",
                    ROOT + "meanfield..",
                    ROOT + "kernel..",
                    ROOT + "sampling..",
                    ROOT + "training..",
                    ROOT + "trust..",
                    ROOT + "experiment..")
            // Reads the text of specifications, and is asked only where there is one.
            .and()
            .haveNameNotMatching(quote(ROOT + "experiment.SpecParser") + "(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "picocli..", "com.fasterxml..", "org.yaml..", "me.tongfei..", "org.apache..", "org.sqlite..");

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
