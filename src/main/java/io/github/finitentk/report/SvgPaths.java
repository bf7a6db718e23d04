package io.github.finitentk.report;

import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Shortens the path data that Batik writes, without changing a coordinate: upright and level lines become {@code V} and
 * {@code H}, and a line back to the start of a shape that is closed anyway is dropped. Cells are rectangles, so this halves
 * the size of heat maps.
 */
final class SvgPaths {

    private SvgPaths() {}

    static void shorten(Element root) {
        NodeList found = root.getElementsByTagName("path");
        List<Element> paths = new ArrayList<>();
        for (Node path = found.item(0); path != null; path = found.item(paths.size())) {
            paths.add((Element) path);
        }
        // Not while the list is read: each change of the document makes it count anew.
        paths.forEach(path -> path.setAttribute("d", shorten(path.getAttribute("d"))));
    }

    /** Anything but absolute M, L, Q, C and Z, which is all that Batik writes, is passed on as it is. */
    static String shorten(String data) {
        String[] tokens = data.replaceAll("([A-Za-z])", " $1 ").strip().split("[ ,]+");
        StringBuilder out = new StringBuilder();
        String x = "";
        String y = "";
        String startX = "";
        String startY = "";
        int at = 0;
        while (at < tokens.length) {
            String command = tokens[at++];
            int count = 0;
            while (at + count < tokens.length && !Character.isLetter(tokens[at + count].charAt(0))) {
                count++;
            }
            if (!"MLQCZ".contains(command) || command.equals("L") && count != 2) {
                return data;
            }
            if (count == 0) {
                out.append(command);
                x = startX;
                y = startY;
                continue;
            }
            String toX = tokens[at + count - 2];
            String toY = tokens[at + count - 1];
            boolean closes = toX.equals(startX)
                    && toY.equals(startY)
                    && at + count < tokens.length
                    && tokens[at + count].equals("Z");
            if (command.equals("L") && closes) {
                // Z draws this line.
            } else if (command.equals("L") && toY.equals(y)) {
                out.append('H').append(toX);
            } else if (command.equals("L") && toX.equals(x)) {
                out.append('V').append(toY);
            } else {
                out.append(command).append(String.join(" ", java.util.Arrays.copyOfRange(tokens, at, at + count)));
            }
            if (command.equals("M")) {
                startX = toX;
                startY = toY;
            }
            x = toX;
            y = toY;
            at += count;
        }
        return out.toString();
    }
}
