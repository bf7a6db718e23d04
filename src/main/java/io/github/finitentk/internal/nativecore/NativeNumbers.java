package io.github.finitentk.internal.nativecore;

import io.github.finitentk.model.Precision;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Numbers of one precision in direct memory: a buffer of the core. Java's side of it is in f64, rounded on its way in. */
final class NativeNumbers implements AutoCloseable {

    private final Precision precision;
    private final BytePointer memory;

    /** Uninitialised memory for {@code count} numbers, 0 or more. */
    NativeNumbers(Precision precision, long count) {
        this.precision = precision;
        long bytes = Math.multiplyExact(count, precision.bytes());
        // JavaCPP takes a null pointer for no argument, hence a byte, beyond the limit, where there are no numbers.
        memory = new BytePointer(Math.max(1, bytes)).limit(bytes);
        NtkCore.preferHugePages(memory);
    }

    /** The code of a precision in the core, {@code ntk::ElementType}. */
    static int elementType(Precision precision) {
        return switch (precision) {
            case F32 -> 0;
            case F64 -> 1;
        };
    }

    /** All of it; owned by this object. */
    BytePointer memory() {
        return memory;
    }

    /** What lies from one number on; owned by this object. */
    BytePointer from(long first) {
        return new BytePointer(memory).position(first * precision.bytes());
    }

    NativeNumbers zeroed() {
        Pointer.memset(memory, 0, memory.capacity());
        return this;
    }

    void write(long first, double[] source) {
        write(first, source, 0, source.length);
    }

    void write(long first, double[] source, int offset, int count) {
        if (precision == Precision.F64) {
            new DoublePointer(memory).position(first).put(source, offset, count);
            return;
        }
        float[] rounded = new float[count];
        for (int i = 0; i < count; i++) {
            rounded[i] = (float) source[offset + i];
        }
        new FloatPointer(memory).position(first).put(rounded);
    }

    void read(long first, double[] target) {
        read(first, target, 0, target.length);
    }

    void read(long first, double[] target, int offset, int count) {
        reader().read(first, target, offset, count);
    }

    /** For one thread at a time that reads again and again. */
    Reader reader() {
        return new Reader();
    }

    /** Reads by a view that is moved about. */
    final class Reader {
        private final DoublePointer doubles = precision == Precision.F64 ? new DoublePointer(memory) : null;
        private final FloatPointer floats = precision == Precision.F32 ? new FloatPointer(memory) : null;

        void read(long first, double[] target) {
            read(first, target, 0, target.length);
        }

        void read(long first, double[] target, int offset, int count) {
            if (doubles != null) {
                doubles.position(first).get(target, offset, count);
                return;
            }
            float[] values = new float[count];
            floats.position(first).get(values);
            for (int i = 0; i < count; i++) {
                target[offset + i] = values[i];
            }
        }
    }

    /** Copies {@code count} numbers from the same place of another buffer of this precision. */
    void copy(NativeNumbers source, long first, long count) {
        Pointer.memcpy(from(first), source.from(first), count * precision.bytes());
    }

    @Override
    public void close() {
        memory.close();
    }
}
