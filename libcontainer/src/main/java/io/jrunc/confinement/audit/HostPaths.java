// SPDX-License-Identifier: Apache-2.0
package io.jrunc.confinement.audit;

import java.util.List;

/** Places of a host, by their absolute path, that mean power over it. Source: hier(7). */
final class HostPaths {
    private static final List<String> ENGINE_SOCKETS =
            List.of(
                    "docker.sock",
                    "containerd.sock",
                    "containerd.sock.ttrpc",
                    "crio.sock",
                    "podman.sock",
                    "dockershim.sock",
                    "buildkitd.sock");

    /** With all below them. */
    private static final List<String> SYSTEM =
            List.of(
                    "/bin", "/boot", "/etc", "/lib", "/lib32", "/lib64", "/root", "/sbin", "/usr",
                    "/proc", "/sys");

    /** Themselves, but not all below them: volumes and sockets of single programs are there. */
    private static final List<String> SYSTEM_ALONE =
            List.of(
                    "/dev",
                    "/home",
                    "/run",
                    "/var",
                    "/var/lib",
                    "/var/lib/containerd",
                    "/var/lib/containers",
                    "/var/lib/docker",
                    "/var/lib/kubelet",
                    "/var/log",
                    "/var/run",
                    "/var/spool",
                    "/var/spool/cron");

    /** Of these every container has its own. */
    private static final List<String> HARMLESS_DEVICES =
            List.of(
                    "/dev/null",
                    "/dev/zero",
                    "/dev/full",
                    "/dev/random",
                    "/dev/urandom",
                    "/dev/tty",
                    "/dev/shm",
                    "/dev/mqueue",
                    "/dev/pts",
                    "/dev/ptmx",
                    "/dev/console");

    private HostPaths() {}

    static boolean isEngineSocket(String path) {
        return ENGINE_SOCKETS.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    static boolean isSystem(String path) {
        return SYSTEM_ALONE.contains(path)
                || SYSTEM.stream().anyMatch(one -> isAtOrBelow(one, path));
    }

    static boolean isDevice(String path) {
        return path.startsWith("/dev/")
                && HARMLESS_DEVICES.stream().noneMatch(one -> isAtOrBelow(one, path));
    }

    static boolean isAtOrBelow(String directory, String path) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }
}
