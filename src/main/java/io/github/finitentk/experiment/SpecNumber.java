package io.github.finitentk.experiment;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What counts as a number in a specification: plain decimals such as {@code 8}, {@code -0.5} or {@code 1e-5}, which every
 * reader and every version of YAML take for the same number. Others are words: {@code 010} is 8 in YAML 1.1 and 10 in YAML
 * 1.2, {@code 1_000} and {@code 1:30} are numbers in the first and texts in the second.
 */
final class SpecNumber {

    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:(?:0|[1-9][0-9]*)(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,9})?");
    private static final Pattern LEADING_ZEROS = Pattern.compile("[-+]?0+[0-9][0-9.eE+-]*");
    private static final Pattern OTHER_BASE = Pattern.compile("[-+]?0(?:x[0-9a-f]+|o[0-7]+|b[01]+)");
    private static final Pattern UNDERSCORES = Pattern.compile("[-+]?[0-9][0-9_.eE+-]*");
    private static final Pattern SEXAGESIMAL = Pattern.compile("[-+]?[0-9]+(?::[0-9]+)+(?:\\.[0-9]*)?");
    private static final Pattern NOT_FINITE =
            Pattern.compile("[-+]?\\.?(?:inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
    private static final int MAX_DIGITS = 400;

    private SpecNumber() {}

    /** The number that a text which is not quoted stands for, exactly; empty if it stands for none. */
    static Optional<BigDecimal> parse(String text) {
        if (text.length() > MAX_DIGITS || !DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(text);
        double nearest = number.doubleValue();
        boolean inRange = Double.isFinite(nearest) && (nearest != 0 || number.signum() == 0);
        // 0e-999999999 has a billion decimals once anything is added to it.
        boolean zero = number.signum() == 0 && Math.abs((long) number.scale()) > MAX_DIGITS;
        return inRange ? Optional.of(zero ? BigDecimal.valueOf(0, 1) : number) : Optional.empty();
    }

    /** Why a text that might be meant as a number is not taken for one; empty if it does not look like a number. */
    static Optional<String> refusal(String text) {
        String shown = SpecNode.abbreviated(text);
        if (OTHER_BASE.matcher(text).matches()) {
            return Optional.of(shown + " is not in base 10; write " + decimal(text));
        }
        if (SEXAGESIMAL.matcher(text).matches()) {
            return Optional.of(shown + " counts in sixties for some readers of YAML and is a text for others;"
                    + " write one decimal number");
        }
        if (NOT_FINITE.matcher(text).matches()) {
            return Optional.of(shown + " is not a finite number");
        }
        if (text.contains("_") && UNDERSCORES.matcher(text).matches()) {
            return Optional.of(shown + " has underscores, which not every reader of YAML drops; write "
                    + SpecNode.abbreviated(text.replace("_", "")));
        }
        if (LEADING_ZEROS.matcher(text).matches()) {
            return Optional.of(shown + " has leading zeros, which make it octal for some readers of YAML; write "
                    + SpecNode.abbreviated(text.replaceFirst("^([-+]?)0+(?=[0-9])", "$1")));
        }
        if (parse(text).isPresent()) {
            return Optional.of("\"" + shown + "\" is quoted, and so a text");
        }
        if (DECIMAL.matcher(text).matches()) {
            return Optional.of(shown + " is beyond the range of a double, or has more than " + MAX_DIGITS + " digits");
        }
        return Optional.empty();
    }

    private static String decimal(String text) {
        int digits = text.indexOf('0') + 2;
        int base = switch (text.charAt(digits - 1)) {
            case 'x' -> 16;
            case 'o' -> 8;
            default -> 2;
        };
        String sign = text.startsWith("-") ? "-" : "";
        return text.length() > MAX_DIGITS
                ? "it in base 10"
                : SpecNode.abbreviated(sign + new BigInteger(text.substring(digits), base));
    }
}
