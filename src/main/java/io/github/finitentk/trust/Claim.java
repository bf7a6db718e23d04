package io.github.finitentk.trust;

/** What NTK theory claims about a network. */
public enum Claim {
    /** {@code Theta^0 = Theta*}: at initialisation the kernel is not random. */
    DETERMINISM("determinism", "eq. (4)", "the kernel is deterministic at initialisation"),
    /** {@code Theta^t = Theta^0}: training does not change the kernel. */
    CONSTANCY("constancy", "eq. (3)", "the kernel is constant in training"),
    /** Eq. (10) can be evaluated, and training gets there. */
    REGRESSION("regression", "eq. (10)", "kernel regression is usable");

    private final String label;
    private final String equation;
    private final String sentence;

    Claim(String label, String equation, String sentence) {
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

    /** The claim in words. */
    public String sentence() {
        return sentence;
    }
}
