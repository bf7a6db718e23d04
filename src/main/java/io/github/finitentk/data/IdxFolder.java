package io.github.finitentk.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of images and labels of one set, as MNIST and its relatives name them: {@code train-images-idx3-ubyte} and {@code
 * train-labels-idx1-ubyte} (MNIST, Fashion-MNIST, KMNIST), {@code t10k-...} of their test sets, {@code emnist-letters-train-...},
 * {@code qmnist-test-labels-idx2-int}, each plain or with {@code .gz} (the plain one is taken if both are there), also with a dot
 * before {@code idx}.
 *
 * @param set what stands before {@code images} in the name, for example {@code train} or {@code emnist-letters-train}
 */
record IdxFolder(Path images, Path labels, String set) {

    private static final Pattern NAME =
            Pattern.compile("((?:.+-)?(?:train|t10k|test\\w*))-(images|labels)[-.]idx\\d-(?:ubyte|int)(\\.gz)?");

    private static final String NAMES =
            "train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or with .gz, also with t10k, emnist-letters-train and the"
                    + " like for train";

    /**
     * @param place a folder, or the file of a set's images. Of a folder's sets it is the one called train, else the only one whose name
     *     ends so, else the only one
     * @throws DataFormatException if there is no such set, or several may be meant
     */
    static IdxFolder training(Path place) {
        return find(place, sets -> {
            List<String> training =
                    sets.stream().filter(set -> set.endsWith("-train")).toList();
            return sets.contains("train") ? List.of("train") : training.isEmpty() ? List.copyOf(sets) : training;
        });
    }

    /**
     * @param place a folder, or the file of a set's images. Of a folder's sets it is the one called t10k, else the only one whose name
     *     ends so or on test
     * @throws DataFormatException if there is no such set, or several may be meant
     */
    static IdxFolder testing(Path place) {
        return find(place, sets -> {
            List<String> testing = sets.stream()
                    .filter(set -> set.endsWith("-t10k") || set.endsWith("-test") || set.equals("test"))
                    .toList();
            return sets.contains("t10k") ? List.of("t10k") : testing;
        });
    }

    private static IdxFolder find(Path place, Function<Set<String>, List<String>> choice) {
        if (Files.isRegularFile(place)) {
            Matcher name = NAME.matcher(place.getFileName().toString());
            if (!name.matches() || !name.group(2).equals("images")) {
                throw new DataFormatException(place
                        + " is not called as a file of images is, so that its labels can be found: " + NAMES + ".");
            }
            Path folder = place.toAbsolutePath().getParent();
            Path labels = sets(folder).get(name.group(1))[1];
            return complete(place, labels, name.group(1));
        }
        if (!Files.isDirectory(place)) {
            throw new DataFormatException("Cannot read " + place + ": no such file or folder.");
        }
        Map<String, Path[]> sets = sets(place);
        if (sets.isEmpty()) {
            throw new DataFormatException("The folder " + place + " has no files " + NAMES + ".");
        }
        List<String> meant = choice.apply(sets.keySet());
        if (meant.size() != 1) {
            throw new DataFormatException("The folder " + place + " has "
                    + (meant.isEmpty()
                            ? "no test set, such as t10k-images-idx3-ubyte, but " + String.join(", ", sets.keySet())
                            : "several sets, " + String.join(", ", meant))
                    + "; give the file of images of one of them.");
        }
        Path[] files = sets.get(meant.get(0));
        return complete(files[0], files[1], meant.get(0));
    }

    private static IdxFolder complete(Path images, Path labels, String set) {
        if (images == null || labels == null) {
            throw new DataFormatException((images == null ? labels : images) + " has no file of "
                    + (images == null ? "images" : "labels") + " beside it: " + NAMES + ".");
        }
        return new IdxFolder(images, labels, set);
    }

    /** Images and labels of each set. */
    private static Map<String, Path[]> sets(Path folder) {
        Map<String, Path[]> sets = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) { // plain ones before those with .gz
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    Path[] pair = sets.computeIfAbsent(name.group(1), set -> new Path[2]);
                    int place = name.group(2).equals("images") ? 0 : 1;
                    pair[place] = pair[place] == null || pair[place].toString().endsWith(".gz") && name.group(3) == null
                            ? file
                            : pair[place];
                }
            }
            return sets;
        } catch (IOException e) {
            throw Io.unreadable(folder.toString(), e);
        }
    }

    /** {@code mnist from FOLDER} of a plain training set, else with the name of the set: {@code emnist-letters-train from FOLDER}. */
    String source(Path place) {
        return (set.equals("train") ? "mnist" : set) + " from " + place;
    }
}
