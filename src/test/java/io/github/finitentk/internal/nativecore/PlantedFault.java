package io.github.finitentk.internal.nativecore;

import org.bytedeco.javacpp.BytePointer;

/**
 * Faults on purpose, for {@code scripts/sanitize} to see that they are found: {@code write} tells the core of more memory
 * than there is, and {@code exception LIBRARY} leaves an exception of the JNI pending in the library's function and goes on.
 */
final class PlantedFault {

    private static final int ROWS = 40;

    private PlantedFault() {}

    private static native void leaveException();

    public static void main(String[] arguments) {
        if (NativeLibrary.backend().isEmpty()) {
            throw new IllegalStateException(NativeLibrary.failureReason().orElse("no native core"));
        }
        if (arguments[0].equals("exception")) {
            System.load(arguments[1]);
            leaveException();
        } else {
            long bytes = ROWS * ROWS * Double.BYTES;
            try (NtkCore.Panel panel = new NtkCore.Panel();
                    BytePointer numbers = new BytePointer(bytes - Double.BYTES).limit(bytes)) {
                panel.type(1);
                panel.rows(ROWS);
                panel.columns(ROWS);
                panel.numbers(numbers);
                NtkCore.addProduct(panel, 0, false, panel, 0, panel, ROWS / 2, ROWS / 2, ROWS / 2);
            }
        }
    }
}
