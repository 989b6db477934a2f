// SPDX-License-Identifier: Apache-2.0
/**
 * netlink(7): messages to the kernel and its replies, and what rtnetlink(7) knows of devices and
 * addresses. The entries are {@link io.jrunc.linux.netlink.Rtnetlink} for devices and {@link
 * io.jrunc.linux.netlink.NetlinkMessage} for other families. Which device moves into which
 * container is decided in {@code network}.
 */
@NullMarked
package io.jrunc.linux.netlink;

import org.jspecify.annotations.NullMarked;
