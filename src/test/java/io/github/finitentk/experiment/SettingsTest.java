package io.github.finitentk.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Setting<Integer> COUNT = Setting.integer("count", 3, 1, 10, "how many");
    private static final Setting<Long> STEPS = Setting.longInteger("steps", 1L << 40, 1, 1L << 41, "many");
    private static final Setting<Double> SIZE = Setting.number("size", 0.5, 0, 1, "how large");
    private static final Setting<Boolean> FAST = Setting.flag("fast", true, "whether");
    private static final Setting<DayOfWeek> DAY =
            Setting.choice("day", DayOfWeek.MONDAY, day -> day.name().toLowerCase(java.util.Locale.ROOT), "when");
    private static final Setting<String> FILE = Setting.text("file", null, "where");
    private static final Setting<List<Long>> STOPS = Setting.integers("stops", List.of(1L, 2L), 0, 9, "at which");
    private static final Setting<List<Double>> SIZES = Setting.numbers("sizes", List.of(0.5), 0, 1, "each");

    private static final QuantityType TYPE =
            new OwnType("journey", "", List.of(COUNT, STEPS, SIZE, FAST, DAY, FILE, STOPS, SIZES), settings -> null);

    @Test
    void everySettingIsReadAsItsOwnType() {
        Quantity.Settings defaults = Quantity.Settings.of(TYPE, Map.of());
        int count = defaults.get(COUNT);
        long steps = defaults.get(STEPS);
        double size = defaults.get(SIZE);
        boolean fast = defaults.get(FAST);
        DayOfWeek day = defaults.get(DAY);
        assertThat(List.of(count, steps, size, fast, day)).isEqualTo(List.of(3, 1L << 40, 0.5, true, DayOfWeek.MONDAY));
        assertThat(defaults.get(FILE)).isNull();
        assertThat(defaults.get(STOPS)).containsExactly(1L, 2L);
        assertThat(defaults.get(SIZES)).containsExactly(0.5);

        Quantity.Settings given = Quantity.Settings.of(
                TYPE, Map.of("count", 4L, "size", 1, "day", "friday", "file", "a.txt", "stops", 7, "fast", false));
        assertThat(given.get(COUNT)).isEqualTo(4);
        assertThat(given.get(SIZE)).isEqualTo(1.0);
        assertThat(given.get(DAY)).isEqualTo(DayOfWeek.FRIDAY);
        assertThat(given.get(FILE)).isEqualTo("a.txt");
        assertThat(given.get(STOPS)).containsExactly(7L);
        assertThat(given.get(FAST)).isFalse();
        assertThat(given.values().toString())
                .isEqualTo("{count=4, steps=1099511627776, size=1.0, fast=false, day=friday, file=a.txt, stops=[7], "
                        + "sizes=[0.5]}");
    }

    @Test
    void mistakesAreOneSentence() {
        String all = "count, steps, size, fast, day, file, stops, sizes.";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.Settings.of(TYPE, Map.of("number", 3)))
                .withMessage("The quantity journey has no setting \"number\"; it has " + all);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.Settings.of(TYPE, Map.of()).get(Setting.flag("slow", true, "")))
                .withMessage("The quantity journey has no setting \"slow\"; it has " + all);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.Settings.of(TYPE, Map.of("count", 11)))
                .withMessage("count must be 1 to 10, not 11.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.Settings.of(TYPE, Map.of("day", "someday")))
                .withMessageStartingWith("day must be one of monday, tuesday");
    }
}
