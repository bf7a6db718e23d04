package io.github.finitentk.report.html;

import io.github.finitentk.experiment.VarianceQuantity;
import io.github.finitentk.sampling.Method;
import io.github.finitentk.training.TrainingResult.StopReason;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the codes of tables mean, in words: by column, then by code. */
final class Codes {

    private Codes() {}

    static Map<String, Map<String, String>> all() {
        Map<String, String> stopped = new LinkedHashMap<>();
        for (StopReason reason : StopReason.values()) {
            stopped.put(reason.label(), words(reason));
        }
        Map<String, String> methods = new LinkedHashMap<>();
        for (Method method : Method.values()) {
            methods.put(method.label(), words(method));
        }
        Map<String, String> tails = Map.of("0", "no", "1", "yes");
        return Map.of(
                "stopped",
                stopped,
                VarianceQuantity.METHOD.name(),
                methods,
                VarianceQuantity.HEAVY_TAILED.name(),
                tails);
    }

    private static String words(StopReason reason) {
        return switch (reason) {
            case EARLY_STOP -> "stopped early, when the loss fell no further";
            case MAX_STEPS -> "took all the steps allowed";
            case DIVERGED -> "diverged";
        };
    }

    private static String words(Method method) {
        return switch (method) {
            case AUTO -> "chosen by the program";
            case EXACT -> "exact moments, nothing drawn";
            case LEADING_ORDER -> "first order in 1/width, nothing drawn";
            case CHAIN -> "draws of one input's states, without weights";
            case CONDITIONAL -> "draws of states without weights";
            case RAO_BLACKWELL -> "forward passes with exact backward moments";
            case SMC -> "sequential Monte Carlo over layers";
            case WEIGHTS -> "draws of all weights";
        };
    }
}
