package io.github.finitentk.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MathTextTest {

    @Test
    void plainTextUsesUnicodeScriptsWhereTheyExist() {
        assertThat(MathText.parse("$\\chi_1 = 1$").plain()).isEqualTo("χ₁ = 1");
        assertThat(MathText.parse("$\\sigma_w^2$").plain()).isEqualTo("σ_w²");
        assertThat(MathText.parse("$x_{st}^{-1}$").plain()).isEqualTo("xₛₜ⁻¹");
        assertThat(MathText.parse("$q_{FG}$").plain()).isEqualTo("q_(FG)");
        assertThat(MathText.parse("costs 5 \\$, $M \\to \\infty$").plain()).isEqualTo("costs 5 $, M → ∞");
    }

    @Test
    void scriptsOfOneSymbolStandAboveEachOther() {
        double stacked = MathText.parse("$\\sigma_w^2$").width(8);
        double inARow = MathText.parse("$\\sigma_{w2}$").width(8);
        assertThat(stacked).isLessThan(inARow);
        var bounds = MathText.parse("$\\sigma_w^2$").lay(8).shape().getBounds2D();
        assertThat(bounds.getMinY()).isLessThan(-6);
        assertThat(bounds.getMaxY()).isGreaterThan(1);
    }

    @Test
    void symbolsAreDrawnAndScaleWithTheSize() {
        double small = MathText.parse("$\\mathbb{E}[\\Theta(x, x)^2]$").width(4);
        double large = MathText.parse("$\\mathbb{E}[\\Theta(x, x)^2]$").width(8);
        assertThat(large).isBetween(1.98 * small, 2.02 * small);
    }

    @Test
    void linesBreakAtSpacesOutsideFormulasOnly() {
        List<MathText> lines = MathText.wrap("constant width $M = 50$, depth $L = 20$ and more\nnew line", 60, 8);
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(lines).anySatisfy(line -> assertThat(line.plain()).contains("M = 50"));
        assertThat(lines.get(lines.size() - 1).plain()).isEqualTo("new line");
        assertThat(lines).allSatisfy(line -> assertThat(line.width(8)).isLessThan(61));
        assertThat(String.join(" ", lines.stream().map(MathText::plain).toList()))
                .isEqualTo("constant width M = 50, depth L = 20 and more new line");
    }

    @Test
    void brokenMarkupIsNamed() {
        for (String broken : List.of("$x", "$x_{1$", "$\\unknown$", "$x^$", "$x_1_2$", "$x^2^3$")) {
            assertThatIllegalArgumentException()
                    .as(broken)
                    .isThrownBy(() -> MathText.parse(broken))
                    .withMessageContaining(broken)
                    .withMessageEndingWith(".");
        }
    }
}
