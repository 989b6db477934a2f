// SPDX-License-Identifier: Apache-2.0
/**
 * Profiles in the structure of Docker and Podman, whose rules depend on capabilities, architecture
 * and kernel version, and the profiles that come with jrunc. The entries are {@link
 * io.jrunc.seccomp.profile.EngineProfile} and {@link io.jrunc.seccomp.profile.BundledProfile}.
 * Reading the JSON belongs in {@code spec}.
 */
@NullMarked
package io.jrunc.seccomp.profile;

import org.jspecify.annotations.NullMarked;
