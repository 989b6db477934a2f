// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import java.util.List;

/**
 * An option of a command.
 *
 * @param label what help calls its value; empty: it is a flag, and has none
 * @param description for help; empty: help does not show it
 * @param repeated whether all its values count, and not the last one only
 */
public record Option(List<String> names, String label, String description, boolean repeated) {
    public boolean isFlag() {
        return label.isEmpty();
    }

    /** Returns whether help leaves it out. */
    public boolean isHidden() {
        return description.isEmpty();
    }
}
