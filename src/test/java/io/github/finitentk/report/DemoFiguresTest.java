package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Draws every demo figure into target/report-demo, for people to look at, and checks what can be checked of files. */
class DemoFiguresTest {

    private static final Path FOLDER = Path.of("target", "report-demo");

    @Test
    void everyFigureIsWrittenAsPngAndSvgOfModestSize() throws Exception {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("heat-map-paper", DemoFigures.heatMap(ColorScale.paper()));
        figures.put(
                "heat-map-viridis",
                DemoFigures.heatMap(ColorScale.viridis(1, 100).logarithmic().open(false, true)));
        figures.put("ratio-curves", DemoFigures.ratioCurves());
        figures.put("covariances", DemoFigures.covariances());
        figures.put("change", DemoFigures.change());
        figures.put("bands", DemoFigures.bands());
        for (Map.Entry<String, Figure> entry : figures.entrySet()) {
            Path png = FOLDER.resolve(entry.getKey() + ".png");
            Path svg = FOLDER.resolve(entry.getKey() + ".svg");
            FigureWriter.write(entry.getValue(), png);
            FigureWriter.write(entry.getValue(), svg);
            assertThat(Files.size(png)).isBetween(5_000L, 1_000_000L);
            assertThat(Files.size(svg)).isBetween(5_000L, 1_000_000L);
        }
    }
}
