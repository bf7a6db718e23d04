package io.github.finitentk.internal.nativecore;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.bytedeco.javacpp.annotation.Adapter;

/** A {@code std::span}: the core gets a buffer together with the room that it has, from its position to its limit. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
@Adapter("ntk::SpanAdapter")
public @interface Span {

    /** Read by JavaCPP: the C++ type of the numbers, if it is not that of the pointer. */
    String value() default "";
}
