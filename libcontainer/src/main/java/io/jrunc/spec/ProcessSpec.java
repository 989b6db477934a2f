// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code process}: the program, its user and its rights. Source: runtime-spec config.md#process.
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
 * @param interpreter the program of the host that is executed in place of {@code args[0]}; no field
 *     of {@code config.json}, but what a handler adds
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
        Optional<ExecCpuAffinity> execCpuAffinity,
        Optional<String> interpreter) {
    public ProcessSpec {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
        Ranges.check("process.oomScoreAdj", oomScoreAdj, -1000, 1000);
    }

    /** Returns the same with more variables, which count if there are others of their names. */
    public ProcessSpec withVariables(List<String> variables) {
        List<String> all = new ArrayList<>(env);
        all.addAll(variables);
        return with(all, apparmorProfile, selinuxLabel);
    }

    /** Returns the same with other arguments. */
    public ProcessSpec withArguments(List<String> others) {
        return new Builder(this).args(others).build();
    }

    /** Returns the same, executed by a program of the host. */
    public ProcessSpec interpretedBy(String program, List<String> arguments) {
        return new Builder(this).args(arguments).interpreter(program).build();
    }

    /** Returns whether a security module is to treat it in a way of its own. */
    public boolean isLabelled() {
        return apparmorProfile.isPresent() || selinuxLabel.isPresent();
    }

    /** Returns the same under the labels of {@code other}, as far as it has none of its own. */
    public ProcessSpec labelledLike(ProcessSpec other) {
        return with(
                env,
                apparmorProfile.isPresent() ? apparmorProfile : other.apparmorProfile,
                selinuxLabel.isPresent() ? selinuxLabel : other.selinuxLabel);
    }

    /** Returns the same with a SELinux context. */
    ProcessSpec withSelinuxLabel(String label) {
        return with(env, apparmorProfile, Optional.of(label));
    }

    private ProcessSpec with(
            List<String> otherEnv, Optional<String> profile, Optional<String> label) {
        return new Builder(this).env(otherEnv).apparmorProfile(profile).selinuxLabel(label).build();
    }

    /** Makes one from named parts; what is not named is absent. */
    public static final class Builder {
        private boolean terminal;
        private Optional<ConsoleSize> consoleSize = Optional.empty();
        private User user = User.ROOT;
        private List<String> args = List.of();
        private List<String> env = List.of();
        private String cwd = "";
        private Optional<Capabilities> capabilities = Optional.empty();
        private List<Rlimit> rlimits = List.of();
        private boolean noNewPrivileges;
        private Optional<String> apparmorProfile = Optional.empty();
        private OptionalInt oomScoreAdj = OptionalInt.empty();
        private Optional<Scheduler> scheduler = Optional.empty();
        private Optional<String> selinuxLabel = Optional.empty();
        private Optional<IoPriority> ioPriority = Optional.empty();
        private Optional<ExecCpuAffinity> execCpuAffinity = Optional.empty();
        private Optional<String> interpreter = Optional.empty();

        /** Begins with all parts absent. */
        public Builder() {}

        /** Begins with the parts of {@code process}. */
        public Builder(ProcessSpec process) {
            this.terminal = process.terminal;
            this.consoleSize = process.consoleSize;
            this.user = process.user;
            this.args = process.args;
            this.env = process.env;
            this.cwd = process.cwd;
            this.capabilities = process.capabilities;
            this.rlimits = process.rlimits;
            this.noNewPrivileges = process.noNewPrivileges;
            this.apparmorProfile = process.apparmorProfile;
            this.oomScoreAdj = process.oomScoreAdj;
            this.scheduler = process.scheduler;
            this.selinuxLabel = process.selinuxLabel;
            this.ioPriority = process.ioPriority;
            this.execCpuAffinity = process.execCpuAffinity;
            this.interpreter = process.interpreter;
        }

        public Builder terminal(boolean terminal) {
            this.terminal = terminal;
            return this;
        }

        public Builder consoleSize(Optional<ConsoleSize> consoleSize) {
            this.consoleSize = consoleSize;
            return this;
        }

        public Builder user(User user) {
            this.user = user;
            return this;
        }

        public Builder args(List<String> args) {
            this.args = args;
            return this;
        }

        public Builder env(List<String> env) {
            this.env = env;
            return this;
        }

        public Builder cwd(String cwd) {
            this.cwd = cwd;
            return this;
        }

        public Builder capabilities(Optional<Capabilities> capabilities) {
            this.capabilities = capabilities;
            return this;
        }

        public Builder rlimits(List<Rlimit> rlimits) {
            this.rlimits = rlimits;
            return this;
        }

        public Builder noNewPrivileges(boolean noNewPrivileges) {
            this.noNewPrivileges = noNewPrivileges;
            return this;
        }

        public Builder apparmorProfile(Optional<String> apparmorProfile) {
            this.apparmorProfile = apparmorProfile;
            return this;
        }

        public Builder oomScoreAdj(OptionalInt oomScoreAdj) {
            this.oomScoreAdj = oomScoreAdj;
            return this;
        }

        public Builder scheduler(Optional<Scheduler> scheduler) {
            this.scheduler = scheduler;
            return this;
        }

        public Builder selinuxLabel(Optional<String> selinuxLabel) {
            this.selinuxLabel = selinuxLabel;
            return this;
        }

        public Builder ioPriority(Optional<IoPriority> ioPriority) {
            this.ioPriority = ioPriority;
            return this;
        }

        public Builder execCpuAffinity(Optional<ExecCpuAffinity> execCpuAffinity) {
            this.execCpuAffinity = execCpuAffinity;
            return this;
        }

        private Builder interpreter(String program) {
            this.interpreter = Optional.of(program);
            return this;
        }

        public ProcessSpec build() {
            return new ProcessSpec(
                    terminal,
                    consoleSize,
                    user,
                    args,
                    env,
                    cwd,
                    capabilities,
                    rlimits,
                    noNewPrivileges,
                    apparmorProfile,
                    oomScoreAdj,
                    scheduler,
                    selinuxLabel,
                    ioPriority,
                    execCpuAffinity,
                    interpreter);
        }
    }
}
