package io.github.finitentk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.finitentk.compute.InsufficientMemoryException;
import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.experiment.CellStore;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.meanfield.MeanField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every public method and constructor of what is exported, with arguments that make no sense, one at a time: only the exceptions leave that
 * docs/architecture.md lists ("What methods throw"), each with a sentence, and none takes forever.
 */
class AnyArgumentsTest {

    private static final int SECONDS = 60;

    private static final List<Class<? extends Throwable>> ALLOWED = List.of(
            IllegalArgumentException.class,
            IllegalStateException.class,
            InsufficientMemoryException.class,
            NotPositiveDefiniteException.class,
            ArithmeticException.class,
            UnsupportedOperationException.class,
            NoSuchElementException.class,
            CancellationException.class,
            CellStore.StoreException.class,
            UncheckedIOException.class,
            IOException.class);

    @TempDir
    Path folder;

    private final Set<String> problems = new TreeSet<>();
    private final Set<String> unknown = new TreeSet<>();
    private int calls;
    private ExecutorService caller = Executors.newSingleThreadExecutor();

    @Test
    void onlyDocumentedExceptionsLeave() throws Exception {
        AnyArguments arguments = new AnyArguments(folder);
        List<Class<?>> types = exported();
        // What is returned in the first round is an argument in the second one.
        for (int round = 0; round < 2; round++) {
            unknown.clear();
            for (Class<?> type : types) {
                for (Executable call : callables(type)) {
                    call(arguments, type, call, round < 1);
                }
            }
        }
        caller.shutdown();
        arguments.close();
        assertThat(problems).as(calls + " calls").isEmpty();
        assertThat(calls).isGreaterThan(1000);
        assertThat(unknown).as("types without a value to call them on or with").hasSizeLessThan(25);
    }

