// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.checkpoint.option.CgroupsMode;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.checkpoint.option.NetworkLock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How to restore a container, beside what its specification says.
 *
 * @param image the directory of the image, absolute
 * @param work the directory of the log, absolute; absent: that of the image
 * @param flags what is asked of criu with a word
 * @param cgroups how cgroups are treated
 * @param networkLock how packets were kept away when it was dumped; absent: criu's choice
 * @param emptyNetwork whether the network namespace is left as it is made
 * @param lsmProfile takes the place of the dumped one: {@code apparmor:name}, {@code selinux:label}
 * @param lsmMountContext the SELinux context of mounts
 * @param explained receives the lines of criu's log that explain a failure
 * @param creation what it has in common with a container that is created
 */
public record RestoreOptions(
        String image,
        Optional<String> work,
        Set<CriuFlag> flags,
        CgroupsMode cgroups,
        Optional<NetworkLock> networkLock,
        boolean emptyNetwork,
        Optional<String> lsmProfile,
        Optional<String> lsmMountContext,
        Consumer<String> explained,
        CreateOptions creation) {
    public RestoreOptions {
        flags = Set.copyOf(flags);
    }

    /** The same with other wishes. */
    public RestoreOptions with(Set<CriuFlag> others) {
        return new RestoreOptions(
                image,
                work,
                Objects.requireNonNull(others, "RestoreOptions.with: others is null"),
                cgroups,
                networkLock,
                emptyNetwork,
                lsmProfile,
                lsmMountContext,
                explained,
                creation);
    }

    /** Nothing special: detached, with the same security labels. */
    public static RestoreOptions plain(String image) {
        return new RestoreOptions(
                Objects.requireNonNull(image, "RestoreOptions.plain: image is null"),
                Optional.empty(),
                Set.of(),
                CgroupsMode.DEFAULT,
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                line -> {},
                CreateOptions.plain());
    }
}
