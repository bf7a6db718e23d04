package io.github.finitentk.experiment;

import io.github.finitentk.internal.files.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The networks that a training has left behind, file by file, in the order of its steps.
 *
 * @param files at least one, none twice
 * @param steps of each, ascending
 * @param named whether the steps were read from the files' names; if not, they are 0, 1, 2, ... or were given
 */
public record Checkpoints(List<Path> files, List<Long> steps, boolean named) {

    private static final Pattern PATTERN = Pattern.compile("[*?\\[{]");
    private static final Pattern ENDING = Pattern.compile("(?i)\\.(npz|safetensors)$");

    /** What steps are called, the finest first: Lightning writes {@code epoch=3-step=2810}. */
    private static final List<Pattern> LABELS = Stream.of("steps?", "iter(?:ation)?s?", "epochs?", "ep")
            .map(label -> Pattern.compile("(?i)(?<![a-z])" + label + "[=_. -]*(\\d+)"))
            .toList();

    private static final Pattern LAST_NUMBER = Pattern.compile("(\\d+)(?!.*\\d)");
    private static final Pattern INITIAL =
            Pattern.compile("(?i)(?<![a-z])(init|initial|initialization|start)(?![a-z])");
    private static final Pattern PIECE = Pattern.compile("\\d+|\\D+");

    /** @throws IllegalArgumentException if there is no file, one is there twice, or the steps do not ascend from 0 */
    public Checkpoints {
        files = List.copyOf(files);
        steps = List.copyOf(steps);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("There must be at least one checkpoint.");
        }
        if (steps.size() != files.size()) {
            throw new IllegalArgumentException(
                    "There must be a step for each of the " + files.size() + " checkpoints, not " + steps.size() + ".");
        }
        Set<Path> known = new HashSet<>();
        for (int k = 0; k < files.size(); k++) {
            if (!known.add(files.get(k).toAbsolutePath().normalize())) {
                throw new IllegalArgumentException("The checkpoint " + files.get(k) + " is given twice.");
            }
            if (steps.get(k) < 0 || k > 0 && steps.get(k) < steps.get(k - 1)) {
                throw new IllegalArgumentException("The steps of checkpoints must ascend from 0 or more, but "
                        + steps.get(k) + " is that of " + files.get(k) + ".");
            }
            if (k > 0 && steps.get(k).equals(steps.get(k - 1))) {
                throw new IllegalArgumentException(files.get(k - 1) + " and " + files.get(k) + " are both of step "
                        + steps.get(k) + "; leave one out, or say which step each is of.");
            }
        }
    }

    /**
     * Files by name or pattern ({@code run/*.npz}). Steps are read from the names: the number after {@code step}, {@code iter} or
     * {@code epoch} (whichever comes first in this list and stands in all of them), else the last number; {@code init} and
     * {@code start} are step 0. If a name has none, all are numbered 0, 1, 2, ... in natural order, in which {@code net-9} comes before
     * {@code net-10}.
     *
     * @throws IllegalArgumentException if a file is missing, a pattern fits none, a file is given twice or two have the same step
     */
    public static Checkpoints find(List<String> words) {
        List<Path> files = new ArrayList<>();
        words.forEach(word -> files.addAll(find(word)));
        files.sort(NATURAL);
        Map<Path, Long> steps = steps(files);
        if (steps.size() < files.stream().distinct().count()) {
            return new Checkpoints(
                    files, LongStream.range(0, files.size()).boxed().toList(), false);
        }
        files.sort(Comparator.comparing(steps::get));
        return new Checkpoints(files, files.stream().map(steps::get).toList(), true);
    }

    /**
     * The same with their steps said.
     *
     * @param steps one for each file, in the order in which the words give the files
     */
    public static Checkpoints find(List<String> words, List<Long> steps) {
        List<Path> files = new ArrayList<>();
        for (String word : words) {
            List<Path> found = find(word);
            found.sort(NATURAL);
            files.addAll(found);
        }
        return new Checkpoints(files, steps, false);
    }

    private static List<Path> find(String word) {
        Path path = Path.of(word);
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    word + " is a folder; name the checkpoints in it, such as " + path.resolve("*.npz") + ".");
        }
        if (Files.exists(path)) {
            return new ArrayList<>(List.of(path));
        }
        if (!PATTERN.matcher(word).find()) {
            throw new IllegalArgumentException("The checkpoint " + word + " does not exist.");
        }
        Path base = path.getRoot() == null ? Path.of("") : path.getRoot();
        int plain = 0;
        while (plain < path.getNameCount() - 1
                && !PATTERN.matcher(path.getName(plain).toString()).find()) {
            base = base.resolve(path.getName(plain++));
        }
        PathMatcher fits = FileSystems.getDefault().getPathMatcher("glob:" + word);
        try (Stream<Path> all = Files.walk(base, path.getNameCount() - plain)) {
            List<Path> found = new ArrayList<>(all.filter(file -> fits.matches(file) && Files.isRegularFile(file))
                    .toList());
            if (found.isEmpty()) {
                throw new IllegalArgumentException("No checkpoint fits the pattern " + word + ".");
            }
            return found;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "No checkpoint fits the pattern " + word + ": " + FileProblem.sentence(e), e);
        } catch (UncheckedIOException e) {
            throw new IllegalArgumentException(
                    "The pattern " + word + " cannot be followed: " + FileProblem.sentence(e.getCause()), e);
        }
    }

    // As far as names have steps.
    private static Map<Path, Long> steps(List<Path> files) {
        List<Pattern> patterns = new ArrayList<>(LABELS);
        patterns.add(LAST_NUMBER);
        Map<Path, Long> steps = new HashMap<>();
        for (Pattern pattern : patterns) {
            steps.clear();
            for (Path file : files) {
                step(file, pattern).ifPresent(step -> steps.put(file, step));
            }
            if (steps.keySet().containsAll(files)) {
                break;
            }
        }
        return steps;
    }

    private static Optional<Long> step(Path file, Pattern pattern) {
        String name = ENDING.matcher(file.getFileName().toString()).replaceFirst("");
        Matcher number = pattern.matcher(name);
        if (number.find()) {
            BigInteger step = new BigInteger(number.group(1));
            return step.bitLength() < Long.SIZE ? Optional.of(step.longValue()) : Optional.empty();
        }
        return INITIAL.matcher(name).find() ? Optional.of(0L) : Optional.empty();
    }

    /** Numbers within names by their size, all else letter by letter. */
    private static final Comparator<Path> NATURAL = (a, b) -> {
        Matcher first = PIECE.matcher(a.toString());
        Matcher second = PIECE.matcher(b.toString());
        while (true) {
            boolean more = first.find();
            if (more != second.find()) {
                return more ? 1 : -1;
            }
            if (!more) {
                return a.compareTo(b);
            }
            int order = compare(first.group(), second.group());
            if (order != 0) {
                return order;
            }
        }
    };

    private static int compare(String a, String b) {
        boolean numbers = Character.isDigit(a.charAt(0)) && Character.isDigit(b.charAt(0));
        return numbers ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
    }

    /** How many there are. */
    public int count() {
        return files.size();
    }
}
