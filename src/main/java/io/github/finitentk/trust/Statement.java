package io.github.finitentk.trust;

import io.github.finitentk.sampling.Interval;
import java.util.Locale;

/**
 * What is found about one assumption of NTK theory.
 *
 * @param assumption the assumption
 * @param validity how far it holds
 * @param reason one sentence with the number that decides
 */
public record Statement(Assumption assumption, Validity validity, String reason) {

    /** {@code eq. (3), the kernel is constant in training: holds. ...}, with the reason. */
    @Override
    public String toString() {
        return assumption.equation + ", " + assumption.sentence + ": " + validity.label() + ". " + reason;
    }

    /** What NTK theory assumes about a network. */
    public enum Assumption {
        /** {@code Theta^0 = Theta*}: at initialisation the kernel is not random. */
        DETERMINISM("determinism", "eq. (4)", "the kernel is deterministic at initialisation"),
        /** {@code Theta^t = Theta^0}: training does not change the kernel. */
        CONSTANCY("constancy", "eq. (3)", "the kernel is constant in training"),
        /** Eq. (10) can be evaluated, and training gets there. */
        REGRESSION("regression", "eq. (10)", "kernel regression is usable");

        private final String label;
        private final String equation;
        private final String sentence;

        Assumption(String label, String equation, String sentence) {
            this.label = label;
            this.equation = equation;
            this.sentence = sentence;
        }

        /** The name in results: {@code determinism}, {@code constancy} or {@code regression}. */
        public String label() {
            return label;
        }

        /** Where the paper states it. */
        public String equation() {
            return equation;
        }

        /** The assumption in words. */
        public String sentence() {
            return sentence;
        }
    }

    /** How far an assumption holds. */
    public enum Validity {
        /** Within the tolerance. */
        HOLDS,
        /** In outline: order of magnitude and trends, not numbers. */
        LIMITED,
        /** Not at all. */
        FAILS,
        /** What could be computed within the budget does not say. */
        UNKNOWN;

        /** {@code holds}, {@code limited}, {@code fails} or {@code unknown}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** What a training is, of whose kernel eq. (3) is that valid: {@code lazy}, {@code nearly lazy}, {@code not lazy} or {@code unknown}. */
        public String laziness() {
            return switch (this) {
                case HOLDS -> "lazy";
                case LIMITED -> "nearly lazy";
                case FAILS -> "not lazy";
                case UNKNOWN -> "unknown";
            };
        }

        /** By two thresholds; a value that is not a number fails. */
        static Validity of(double value, double holds, double limited) {
            if (value <= holds) {
                return HOLDS;
            }
            return value <= limited ? LIMITED : FAILS;
        }

        /**
         * By two thresholds for a number that is known to lie in an interval: it holds if the whole interval is within the
         * first, fails if the whole of it is beyond the second, and is unknown if both could be.
         */
        static Validity of(Interval interval, double holds, double limited) {
            Validity best = of(interval.lower(), holds, limited);
            Validity worst = of(interval.upper(), holds, limited);
            if (best == worst) {
                return best;
            }
            return best == HOLDS && worst == FAILS ? UNKNOWN : LIMITED;
        }

        /** One step worse, down to {@link #FAILS}. */
        Validity lowered() {
            return switch (this) {
                case HOLDS -> LIMITED;
                case LIMITED, FAILS -> FAILS;
                case UNKNOWN -> UNKNOWN;
            };
        }
    }
}
