package io.github.finitentk.report.paper;

import io.github.finitentk.internal.files.CsvWriter;
import io.github.finitentk.internal.files.JsonWriter;
import io.github.finitentk.report.Caption;
import io.github.finitentk.report.Figure;
import io.github.finitentk.report.FigureWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A finished figure: pictures, numbers and words.
 *
 * @param number the figure's number
 * @param caption title, hyper-parameters, seed, version and command
 * @param pictures by the suffix of the file's name; the figure itself has the suffix ""
 * @param table the numbers behind the pictures, one row per cell
 * @param backend the backend's name and description, for the JSON document
 */
record FigureResult(int number, Caption caption, Map<String, Figure> pictures, FigureTable table, String backend) {

    /**
     * Writes a PDF, an SVG, a PNG, and their caption as Markdown and LaTeX, of each picture; and a CSV and a JSON file. Further
     * pictures carry their suffix. Each file appears whole or not at all.
     *
     * @param name of the files without their endings: {@link FigureContext#fileName}
     * @param width of the pictures in points
     * @return the figure's PNG
     * @throws IOException if writing fails
     */
    Path write(Path folder, String name, double width) throws IOException {
        for (Map.Entry<String, Figure> picture : pictures.entrySet()) {
            Figure figure = picture.getValue().atWidth(width);
            String base = name + picture.getKey();
            for (String format : FigureWriter.FORMATS) {
                FigureWriter.write(figure, folder.resolve(base + "." + format));
            }
            Caption words = caption.of(figure.caption());
            words.write(folder.resolve(base + ".md"));
            words.write(folder.resolve(base + ".tex"));
        }
        CsvWriter.write(folder.resolve(name + ".csv"), table.columns(), table.rows());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("figure", number);
        document.put("caption", caption.toText());
        document.put("backend", backend);
        document.put("columns", table.columns());
        document.put("rows", table.rows());
        JsonWriter.write(folder.resolve(name + ".json"), document);
        return folder.resolve(name + ".png").toAbsolutePath().normalize();
    }
}
