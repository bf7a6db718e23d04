package io.github.finitentk.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A command line that the help of a command shows; a test runs every one of them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Example.All.class)
@interface Example {

    /** What it does, in a few words without a full stop. */
    String does();

    /** The line, from {@code ntk} on. */
    String line();

    /** All of a command. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface All {
        Example[] value();
    }
}
