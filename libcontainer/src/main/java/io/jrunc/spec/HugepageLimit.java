// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * An entry of {@code linux.resources.hugepageLimits}. Source: runtime-spec
 * config-linux.md#huge-page-limits.
 *
 * @param pageSize {@code 64KB}, {@code 2MB}, {@code 1GB}, …
 * @param limit unsigned, bytes
 */
public record HugepageLimit(String pageSize, long limit) {}
