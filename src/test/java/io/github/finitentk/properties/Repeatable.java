package io.github.finitentk.properties;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Every run of a property tries the same things: its seed is made from its name. With {@code -Dntk.statistics=full} it tries
 * {@value #FULL} times as many, with {@code -Dntk.properties.seed=N} others.
 */
final class Repeatable implements AroundPropertyHook {

    private static final int FULL = 20;

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    @Override
    public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        PropertyAttributes attributes = context.attributes();
        long name = context.targetMethod().getName().hashCode();
        attributes.setSeed(Long.toString(name + 31 * Long.getLong("ntk.properties.seed", 0)));
        if (System.getProperty("ntk.statistics", "quick").equals("full")) {
            attributes.setTries(FULL * attributes.tries().orElseThrow());
        }
        return property.execute();
    }
}
