// SPDX-License-Identifier: Apache-2.0
/**
 * Mandatory access control by the kernel's security modules: labels and profiles for processes, for
 * mounts and for keys, and how a container gets a label that no other has. What a label permits is
 * the policy's business. Source: runtime-spec config.md#linux-process, config-linux.md#mount-label;
 * proc_pid_attr(5), selinux(8), apparmor(7).
 */
@NullMarked
package io.jrunc.lsm;

import org.jspecify.annotations.NullMarked;
