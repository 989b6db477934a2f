// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.output;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the library calls by the names of its API, in the words of the command line. Failures name
 * what a program would call or set; callers of the command line set options.
 */
public final class OptionWords {
    /** The library's words, and ours. */
    static final Map<String, String> TABLE = new LinkedHashMap<>();

    static {
        TABLE.put(
                "systemd does not run here; start it, or choose Cgroups.CGROUPFS",
                "--systemd-cgroup: systemd does not run here; leave it out, or start systemd");
        TABLE.put("choose Cgroups.NONE", "use --cgroup-manager disabled");
        TABLE.put("choose Cgroups.CGROUPFS", "leave --systemd-cgroup out");
        TABLE.put("give Containers.at another", "use --root");
        TABLE.put("call Container.delete with force", "use --force");
        TABLE.put("Containers.removeLost removes", "delete --force removes");
        TABLE.put("Containers.ids returns", "jrunc list shows");
        TABLE.put("have ProcessSpawner.allows accept", "give --allow-annotation");
        TABLE.put("takes ProcessSpawner.allows for", "takes --allow-annotation");
        TABLE.put("Bundle.of needs none", "jrunc spec writes one");
        TABLE.put("see Linux.uidMappings", "see jrunc spec --rootless");
        TABLE.put("ContainerMounts.remove", "jrunc mounts remove");
        TABLE.put("CreateOptions.noPivot", "--no-pivot");
        TABLE.put("ExecOptions.cgroups", "--cgroup");
        TABLE.put("ExecOptions.ignorePaused", "--ignore-paused");
        TABLE.put("CheckpointOptions.parent", "--parent-path");
        TABLE.put("CheckpointOptions.preDump", "--pre-dump");
        TABLE.put("CriuFlag.LAZY_PAGES", "--lazy-pages");
        TABLE.put("CriuFlag.TCP_ESTABLISHED", "--tcp-established");
        TABLE.put("CriuFlag.TCP_CLOSE", "--tcp-close");
        TABLE.put("CriuFlag.FILE_LOCKS", "--file-locks");
        TABLE.put("CriuFlag.SHELL_JOB", "--shell-job");
    }

    private OptionWords() {}

    /** Returns a message of the library in our words. */
    public static String of(String message) {
        String ours = message;
        for (Map.Entry<String, String> words : TABLE.entrySet()) {
            ours = ours.replace(words.getKey(), words.getValue());
        }
        return ours;
    }
}
