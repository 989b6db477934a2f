// SPDX-License-Identifier: Apache-2.0
/** Docker, Podman and containerd with the program under test as their runtime. */
package io.jrunc.it.engine;
