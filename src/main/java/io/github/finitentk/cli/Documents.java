package io.github.finitentk.cli;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The documents that commands print, as records: each component is a key, {@code sigmaW2} the key {@code sigma_w2}, in the order of
 * their declaration. An empty {@link Optional} leaves its key out; null, a missing number, is null.
 */
final class Documents {

    private Documents() {}

    /** The keys of a document and their values. */
    static Map<String, Object> entries(Record document) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (RecordComponent component : document.getClass().getRecordComponents()) {
            Object value = value(component, document);
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present -> entries.put(key(component), present));
            } else {
                entries.put(key(component), value);
            }
        }
        return entries;
    }

    private static Object value(RecordComponent component, Record document) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(document);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The document's " + component.getName() + " cannot be read.", e);
        }
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
    }

    /** A document, or a list of some, with all that is in it as maps and lists for the writer. */
    static Object plain(Object value) {
        if (value instanceof Record document) {
            Map<String, Object> entries = entries(document);
            entries.replaceAll((key, entry) -> plain(entry));
            return entries;
        }
        return value instanceof List<?> list
                ? list.stream().map(Documents::plain).toList()
                : value;
    }
}
