package io.github.finitentk.internal.compute;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux control groups, of version 1 and 2: what a container or a batch system still lets this process have of memory. A
 * group is limited by itself and by every group above it.
 */
final class ControlGroups {

    private final Path root;

    /** @param root the root of the file system, another one in tests */
    ControlGroups(Path root) {
        this.root = root;
    }

    /** Bytes that the tightest limit leaves, at least 0; {@link Long#MAX_VALUE} without a limit or without groups. */
    long availableMemory() {
        long available = Long.MAX_VALUE;
        for (Mount mount : mounts()) {
            Path top = inside(mount.point());
            for (Path group = group(mount); group.startsWith(top); group = group.getParent()) {
                available = Math.min(available, mount.unified() ? left2(group) : left1(group));
            }
        }
        return available;
    }

    private record Mount(boolean unified, String directory, String point) {}

    // ID PARENT MAJOR:MINOR DIRECTORY POINT OPTIONS... - TYPE SOURCE SUPER-OPTIONS
    private List<Mount> mounts() {
        List<Mount> mounts = new ArrayList<>();
        for (String line : lines("proc/self/mountinfo")) {
            String[] halves = line.split(" - ", 2);
            String[] fields = halves[0].split(" ");
            if (halves.length == 2 && fields.length > 4) {
                String[] type = halves[1].split(" ");
                boolean unified = type[0].equals("cgroup2");
                if (unified
                        || type[0].equals("cgroup")
                                && List.of(type[type.length - 1].split(",")).contains("memory")) {
                    mounts.add(new Mount(unified, unescaped(fields[3]), unescaped(fields[4])));
                }
            }
        }
        return mounts;
    }

    // Of this process: a line "ID:CONTROLLERS:PATH", without controllers in version 2. Its path counts from the
    // root of the hierarchy, of which a container sees only what is mounted.
    private Path group(Mount mount) {
        String path = "/";
        for (String line : lines("proc/self/cgroup")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3
                    && (mount.unified()
                            ? fields[1].isEmpty()
                            : List.of(fields[1].split(",")).contains("memory"))) {
                path = fields[2];
            }
        }
        Path top = inside(mount.point());
        String below = mount.directory().equals("/") ? path : null;
        if (below == null && (path + "/").startsWith(mount.directory() + "/")) {
            below = path.substring(mount.directory().length());
        }
        if (below == null || below.contains("/../") || below.startsWith("..")) {
            return top;
        }
        Path group = top.resolve(below.replaceFirst("^/+", "")).normalize();
        return group.startsWith(top) && Files.isDirectory(group) ? group : top;
    }

    private long left1(Path group) {
        return left(group, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
    }

    private long left2(Path group) {
        return Math.min(
                left(group, "memory.max", "memory.current", ""), left(group, "memory.high", "memory.current", ""));
    }

    // What the group's page cache holds counts as used, but is given back.
    private long left(Path group, String limitFile, String usageFile, String prefix) {
        long limit = number(group.resolve(limitFile));
        long usage = number(group.resolve(usageFile));
        if (limit < 0 || usage < 0) {
            return Long.MAX_VALUE;
        }
        long cache = 0;
        for (String line : lines(group.resolve("memory.stat"))) {
            if (line.startsWith(prefix + "inactive_file ") || line.startsWith(prefix + "active_file ")) {
                cache += Math.max(0, parse(line.substring(line.indexOf(' ') + 1)));
            }
        }
        return Math.max(0, limit - Math.max(0, usage - cache));
    }

    /** -1 if the file is not there or says "max". */
    private static long number(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? -1 : parse(lines.get(0));
    }

    private static long parse(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private List<String> lines(String file) {
        return lines(root.resolve(file));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Path inside(String absolute) {
        return root.resolve(absolute.replaceFirst("^/+", ""));
    }

    // Blanks in paths are written as octal numbers.
    private static String unescaped(String path) {
        return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
