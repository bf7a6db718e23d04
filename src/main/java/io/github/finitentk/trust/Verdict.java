package io.github.finitentk.trust;

import io.github.finitentk.trust.Statement.Assumption;
import io.github.finitentk.trust.Statement.Validity;
import java.util.List;
import java.util.Locale;

/** The answer in one word. */
public enum Verdict {
    /** All assumptions hold: NTK theory describes this network quantitatively. */
    TRUST,
    /** An assumption holds in outline only, or the theory holds but cannot be used: expect trends, not numbers. */
    CAUTION,
    /** The kernel is random or moves: what NTK theory says about this network is not about this network. */
    DO_NOT_TRUST,
    /** Not answered: what the budget pays for does not say whether the kernel is random or moves. */
    UNKNOWN;

    /** {@code trust}, {@code caution}, {@code do-not-trust} or {@code unknown}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Do not trust what fails eq. (3) or (4), which all of the theory rests on; a kernel that is merely ill-conditioned
     * leaves the theory right and its use doubtful, which calls for caution. Where neither fails but one of them is unknown,
     * so is the answer.
     */
    static Verdict of(List<Statement> statements) {
        if (statements.stream()
                .anyMatch(s -> s.validity() == Validity.FAILS && s.assumption() != Assumption.REGRESSION)) {
            return DO_NOT_TRUST;
        }
        if (statements.stream().anyMatch(s -> s.validity() == Validity.UNKNOWN)) {
            return UNKNOWN;
        }
        return statements.stream().allMatch(s -> s.validity() == Validity.HOLDS) ? TRUST : CAUTION;
    }
}
