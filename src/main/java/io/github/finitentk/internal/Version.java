package io.github.finitentk.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
public final class Version {

    // Unlike the manifest of a jar, this file of Maven's can be read in a module as well.
    private static final String PROPERTIES = "/META-INF/maven/io.github.finitentk/finite-ntk/pom.properties";

    private Version() {}

    /** As in {@code 1.0.0}; {@code development} if these classes are in no jar. */
    public static String text() {
        try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
            if (in == null) {
                return "development";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("The version of this build cannot be read.", e);
        }
    }
}
