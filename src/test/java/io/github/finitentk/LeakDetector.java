package io.github.finitentk;

import io.github.finitentk.internal.Opened;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves open what it has opened, and names the places. Registered for all of them, in {@code
 * META-INF/services} and {@code junit-platform.properties}.
 */
public final class LeakDetector implements BeforeAllCallback, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakDetector.class);

    static {
        Opened.record();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), Opened.stillOpen());
    }

    @Override
    @SuppressWarnings("unchecked")
    public void afterAll(ExtensionContext context) {
        requireAllClosed((Set<Opened>) context.getStore(NAMESPACE).get(context.getUniqueId()));
    }

    /** @param before what was open already */
    static void requireAllClosed(Set<Opened> before) {
        Set<Opened> leaks = new HashSet<>(Opened.stillOpen());
        leaks.removeAll(before);
        if (!leaks.isEmpty()) {
            AssertionError error = new AssertionError(leaks.size() + " thing(s) were opened and never closed:");
            leaks.forEach(leak -> error.addSuppressed(leak.place()));
            throw error;
        }
    }
}
