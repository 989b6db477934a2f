// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import io.jrunc.linux.Strings;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The contexts that the policy of this host means for containers and their files, without
 * categories. Source: lxc_contexts(5), selinux_config(5).
 */
public record ContainerContexts(String process, String file) {
    private static final String DIRECTORY = "/etc/selinux";

    private static final Pattern CONTEXT =
            Pattern.compile("([^:]+:[^:]+:[^:]+):(s\\d+)[^:]*(?::.*)?");

    public ContainerContexts {
        requireContext(process);
        requireContext(file);
    }

    /** Reads them from where policies are installed. */
    public static ContainerContexts read(Kernel kernel) {
        return read(kernel.files(), DIRECTORY);
    }

    static ContainerContexts read(Files files, String directory) {
        String type = value(files, directory + "/config", "SELINUXTYPE");
        String contexts = directory + "/" + type + "/contexts/lxc_contexts";
        return new ContainerContexts(
                value(files, contexts, "process"), value(files, contexts, "file"));
    }

    /** Returns the context of a container's processes. */
    public String process(CategoryPair pair) {
        return with(process, pair);
    }

    /** Returns the context of the files that are its own. */
    public String file(CategoryPair pair) {
        return with(file, pair);
    }

    /** Returns the contexts of all processes on this host, as far as this one may see them. */
    public static List<String> ofProcesses() {
        List<String> contexts = new ArrayList<>();
        String[] names = new File("/proc").list((proc, name) -> name.matches("\\d+"));
        for (String pid : names == null ? new String[0] : names) {
            String context = ofProcess(pid);
            if (!context.isEmpty()) {
                contexts.add(context);
            }
        }
        return contexts;
    }

    /**
     * Returns the context of a process; empty if it has ended meanwhile, or is not for us to see.
     */
    private static String ofProcess(String pid) {
        String text = Strings.ofFileIfReadable("/proc/" + pid + "/attr/current");
        return text.replace("\0", "").strip();
    }

    private static String with(String context, CategoryPair pair) {
        Matcher parts = requireContext(context);
        return parts.group(1) + ":" + parts.group(2) + ":" + pair;
    }

    private static Matcher requireContext(String context) {
        Matcher parts = CONTEXT.matcher(context);
        if (!parts.matches()) {
            throw Failure.of(
                    Failure.Code.LABEL,
                    "\"" + context + "\" of the policy has no level, as categories need");
        }
        return parts;
    }

    private static String value(Files files, String path, String key) {
        try (Fd file = files.openIfReadable(path, OpenFlag.RDONLY)) {
            String text = file.isOpen() ? files.readText(file) : "";
            for (String line : text.split("\n", -1)) {
                Optional<String> value = assigned(line.strip(), key);
                if (value.isPresent()) {
                    return value.get();
                }
            }
        }
        throw Failure.of(
                Failure.Code.LABEL,
                path
                        + " does not say "
                        + key
                        + "; install a policy that knows containers, e.g. container-selinux");
    }

    /** Of {@code key = "value"} or {@code key=value} the value. */
    private static Optional<String> assigned(String line, String key) {
        int equals = line.indexOf('=');
        if (equals < 0 || !line.substring(0, equals).strip().equals(key)) {
            return Optional.empty();
        }
        return Optional.of(line.substring(equals + 1).strip().replace("\"", ""));
    }
}
