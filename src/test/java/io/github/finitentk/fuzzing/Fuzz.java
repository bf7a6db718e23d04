package io.github.finitentk.fuzzing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Starts one fuzz test by itself, which is how Jazzer wants it; see scripts/fuzz. */
public final class Fuzz {

    private Fuzz() {}

    /** @param arguments the test: CLASS#METHOD */
    public static void main(String[] arguments) throws ClassNotFoundException {
        String[] name = arguments[0].split("#");
        Class<?> type = Class.forName(name[0]);
        Method test = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(FuzzTest.class)
                        && method.getName().equals(name[1]))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("There is no fuzz test " + arguments[0] + "."));
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(type, test))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        summary.getSummary().printFailuresTo(new PrintWriter(System.out), 40);
        boolean passed = summary.getSummary().getTestsSucceededCount() > 0
                && summary.getSummary().getTotalFailureCount() == 0;
        System.exit(passed ? 0 : 1);
    }
}
