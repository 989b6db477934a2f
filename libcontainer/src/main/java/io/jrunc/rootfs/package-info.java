// SPDX-License-Identifier: Apache-2.0
/**
 * The container's file system: mounts, devices, links, pivot. The container's image owns every
 * symbolic link in it, so a path below the root is resolved once, inside, into a descriptor; {@code
 * java.nio.file} has no place here.
 */
@NullMarked
package io.jrunc.rootfs;

import org.jspecify.annotations.NullMarked;
