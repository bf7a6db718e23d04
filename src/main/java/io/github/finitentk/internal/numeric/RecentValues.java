package io.github.finitentk.internal.numeric;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleFunction;

/**
 * A function of one number that is slow to compute and often asked for the same numbers: it keeps the values that were used
 * last. Safe to use from several threads, of which two may compute the same value.
 */
public final class RecentValues<V> implements DoubleFunction<V> {

    private final DoubleFunction<V> function;
    private final Map<Double, V> values;

    /** @param capacity how many values are kept */
    public RecentValues(int capacity, DoubleFunction<V> function) {
        this.function = function;
        this.values = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Double, V> eldest) {
                return size() > capacity;
            }
        };
    }

    @Override
    public V apply(double x) {
        synchronized (values) {
            if (values.containsKey(x)) {
                return values.get(x);
            }
        }
        V value = function.apply(x);
        synchronized (values) {
            values.put(x, value);
        }
        return value;
    }
}
