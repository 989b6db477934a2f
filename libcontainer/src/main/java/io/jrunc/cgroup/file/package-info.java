// SPDX-License-Identifier: Apache-2.0
/** What the versions of cgroups have in common: a directory with files to write numbers into. */
@NullMarked
package io.jrunc.cgroup.file;

import org.jspecify.annotations.NullMarked;
