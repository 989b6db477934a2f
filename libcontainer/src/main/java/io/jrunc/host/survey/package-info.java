// SPDX-License-Identifier: Apache-2.0
/**
 * What this host offers to containers, fact by fact, and what follows from each that is missing:
 * {@link io.jrunc.host.survey.HostSurvey}. What the runtime itself needs of the host to make a
 * container is next door in {@code io.jrunc.host}.
 */
@NullMarked
package io.jrunc.host.survey;

import org.jspecify.annotations.NullMarked;
