package io.github.finitentk.trust;

import java.util.List;
import java.util.Locale;

/** The answer in one word. */
public enum Verdict {
    /** All claims hold: NTK theory describes this network quantitatively. */
    TRUST,
    /** A claim holds in outline only, or the theory holds but cannot be used: expect trends, not numbers. */
    CAUTION,
    /** The kernel is random or moves: what NTK theory says about this network is not about this network. */
    DO_NOT_TRUST;

    /** {@code trust}, {@code caution} or {@code do-not-trust}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Do not trust what fails eq. (3) or (4), which all of the theory rests on; a kernel that is merely ill-conditioned
     * leaves the theory right and its use doubtful, which calls for caution.
     */
    static Verdict of(List<Statement> statements) {
        Verdict verdict = TRUST;
        for (Statement statement : statements) {
            if (statement.standing() == Standing.FAILS && statement.claim() != Claim.REGRESSION) {
                return DO_NOT_TRUST;
            }
            if (statement.standing() != Standing.HOLDS) {
                verdict = CAUTION;
            }
        }
        return verdict;
    }
}
