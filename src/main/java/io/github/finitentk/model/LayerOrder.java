package io.github.finitentk.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The orders that layers of given names can have: numbers in names order them, as {@code fc1} before {@code fc2} and {@code dense}
 * before {@code dense_1}; words do not, so that {@code hidden} and {@code output} stand in any order that the shapes allow.
 */
final class LayerOrder {

    /** More are no help: two already leave the order open. */
    private static final int MOST_ORDERS = 256;

    private static final int MOST_WORDS = 64;
    private static final int MOST_STEPS = 2_000_000;

    private static final class Node {
        private final Map<Integer, Node> numbers = new TreeMap<>();
        private final Map<String, Node> words = new TreeMap<>();
        private FileLayer layer;

        Node child(Object piece) {
            return piece instanceof Integer number
                    ? numbers.computeIfAbsent(number, key -> new Node())
                    : words.computeIfAbsent((String) piece, key -> new Node());
        }
    }

    private final BiPredicate<FileLayer, FileLayer> follows;
    private int steps;
    private boolean complete = true;

    private LayerOrder(BiPredicate<FileLayer, FileLayer> follows) {
        this.follows = follows;
    }

    /**
     * Those of the orders in which each layer can be followed by the next one.
     *
     * @param layers of different {@link FileLayer#pieces}
     * @return none, one, or some of several; several also if there are too many to try
     */
    static List<List<FileLayer>> of(List<FileLayer> layers, BiPredicate<FileLayer, FileLayer> follows) {
        Node root = new Node();
        for (FileLayer layer : layers) {
            Node node = root;
            for (Object piece : layer.pieces()) {
                node = node.child(piece);
            }
            node.layer = layer;
        }
        LayerOrder search = new LayerOrder(follows);
        List<List<FileLayer>> orders = search.orders(root);
        return search.complete ? orders : List.of(layers, layers);
    }

    private List<List<FileLayer>> orders(Node node) {
        List<List<List<FileLayer>>> parts = new ArrayList<>();
        List<List<FileLayer>> numbered = List.of(new ArrayList<>());
        if (node.layer != null) {
            numbered.get(0).add(node.layer);
        }
        for (Node child : node.numbers.values()) {
            numbered = joined(numbered, orders(child));
        }
        if (node.layer != null || !node.numbers.isEmpty()) {
            parts.add(numbered);
        }
        for (Node child : node.words.values()) {
            parts.add(orders(child));
        }
        return parts.size() == 1 ? parts.get(0) : inAnyOrder(parts);
    }

    private List<List<FileLayer>> inAnyOrder(List<List<List<FileLayer>>> parts) {
        List<List<FileLayer>> found = new ArrayList<>();
        if (parts.size() > MOST_WORDS) {
            complete = false;
        } else {
            extend(List.of(new ArrayList<>()), parts, new boolean[parts.size()], 0, found);
        }
        return found;
    }

    private void extend(
            List<List<FileLayer>> begun,
            List<List<List<FileLayer>>> parts,
            boolean[] used,
            int count,
            List<List<FileLayer>> found) {
        if (count == parts.size()) {
            found.addAll(begun);
            complete &= found.size() <= MOST_ORDERS;
            return;
        }
        for (int k = 0; k < used.length && complete; k++) {
            if (used[k]) {
                continue;
            }
            List<List<FileLayer>> longer = joined(copies(begun), parts.get(k));
            if (!longer.isEmpty()) {
                used[k] = true;
                extend(longer, parts, used, count + 1, found);
                used[k] = false;
            }
        }
    }

    private static List<List<FileLayer>> copies(List<List<FileLayer>> lists) {
        List<List<FileLayer>> copies = new ArrayList<>();
        lists.forEach(each -> copies.add(new ArrayList<>(each)));
        return copies;
    }

    /** All of {@code begun}, which may be changed, with all of {@code next} behind them, where the shapes allow it. */
    private List<List<FileLayer>> joined(List<List<FileLayer>> begun, List<List<FileLayer>> next) {
        List<List<FileLayer>> joined = new ArrayList<>();
        for (List<FileLayer> first : begun) {
            for (List<FileLayer> second : next) {
                complete &= ++steps <= MOST_STEPS && joined.size() <= MOST_ORDERS;
                if (!complete) {
                    return joined;
                }
                if (!first.isEmpty() && !follows.test(first.get(first.size() - 1), second.get(0))) {
                    continue;
                }
                List<FileLayer> both = next.size() == 1 ? first : new ArrayList<>(first);
                both.addAll(second);
                joined.add(both);
            }
        }
        return joined;
    }
}
