package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What module-info.java exports to applications: few types, each documented, none of them about the innards. */
class ExportedTypesTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /** A new public type is worth a thought: could it be package-private or nested? */
    private static final int MOST = 90
            + 2 // Spectrum, KernelStatistics: what is said of a kernel, by whoever has one
            + 4 // KernelForm, KernelEvaluation, LayerRates: which kernel of several outputs; LinearizedNetwork:
            // eq. (10) with it
            // asked for
            + 1 // Targets: what networks of several outputs are trained to give
            + 4 // TrackQuantity, Checkpoints, Laziness, TrackFigure: the kernel along a training made elsewhere
            + 1 // Optimizer: what a step of training does with the gradient
            + 1 // ClassBlocksQuantity: the kernel of classifiers along their training, for sweeps
            + 1 // RegressionQuantity: accuracies of kernels of infinite width, for sweeps
            + 2 // NetworkQuestion, NetworkReport: trust in a network that was trained elsewhere
            + 4 // KernelSource, StoredKernel, KernelWriter, KernelStream: kernels that are larger than memory
            + 2 // SpectrumEvaluation, SpectrumEstimate: eigenvalues of kernels that are too large to be formed
            + 2 // KernelSolver, KernelSolution: regression with more inputs than a matrix in memory allows
            + 1 // Plot: a figure of any run
            // Shard, RunMerge, Capacity: parts of a sweep for processes of their own, how their run files are joined,
            // how long all takes
            + 3;

    private static Set<String> exported;
    private static List<JavaClass> types;

    @BeforeAll
    static void read() throws IOException {
        exported = Files.readAllLines(SOURCES.resolve("module-info.java")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("exports "))
                .map(line -> line.replaceAll("exports (.*);", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
        JavaClasses ours = new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests()))
                .importPackages("io.github.finitentk");
        types = ours.stream()
                .filter(type -> exported.contains(type.getPackageName()) && isPublic(type))
                .toList();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ExportedTypesTest::isPublic).orElse(true);
    }

    @Test
    void areFew() {
        assertThat(types.stream().filter(JavaClass::isTopLevelClass).count()).isBetween(1L, (long) MOST);
    }

    /** Users come to what takes an engine through {@link Ntk}; they see no other type that they cannot name. */
    @Test
    void speakOfNoOtherTypeThanThemselvesAndTheEngine() {
        assertThat(types.stream()
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(ExportedTypesTest::isVisible)
                        .filter(code -> Stream.concat(
                                        Stream.of(code.getRawReturnType()), code.getRawParameterTypes().stream())
                                .map(JavaClass::getBaseComponentType)
                                .anyMatch(type -> type.getPackageName().startsWith("io.github.finitentk")
                                        && !types.contains(type)
                                        && !type.getSimpleName().equals("Engine")))
                        .map(JavaCodeUnit::getFullName))
                .isEmpty();
    }

    @Test
    void holdNoNumbersOfTheNativeInterface() {
        assertThat(types.stream()
                        .flatMap(type -> type.getMembers().stream())
                        .filter(ExportedTypesTest::isVisible)
                        .filter(member -> member.getName().matches("(?i)code|abi.*"))
                        .map(JavaMember::getFullName))
                .isEmpty();
    }

    private static boolean isVisible(JavaMember member) {
        Set<JavaModifier> modifiers = member.getModifiers();
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }

    @Test
    void areAllDocumented() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> undocumented = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> sources = Files.walk(SOURCES)) {
            List<Path> java = sources.filter(file -> exported.contains(packageOf(file))
                            && file.toString().endsWith(".java"))
                    .toList();
            assertThat(java).isNotEmpty();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
            DocTrees documentation = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<Void, Void>() {
                    @Override
                    public Void visitClass(ClassTree type, Void nothing) {
                        boolean visible = type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                                || getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
                        if (visible && documentation.getDocComment(getCurrentPath()) == null) {
                            undocumented.add(unit.getPackageName() + "." + type.getSimpleName());
                        }
                        return visible ? super.visitClass(type, nothing) : null;
                    }
                }.scan(unit, null);
            }
        }
        assertThat(undocumented).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            assertThat(sources.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.endsWith("module-info.java"))
                            .map(Path::getParent)
                            .distinct())
                    .isNotEmpty()
                    .allSatisfy(folder ->
                            assertThat(folder.resolve("package-info.java")).exists());
        }
    }

    private static String packageOf(Path file) {
        Path folder = SOURCES.relativize(file).getParent();
        return folder == null
                ? ""
                : folder.toString().replace(file.getFileSystem().getSeparator(), ".");
    }
}
