package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlGroupsTest {

    private static final String VERSION_1 =
            "30 24 0:26 %s /sys/fs/cgroup/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n"
                    + "31 24 0:27 / /sys/fs/cgroup/cpu rw shared:10 - cgroup cgroup rw,cpu\n";
    private static final String VERSION_2 = "30 24 0:26 %s /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";

    @TempDir
    private Path root;

    @Test
    void withoutGroupsThereIsNoLimit() {
        assertThat(available()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void version2CountsEveryGroupAbove() throws IOException {
        mount(VERSION_2, "/", "0::/system.slice/job.scope\n");
        group2("", null, 0, 0);
        group2("system.slice", "1000", 700, 100);
        group2("system.slice/job.scope", "5000", 400, 0);
        assertThat(available()).isEqualTo(1000 - (700 - 100));
        group2("system.slice/job.scope", "450", 400, 50);
        assertThat(available()).isEqualTo(100);
        group2("system.slice", "max", 700, 0);
        group2("system.slice/job.scope", "max", 400, 0);
        assertThat(available()).isEqualTo(Long.MAX_VALUE);
        write("sys/fs/cgroup/system.slice/job.scope/memory.high", "600\n");
        assertThat(available()).isEqualTo(200);
    }

    @Test
    void version1CountsEveryGroupAbove() throws IOException {
        mount(VERSION_1, "/", "5:cpu,cpuacct:/other\n4:memory:/slurm/job_7\n0::/\n");
        group1("", 9223372036854771712L, 10_000, 0);
        group1("slurm", 2000, 500, 300);
        group1("slurm/job_7", 1500, 900, 0);
        assertThat(available()).isEqualTo(600);
        group1("slurm", 2000, 1900, 0);
        assertThat(available()).isEqualTo(100);
        group1("slurm", 2000, 2500, 0);
        assertThat(available()).isZero();
    }

    // A container sees its own group as the top, with or without a name space of its own.
    @Test
    void aContainersTopIsItsOwnGroup() throws IOException {
        mount(VERSION_1, "/docker/abc", "4:memory:/docker/abc\n");
        group1("", 1000, 300, 0);
        assertThat(available()).isEqualTo(700);
        mount(VERSION_1, "/docker/abc", "4:memory:/docker/abc/inner\n");
        group1("inner", 500, 300, 0);
        assertThat(available()).isEqualTo(200);
        mount(VERSION_2, "/../../other", "0::/\n");
        group2("", "400", 100, 0);
        assertThat(available()).isEqualTo(300);
        mount(VERSION_2, "/", "0::/../sibling\n");
        assertThat(available()).isEqualTo(300);
    }

    @Test
    void hybridSystemsHaveBoth() throws IOException {
        write(
                "proc/self/mountinfo",
                String.format(VERSION_1, "/") + "40 24 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
        write("proc/self/cgroup", "4:memory:/a\n0::/b\n");
        Files.createDirectories(root.resolve("sys/fs/cgroup/unified/b"));
        group1("a", 800, 300, 0);
        assertThat(available()).isEqualTo(500);
    }

    private long available() {
        return new ControlGroups(root).availableMemory();
    }

    private void mount(String mountinfo, String directory, String cgroup) throws IOException {
        write("proc/self/mountinfo", "22 1 0:20 / / rw - ext4 /dev/sda rw\n" + String.format(mountinfo, directory));
        write("proc/self/cgroup", cgroup);
    }

    private void group1(String path, long limit, long usage, long cache) throws IOException {
        String group = "sys/fs/cgroup/memory/" + path;
        write(group + "/memory.limit_in_bytes", limit + "\n");
        write(group + "/memory.usage_in_bytes", usage + "\n");
        write(group + "/memory.stat", "inactive_file 77\ntotal_inactive_file " + cache + "\ntotal_active_file 0\n");
    }

    private void group2(String path, String limit, long usage, long cache) throws IOException {
        String group = "sys/fs/cgroup/" + path;
        if (limit != null) {
            write(group + "/memory.max", limit + "\n");
        }
        write(group + "/memory.current", usage + "\n");
        write(group + "/memory.stat", "anon 5\nactive_file " + cache + "\ninactive_file 0\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
