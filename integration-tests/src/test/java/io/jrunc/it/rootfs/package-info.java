// SPDX-License-Identifier: Apache-2.0
/** Mounts, devices, masked paths and root file systems, hostile ones included. */
package io.jrunc.it.rootfs;
