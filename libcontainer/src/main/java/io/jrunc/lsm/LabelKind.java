// SPDX-License-Identifier: Apache-2.0
package io.jrunc.lsm;

/** The purpose of a label, and the file that sets it. proc_pid_attr(5). */
enum LabelKind {
    /** The AppArmor profile of the program, from execve(2) on. */
    APPARMOR_PROFILE("process.apparmorProfile", "attr/apparmor/exec", "exec "),
    /** The SELinux context of the program, from execve(2) on. */
    SELINUX_LABEL("process.selinuxLabel", "attr/exec", ""),
    /** The SELinux context of files that do not bring one along. */
    MOUNT_LABEL("linux.mountLabel", "attr/fscreate", "");

    private final String field;
    private final String file;
    private final String command;

    LabelKind(String field, String file, String command) {
        this.field = field;
        this.file = file;
        this.command = command;
    }

    /** Returns the field of {@code config.json}. */
    String field() {
        return field;
    }

    /**
     * Returns the file, below a thread's directory in procfs, whose writer gets a label of this
     * kind.
     */
    String file() {
        return file;
    }

    /** Returns what is written there. */
    String request(String label) {
        return command + label;
    }
}
