package io.github.finitentk.model;

import io.github.finitentk.data.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Files of weights that only Python reads: what they are, and the line of Python that makes an {@code .npz} of them. */
enum ForeignWeights {
    TORCH(
            "a PyTorch file, whose numbers lie in a pickle",
            "import numpy, torch; s = torch.load(%s, map_location='cpu'); s = s.get('state_dict',"
                    + " s.get('model_state_dict', s)); numpy.savez(%s, **{k: v.double().numpy() for k, v in s.items()})"),
    PICKLE(
            "a Python pickle",
            "import numpy, joblib; m = joblib.load(%s); numpy.savez(%s, **{f'coefs_{i}': w for i, w in"
                    + " enumerate(m.coefs_)}, **{f'intercepts_{i}': b for i, b in enumerate(m.intercepts_)})"),
    KERAS(
            "a Keras file",
            "import numpy, keras; m = keras.models.load_model(%s); numpy.savez(%s, **{v.path: v.numpy() for v in"
                    + " m.weights})"),
    ONNX(
            "an ONNX file",
            "import numpy, onnx; from onnx.numpy_helper import to_array; numpy.savez(%2$s, **{t.name: to_array(t) for"
                    + " t in onnx.load(%1$s).graph.initializer})");

    private static final int MAX_LISTED = 4;
    private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte PICKLE_PROTOCOL = (byte) 0x80;
    /** Protocol 2 and the magic number of PyTorch before 1.6: a long of ten bytes. */
    private static final byte[] OLD_TORCH = {PICKLE_PROTOCOL, 2, (byte) 0x8a, 10};

    private final String what;
    private final String line;

    ForeignWeights(String what, String line) {
        this.what = what;
        this.line = line;
    }

    /** @throws DataFormatException if the file is one of these; of other files, also missing ones, nothing is said here */
    static void refuse(Path path) {
        try (InputStream in = Files.isRegularFile(path) ? Files.newInputStream(path) : InputStream.nullInputStream()) {
            byte[] begin = in.readNBytes(9);
            byte[] start = Arrays.copyOf(begin, Math.min(4, begin.length));
            String name = path.toString().toLowerCase(Locale.ROOT);
            if (Arrays.equals(start, HDF5)) {
                throw KERAS.refusal(path, "HDF5");
            }
            if (Arrays.equals(start, ZIP)) {
                refuseArchive(path);
            }
            if (start.length > 1 && start[0] == PICKLE_PROTOCOL && start[1] <= 5 && !isSafetensors(begin)) {
                boolean torch = Arrays.equals(start, OLD_TORCH) || name.matches(".*\\.(pt|pth|ckpt|bin)");
                throw (torch ? TORCH : PICKLE).refusal(path, "protocol " + start[1]);
            }
            if (name.endsWith(".joblib")) {
                throw PICKLE.refusal(path, "compressed");
            }
            if (name.endsWith(".onnx")) {
                throw ONNX.refusal(path, "protocol buffers");
            }
        } catch (IOException e) {
            // who reads the numbers will say so
        }
    }

    // A header of 0x...80 bytes begins like a pickle: the length in eight bytes, of which the last are 0, then a brace.
    private static boolean isSafetensors(byte[] begin) {
        return begin.length == 9 && begin[6] == 0 && begin[7] == 0 && begin[8] == '{';
    }

    private static void refuseArchive(Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            List<String> members =
                    zip.stream().limit(1000).map(ZipEntry::getName).toList();
            String listed = members.stream().limit(MAX_LISTED).collect(Collectors.joining(", "))
                    + (members.size() > MAX_LISTED ? ", ..." : "");
            if (members.stream().anyMatch(member -> member.endsWith("/data.pkl") || member.equals("data.pkl"))) {
                throw TORCH.refusal(path, listed);
            }
            if (members.stream().anyMatch(member -> member.endsWith(".h5"))) {
                throw KERAS.refusal(path, listed);
            }
        }
    }

    private DataFormatException refusal(Path path, String found) {
        return new DataFormatException(path + " is " + what + " (" + found
                + "), which is not read; this line of Python makes an .npz" + " of it: "
                + String.format(Locale.ROOT, line, quoted(path.toString()), quoted(converted(path))));
    }

    private static String converted(Path path) {
        return path.toString().replaceFirst("\\.[A-Za-z0-9]{1,11}$", "") + ".npz";
    }

    /** A text as Python writes it. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
