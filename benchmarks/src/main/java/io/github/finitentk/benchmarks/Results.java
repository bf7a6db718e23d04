package io.github.finitentk.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What JMH has measured, read from its JSON files. */
final class Results {

    /**
     * One benchmark with one set of parameters.
     *
     * @param name its class without "Benchmark", and its method
     * @param parameters by name, without the backend
     * @param backend what the parameter of that name says; {@code java} without one, where it takes no part
     * @param score calls per second
     * @param error half the width of its 99.9 % interval as a share of the score; NaN of fewer than three measurements
     * @param flop operations per second
     * @param bytes per second
     * @param items per second
     * @param allocated bytes on the heap for each call; NaN without {@code -prof gc}
     */
    record Result(
            String name,
            Map<String, String> parameters,
            String backend,
            double score,
            double error,
            double flop,
            double bytes,
            double items,
            double allocated) {}

    private Results() {}

    /** All of them in the order of the files. */
    static List<Result> read(List<Path> files) throws IOException {
        List<Result> results = new ArrayList<>();
        for (Path file : files) {
            for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
                results.add(result(node));
            }
        }
        return results;
    }

    private static Result result(JsonNode node) {
        String[] names = node.path("benchmark").asText().split("\\.");
        Map<String, String> parameters = new TreeMap<>();
        node.path("params").properties().forEach(entry -> parameters.put(
                entry.getKey(), entry.getValue().asText()));
        String backend = parameters.remove("backend");
        JsonNode score = node.path("primaryMetric");
        JsonNode others = node.path("secondaryMetrics");
        return new Result(
                names[names.length - 2].replace("Benchmark", "") + "." + names[names.length - 1],
                parameters,
                backend == null ? "java" : backend,
                number(score.path("score")),
                number(score.path("scoreError")) / number(score.path("score")),
                number(others.path("flop").path("score")),
                number(others.path("bytes").path("score")),
                number(others.path("items").path("score")),
                number(others.path("gc.alloc.rate.norm").path("score")));
    }

    // JMH writes "NaN" in quotes.
    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}
