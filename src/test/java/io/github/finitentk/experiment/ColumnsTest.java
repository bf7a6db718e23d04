package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.finitentk.model.Activations;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnsTest {

    private static final Cell CELL = new Cell(Activations.TANH, 1.5, 1, 3, 20);

    private static final Column<Double> AREA =
            Column.real("area", "of the picture").withSymbol("$A$").withUnit("mm^2");
    private static final Column<Long> CORNERS = Column.integer("corners", "how many");
    private static final Column<String> COLOUR = Column.text("colour", "a word");
    private static final Column<double[]> ANGLES = Column.reals("angles", "one by one");

    private record Shape(Double area, Long corners, String colour, double[] angles) {}

    private static final Columns<Shape> COLUMNS = new Columns<Shape>()
            .with(AREA, Shape::area)
            .with(CORNERS, Shape::corners)
            .with(COLOUR, Shape::colour)
            .with(ANGLES, Shape::angles);

    private static final SweepRow ROW =
            COLUMNS.row(CELL, SweepRow.Status.OK, "drawn", new Shape(2.5, 4L, "red", new double[] {90, 90}), 0.25);

    @Test
    void aDeclaredColumnIsReadAsItsOwnType() {
        double area = ROW.get(AREA);
        long corners = ROW.get(CORNERS);
        String colour = ROW.get(COLOUR);
        double[] angles = ROW.get(ANGLES);
        assertThat(area).isEqualTo(2.5);
        assertThat(corners).isEqualTo(4);
        assertThat(colour).isEqualTo("red");
        assertThat(angles).containsExactly(90, 90);
        assertThat(ROW.columns()).isEqualTo(List.of(AREA, CORNERS, COLOUR, ANGLES));
    }

    @Test
    void everyRowAlsoHasTheColumnsOfItsCell() {
        assertThat(SweepRow.COMMON.stream().map(ROW::get).collect(Collectors.toList()))
                .isEqualTo(List.of("tanh", 1.5, 1.0, 3L, 20L, "ok", "drawn", 0.25));
        double sigmaW2 = ROW.get(Cell.SIGMA_W2);
        assertThat(sigmaW2).isEqualTo(1.5);
        assertThat(ROW.real("sigma_b2")).isEqualTo(1);
        assertThat(ROW.integer("depth")).isEqualTo(3);
        assertThat(ROW.text("activation")).isEqualTo("tanh");
    }

    @Test
    void whatIsMissingIsNaNOrNull() {
        for (SweepRow row : List.of(
                COLUMNS.row(CELL, new Shape(null, null, null, null), 0),
                COLUMNS.failed(CELL, new IllegalStateException("no pen"), 0))) {
            assertThat(row.get(AREA)).isNaN();
            assertThat(row.get(CORNERS)).isNull();
            assertThat(row.get(COLOUR)).isNull();
            assertThat(row.get(ANGLES)).isNull();
            assertThat(row.flag(CORNERS)).isFalse();
            assertThat(row.real("area")).isNaN();
            assertThat(row.integer("corners")).isZero();
            assertThat(row.text("colour")).isNull();
            assertThat(row.reals("angles")).isNull();
        }
    }

    @Test
    void aNameThatIsNoneAndAWrongTypeAreOneSentenceThatSaysWhatThereIs() {
        String all = "activation (texts), sigma_w2 (real numbers), sigma_b2 (real numbers), depth (whole numbers), "
                + "width (whole numbers), status (texts), reason (texts), seconds (real numbers), "
                + "area (real numbers), corners (whole numbers), colour (texts), angles (lists of numbers).";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROW.real("Size"))
                .withMessage("There is no column Size; there are " + all);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROW.get(Column.real("size", "")))
                .withMessage("There is no column size; there are " + all);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROW.integer("area"))
                .withMessage("The column area (real numbers) cannot be read as integer.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROW.text("depth"))
                .withMessage("The column depth (whole numbers) cannot be read as text.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROW.get(Column.reals("area", "")))
                .withMessage("The column area (real numbers) cannot be read as reals.");
    }

    @Test
    void aRowOfAStoreMustFitItsColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SweepRow(CELL, SweepRow.Status.OK, null, 0, COLUMNS, List.of(1.0)))
                .withMessage("A row of 4 columns cannot have 1 values.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SweepRow(
                        CELL, SweepRow.Status.OK, null, 0, COLUMNS, Arrays.asList(1.0, "four", null, null)))
                .withMessage("The column corners (whole numbers) cannot hold String four.");
    }

    @Test
    void namesAreWordsAndUnique() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Column.real("E[Theta]", ""))
                .withMessageStartingWith("\"E[Theta]\" cannot name a column");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> COLUMNS.with(Column.text("area", "again"), Shape::colour))
                .withMessage("There is a column area already.");
    }

    @Test
    void rowsAreEqualByValue() {
        SweepRow same =
                COLUMNS.row(CELL, SweepRow.Status.OK, "drawn", new Shape(2.5, 4L, "red", new double[] {90, 90}), 0.25);
        assertThat(same).isEqualTo(ROW).hasSameHashCodeAs(ROW);
        assertThat(COLUMNS.row(CELL, SweepRow.Status.OK, "drawn", new Shape(2.5, 4L, "red", new double[1]), 0.25))
                .isNotEqualTo(ROW);
        assertThat(ROW)
                .hasToString("activation=tanh sigma_w2=1.5 sigma_b2=1.0 depth=3 width=20 ok area=2.5 corners=4 "
                        + "colour=red angles=[90.0, 90.0]");
    }

    /** The compiler's complaints about a method, each in one line. */
    private static List<String> complaints(Path folder, String statement) {
        String source =
                "import io.github.finitentk.experiment.*;\nclass Use { void use(SweepRow row) { " + statement + " } }";
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///Use.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        String path = Path.of(Column.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .toString();
        List<String> options = List.of("-proc:none", "-cp", path, "-d", folder.toString());
        compiler.getTask(null, null, diagnostics, options, null, List.of(file)).call();
        return diagnostics.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(java.util.Locale.ROOT)
                        .lines()
                        .findFirst()
                        .orElse(""))
                .toList();
    }

    @Test
    void mistakesWithDeclaredColumnsDoNotCompile(@TempDir Path folder) {
        assertThat(complaints(folder, "double ratio = row.get(VarianceQuantity.RATIO);"))
                .isEmpty();
        assertThat(complaints(folder, "double ratio = row.get(VarianceQuantity.RATIOS);"))
                .containsExactly("cannot find symbol");
        assertThat(complaints(folder, "long ratio = row.get(VarianceQuantity.RATIO);"))
                .hasSize(1)
                .allMatch(message -> message.startsWith("incompatible types"));
        assertThat(complaints(
                        folder,
                        "new Columns<String>().with(Column.integer(\"length\", \"\"), text -> (long) text.length());"))
                .isEmpty();
        assertThat(complaints(folder, "new Columns<String>().with(Column.integer(\"length\", \"\"), text -> text);"))
                .hasSize(1);
    }
}
