package io.jrunc.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code process}: what to run, and as whom. Source: runtime-spec config.md#process.
 *
 * @param terminal whether a pseudo terminal is attached; absent is false
 * @param consoleSize ignored without a terminal
 * @param args the program and its arguments
 * @param env the whole environment, as {@code NAME=value}
 * @param cwd absolute, inside the container; empty if absent
 * @param capabilities absent leaves all capability sets as they are
 * @param noNewPrivileges whether execve(2) may add no privileges; absent is false
 * @param apparmorProfile absent changes no profile
 * @param oomScoreAdj -1000 to 1000; absent leaves the inherited value
 * @param scheduler absent leaves the inherited policy
 * @param selinuxLabel absent sets no label
 * @param ioPriority absent leaves the inherited priority
 * @param execCpuAffinity where a process of {@code exec} may run; not for the container's init
 */
public record ProcessSpec(
        boolean terminal,
        Optional<ConsoleSize> consoleSize,
        User user,
        List<String> args,
        List<String> env,
        String cwd,
        Optional<Capabilities> capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        Optional<String> apparmorProfile,
        OptionalInt oomScoreAdj,
        Optional<Scheduler> scheduler,
        Optional<String> selinuxLabel,
        Optional<IoPriority> ioPriority,
        Optional<ExecCpuAffinity> execCpuAffinity) {
    public ProcessSpec {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
        Ranges.check("process.oomScoreAdj", oomScoreAdj, -1000, 1000);
    }

    /** The same with more variables, which count if there are others of their names. */
    public ProcessSpec withVariables(List<String> variables) {
        List<String> all = new ArrayList<>(env);
        all.addAll(variables);
        return with(all, apparmorProfile, selinuxLabel);
    }

    /** Whether a security module is to treat it in a way of its own. */
    public boolean isLabelled() {
        return apparmorProfile.isPresent() || selinuxLabel.isPresent();
    }

    /** The same under the labels of {@code other}, as far as it has none of its own. */
    public ProcessSpec labelledLike(ProcessSpec other) {
        return with(
                env,
                apparmorProfile.isPresent() ? apparmorProfile : other.apparmorProfile,
                selinuxLabel.isPresent() ? selinuxLabel : other.selinuxLabel);
    }

    /** The same with a SELinux context. */
    public ProcessSpec withSelinuxLabel(String label) {
        return with(env, apparmorProfile, Optional.of(label));
    }

    private ProcessSpec with(
            List<String> otherEnv, Optional<String> profile, Optional<String> label) {
        return new ProcessSpec(
                terminal,
                consoleSize,
                user,
                args,
                otherEnv,
                cwd,
                capabilities,
                rlimits,
                noNewPrivileges,
                profile,
                oomScoreAdj,
                scheduler,
                label,
                ioPriority,
                execCpuAffinity);
    }
}
