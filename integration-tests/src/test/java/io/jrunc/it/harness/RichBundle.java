// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.harness;

import java.nio.file.Path;

/** A bundle that has a runtime take most of the steps there are. */
public final class RichBundle {
    private static final int FIRST_ID = 200_000;
    private static final int IDS = 65_536;

    private RichBundle() {}

    /**
     * Makes one.
     *
     * @param userNamespace with a user namespace, which takes away some of the rest
     */
    public static Bundle make(boolean userNamespace) {
        Path shared = Sandbox.current().freshDirectory("shared");
        Bundle bundle =
                Bundle.busybox()
                        .writable()
                        .directory("/data")
                        .directory("/filled")
                        .file("/filled/one", "1\n")
                        .file("/etc/passwd", "root:x:0:0:root:/:/bin/sh\n")
                        .bind(shared, "/data", "rbind", "ro", "rprivate")
                        .mount("/filled", "tmpfs", "tmpfs", "tmpcopyup", "size=64k")
                        .mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro")
                        .json("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\"}")
                        .json("/linux/seccomp", FILTER)
                        .json("/linux/resources/pids", "{\"limit\": 20}")
                        .json("/linux/resources/memory", "{\"limit\": 33554432}")
                        .json("/linux/resources/cpu", "{\"shares\": 512, \"quota\": 50000}")
                        .json("/process/oomScoreAdj", "300")
                        .json("/process/ioPriority", IO_PRIORITY)
                        .json("/annotations", "{\"color\": \"blue\"}");
        hooks(bundle);
        if (userNamespace) {
            return bundle.userNamespace(FIRST_ID, IDS);
        }
        return bundle.json("/linux/devices", FIFO_AND_DEVICE);
    }

    private static void hooks(Bundle bundle) {
        for (String kind :
                new String[] {
                    "prestart", "createRuntime", "createContainer", "poststart", "poststop"
                }) {
            bundle.json("/hooks/" + kind, "[{\"path\": \"/bin/true\"}]");
        }
        bundle.json("/hooks/startContainer", "[{\"path\": \"/bin/true\", \"args\": [\"true\"]}]");
    }

    private static final String FILTER =
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["reboot", "swapon"], "action": "SCMP_ACT_ERRNO"}]}
            """;

    private static final String IO_PRIORITY = "{\"class\": \"IOPRIO_CLASS_BE\", \"priority\": 5}";

    private static final String FIFO_AND_DEVICE =
            """
            [{"path": "/dev/pipe", "type": "p", "fileMode": 438},
             {"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}]
            """;
}
