// SPDX-License-Identifier: Apache-2.0
/**
 * Pictures of a bundle and of what an audit has found, for people and other programs: {@link
 * io.jrunc.cli.page.ExplainPage} and {@link io.jrunc.cli.page.AuditPage} are pages of HTML, {@link
 * io.jrunc.cli.page.Sarif} is for services that scan code. Nothing here knows of a command.
 */
@NullMarked
package io.jrunc.cli.page;

import org.jspecify.annotations.NullMarked;