    private static List<Class<?>> exported() throws Exception {
        Path root = Path.of(
                Ntk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> packages = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("src/main/java/module-info.java"))) {
            if (line.strip().startsWith("exports ")) {
                packages.add(line.strip().replaceAll("exports (.*);", "$1"));
            }
        }
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
                if (packages.contains(name.replaceAll("\\.[^.]*$", "")) && !name.endsWith("package-info")) {
                    Class<?> type = Class.forName(name, false, Ntk.class.getClassLoader());
                    boolean visible = true;
                    for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
                        visible &= Modifier.isPublic(outer.getModifiers());
                    }
                    if (visible && !Throwable.class.isAssignableFrom(type)) {
                        types.add(type);
                    }
                }
            }
        }
        return types;
    }

    private static List<Executable> callables(Class<?> type) {
        List<Executable> all = new ArrayList<>();
        for (Constructor<?> constructor : type.getConstructors()) {
            if (!Modifier.isAbstract(type.getModifiers())) {
                all.add(constructor);
            }
        }
        for (Method method : type.getMethods()) {
            if (method.getDeclaringClass().getName().startsWith("io.github.finitentk")
                    && !method.isSynthetic()
                    && !(type.isEnum() && Set.of("valueOf", "values").contains(method.getName()))) {
                all.add(method);
            }
        }
        all.sort(Comparator.comparing(Executable::toString));
        return all;
    }

    private void call(AnyArguments arguments, Class<?> type, Executable call, boolean goodOnly) throws Exception {
        Class<?>[] parameters = call.getParameterTypes();
        boolean needsReceiver = call instanceof Method && !Modifier.isStatic(call.getModifiers());
        List<AnyArguments.Source> receivers =
                needsReceiver ? arguments.good(type) : List.<AnyArguments.Source>of(() -> null);
        if (receivers.isEmpty()) {
            unknown.add(type.getName());
            return;
        }
        List<List<AnyArguments.Source>> goods = new ArrayList<>();
        for (Class<?> parameter : parameters) {
            goods.add(arguments.good(parameter));
            if (goods.get(goods.size() - 1).isEmpty()) {
                unknown.add(parameter.getName());
                return;
            }
        }
        unknown.remove(type.getName());
        AnyArguments.Source[] values = new AnyArguments.Source[parameters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = goods.get(i).get(0);
        }
        AnyArguments.Source receiver = receivers.get(0);
        if (goodOnly) {
            arguments.learn(attempt(call, receiver, values));
            return;
        }
        for (int i = 0; i < values.length; i++) {
            AnyArguments.Source good = values[i];
            List<AnyArguments.Source> others = new ArrayList<>(goods.get(i));
            others.addAll(arguments.bad(parameters[i]));
            for (AnyArguments.Source other : others) {
                values[i] = other;
                attempt(call, receiver, values);
            }
            values[i] = good;
        }
    }

    private Object attempt(Executable call, AnyArguments.Source source, AnyArguments.Source[] sources)
            throws Exception {
        calls++;
        Object receiver = source.get();
        Object[] values = new Object[sources.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = sources[i].get();
        }
        if (isLong(call, values)) {
            return null;
        }
        Future<Object> result = caller.submit(() -> call instanceof Constructor<?> constructor
                ? constructor.newInstance(values)
                : ((Method) call).invoke(receiver, values));
        Object returned = null;
        try {
            returned = result.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable thrown =
                    e.getCause() instanceof InvocationTargetException target ? target.getCause() : e.getCause();
            judge(call, values, thrown);
        } catch (TimeoutException e) {
            problems.add(describe(call, values) + " takes more than " + SECONDS + " s");
            caller.shutdownNow();
            caller = Executors.newSingleThreadExecutor();
        } finally {
            close(receiver);
            for (Object value : values) {
                close(value);
            }
        }
        close(returned);
        return returned;
    }

    // To draw or train a million networks is no mistake.
    private static boolean isLong(Executable call, Object[] values) {
        return Set.of("ensemble", "train", "draw").contains(call.getName())
                        && Arrays.asList(values).contains(1 << 20)
                // Two inputs whose norms differ by more than 1e10: the quadrature over both takes minutes
                // (docs/reliability.md).
                || call.getDeclaringClass() == MeanField.class
                        && call.getName().equals("propagate")
                        && Arrays.asList(values).contains(1e300);
    }

    private static void close(Object thing) throws Exception {
        if (thing instanceof AutoCloseable open && !(thing instanceof Engine)) {
            open.close();
        }
    }

    private void judge(Executable call, Object[] values, Throwable thrown) {
        String message = thrown.getMessage();
        boolean fine;
        if (thrown instanceof NullPointerException) {
            // Of a null within a list or an array Java itself says nothing.
            fine = hasNull(values) && (message != null || !Arrays.asList(values).contains(null));
        } else if (thrown instanceof IndexOutOfBoundsException) {
            fine = message != null;
        } else {
            fine = ALLOWED.stream().anyMatch(type -> type.isInstance(thrown)) && message != null && !message.isBlank();
        }
        if (!fine) {
            StackTraceElement[] trace = thrown.getStackTrace();
            problems.add(describe(call, values) + " throws " + thrown + " at "
                    + Arrays.stream(trace)
                            .limit(6)
                            .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                            .toList());
        }
    }

    private static boolean hasNull(Object[] values) {
        for (Object value : values) {
            if (value == null
                    || value instanceof Object[] array && Arrays.asList(array).contains(null)
                    || value instanceof List<?> list && list.stream().anyMatch(element -> element == null)
                    || value instanceof java.lang.reflect.Proxy) {
                return true;
            }
        }
        return false;
    }

    private static String describe(Executable call, Object[] values) {
        List<String> texts = new ArrayList<>();
        for (Object value : values) {
            String text = value == null
                    ? "null"
                    : value.getClass().isArray()
                            ? value.getClass().getSimpleName() + java.lang.reflect.Array.getLength(value)
                            : String.valueOf(value);
            texts.add(text.length() > 40 ? text.substring(0, 40) + "..." : text);
        }
        return call.getDeclaringClass().getSimpleName() + "." + call.getName() + texts;
    }
}
