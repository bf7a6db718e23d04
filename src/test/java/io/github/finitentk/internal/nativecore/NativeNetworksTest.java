package io.github.finitentk.internal.nativecore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.model.Activation;
import io.github.finitentk.model.Activations;
import io.github.finitentk.model.PiecewiseLinear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NativeNetworksTest {

    @Test
    void numbersAreThoseOfTheHeader() throws IOException {
        String header = Files.readString(Path.of("src", "main", "cpp", "ntk", "activation_kind.h"));
        Map<String, Integer> kinds = new HashMap<>();
        Matcher entry = Pattern.compile("\\bk(\\w+) = (\\d+),").matcher(header);
        while (entry.find()) {
            kinds.put(entry.group(1).toLowerCase(Locale.ROOT), Integer.valueOf(entry.group(2)));
        }
        assertThat(kinds).hasSize(8);
        int smooth = 0;
        for (String name : Activations.names()) {
            if (!name.contains("(")) {
                Activation activation = Activations.parse(name);
                boolean linear = activation instanceof PiecewiseLinear;
                smooth += linear ? 0 : 1;
                assertThat(NativeNetworks.Code.of(activation).kind())
                        .as(name)
                        .isEqualTo(kinds.get(linear ? "piecewiselinear" : name));
            }
        }
        assertThat(smooth).isEqualTo(kinds.size() - 1);
    }

    @Test
    void slopesOfAPiecewiseLinearFunctionGoWithIt() {
        assertThat(NativeNetworks.Code.of(Activations.abRelu(-0.25, 1.5)))
                .isEqualTo(new NativeNetworks.Code(0, -0.25, 1.5));
        assertThat(NativeNetworks.Code.of(new PiecewiseLinear("my own relu", 0, 1)))
                .isEqualTo(NativeNetworks.Code.of(Activations.RELU));
    }

    @Test
    void functionsOfAUserAreNamedAndRefused() {
        Activation own = new Activation() {
            @Override
            public String label() {
                return "cube";
            }

            @Override
            public double value(double h) {
                return h * h * h;
            }

            @Override
            public double derivative(double h) {
                return 3 * h * h;
            }
        };
        assertThatThrownBy(() -> NativeNetworks.Code.of(own))
                .hasMessage("The native core has no activation \"cube\"; functions of your own run on the pure-Java"
                        + " backend.");
    }
}
