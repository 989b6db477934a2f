// SPDX-License-Identifier: Apache-2.0
package io.jrunc.host.survey;

import io.jrunc.cgroup.Hierarchies;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.Machine;
import io.jrunc.linux.Strings;
import io.jrunc.program.HostProgram;
import io.jrunc.seccomp.profile.KernelVersion;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that can be found out about this host without privileges and without changing anything.
 *
 * @param kernel makes the calls
 * @param root where the host's /proc, /sys, /etc and /run are; empty but in tests
 * @param hierarchies its cgroup file systems, as the caller is placed in them
 * @param caller the user that asks
 * @param path the caller's PATH
 */
public record HostSurvey(
        Kernel kernel, String root, Hierarchies hierarchies, Caller caller, String path) {
    private static final KernelVersion OLDEST = new KernelVersion(5, 14);

    /**
     * The user that asks.
     *
     * @param inUserNamespace whether it is another user namespace than the host's first
     */
    public record Caller(int uid, String name, boolean inUserNamespace) {}

    /** Returns the facts, by subject. */
    public List<Fact> facts() {
        List<Fact> all = new ArrayList<>();
        all.addAll(kernelFacts());
        all.addAll(new CgroupSurvey(this).facts());
        all.addAll(new NamespaceSurvey(this).facts());
        all.addAll(seccomp());
        all.addAll(securityModules());
        all.addAll(programs());
        return all;
    }

    private List<Fact> kernelFacts() {
        Facts facts = new Facts("kernel");
        String release = line("/proc/sys/kernel/osrelease");
        facts.text("release", release);
        facts.text("machine", Machine.name());
        Optional<KernelVersion> version = KernelVersion.ofRelease(release);
        if (version.isPresent() && version.get().compareTo(OLDEST) < 0) {
            facts.missing(
                    "Linux " + OLDEST,
                    "containers cannot be made: calls of newer kernels are needed",
                    "update the kernel");
        }
        return facts.all();
    }

    private List<Fact> seccomp() {
        Facts facts = new Facts("seccomp");
        List<String> actions = words("/proc/sys/kernel/seccomp/actions_avail");
        facts.words("actions", actions);
        if (actions.isEmpty()) {
            facts.missing(
                    "seccomp",
                    "linux.seccomp is refused: containers may make every system call",
                    "use a kernel with CONFIG_SECCOMP_FILTER");
            return facts.all();
        }
        for (String action : List.of("kill_process", "trap", "errno", "trace", "log", "allow")) {
            if (!actions.contains(action)) {
                facts.missing(action, "profiles with this action are refused", "");
            }
        }
        if (!actions.contains("user_notif")) {
            facts.missing(
                    "user_notif",
                    "SCMP_ACT_NOTIFY is refused, and jrunc seccomp record cannot record",
                    "use a newer kernel");
        }
        return facts.all();
    }

    private List<Fact> securityModules() {
        Facts facts = new Facts("lsm");
        boolean apparmor = line("/sys/module/apparmor/parameters/enabled").equals("Y");
        boolean selinux = exists("/sys/fs/selinux/enforce");
        String active = line("/sys/kernel/security/lsm");
        if (!active.isEmpty()) {
            facts.words("active", List.of(active.split(",", -1)));
        }
        facts.flag("apparmor", apparmor);
        facts.flag("selinux", selinux);
        if (selinux) {
            boolean enforcing = line("/sys/fs/selinux/enforce").equals("1");
            facts.text("selinux_mode", enforcing ? "enforcing" : "permissive");
        }
        if (!apparmor && !selinux) {
            facts.missing(
                    "AppArmor or SELinux",
                    "process.apparmorProfile and process.selinuxLabel are refused; nothing but"
                            + " namespaces, capabilities and seccomp confines root of a container",
                    "boot with one of them: lsm= of the kernel's command line");
        }
        return facts.all();
    }

    private List<Fact> programs() {
        Facts facts = new Facts("programs");
        Optional<String> criu = program("criu");
        facts.text("criu", criu.orElse("none"));
        if (criu.isEmpty()) {
            facts.missing(
                    "criu",
                    "containers can be neither checkpointed nor restored",
                    "install it, and have it in PATH");
        }
        boolean systemd = exists("/run/systemd/system");
        facts.flag("systemd", systemd);
        if (!systemd) {
            facts.missing(
                    "systemd",
                    "--systemd-cgroup is refused, and jrunc-setup --service has no effect",
                    "");
        }
        Optional<String> ps = program("ps");
        facts.text("ps", ps.orElse("none"));
        if (ps.isEmpty()) {
            facts.missing("ps", "jrunc ps prints JSON and templates only", "install procps");
        }
        return facts.all();
    }

    /** Returns where the caller's PATH has this program, if it has. */
    Optional<String> program(String name) {
        return HostProgram.find(kernel.files(), path, name);
    }

    /** Returns the first line of a file; empty if it is missing or may not be read. */
    String line(String file) {
        String text = text(file);
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    String text(String file) {
        return Strings.ofFileIfReadable(root + file);
    }

    List<String> words(String file) {
        String line = line(file).strip();
        return line.isEmpty() ? List.of() : List.of(line.split("\\s+", -1));
    }

    boolean isWritable(String directory) {
        return new File(root + directory).canWrite();
    }

    boolean exists(String file) {
        return new File(root + file).exists();
    }
}
