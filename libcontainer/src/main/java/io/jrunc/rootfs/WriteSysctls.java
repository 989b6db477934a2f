// SPDX-License-Identifier: Apache-2.0
package io.jrunc.rootfs;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.ResolveFlag;
import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.EnumSet;
import java.util.Map;

/** Sets system controls of the container's namespaces, through the private procfs. sysctl(8). */
record WriteSysctls(Map<String, String> values) implements Step {
    @Override
    public String title() {
        return "set " + String.join(" ", values.keySet());
    }

    @Override
    public String field() {
        return "linux.sysctl";
    }

    @Override
    public void apply(SetupContext context) {
        for (Map.Entry<String, String> sysctl : values.entrySet()) {
            try {
                write(context, path(sysctl.getKey()), sysctl.getValue());
            } catch (Failure f) {
                throw f.is(Errno.ENOENT)
                        ? Failure.of(
                                Failure.Code.SYSCTL,
                                "linux.sysctl." + sysctl.getKey() + ": no such file or directory",
                                sysctl.getKey(),
                                Errno.ENOENT,
                                "this kernel has no such control; see sysctl -a for those it has")
                        : f.during("linux.sysctl." + sysctl.getKey());
            }
        }
    }

    private static void write(SetupContext context, String path, String value) {
        Files files = context.init().files();
        EnumSet<ResolveFlag> how =
                EnumSet.of(ResolveFlag.BENEATH, ResolveFlag.NO_XDEV, ResolveFlag.NO_SYMLINKS);
        try (Fd file = files.resolve(context.proc(), path, EnumSet.of(OpenFlag.WRONLY), how)) {
            files.write(file, value).result();
        }
    }

    /**
     * Converts by the first separator: if it is a dot, dots separate, and a slash stands for a dot
     * in a name.
     */
    static String path(String key) {
        int dot = key.indexOf('.');
        int slash = key.indexOf('/');
        if (slash >= 0 && (dot < 0 || slash < dot)) {
            return "sys/" + key;
        }
        StringBuilder path = new StringBuilder("sys/");
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            path.append(c == '.' ? '/' : c == '/' ? '.' : c);
        }
        return path.toString();
    }
}
