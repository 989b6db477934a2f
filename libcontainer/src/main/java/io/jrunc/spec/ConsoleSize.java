// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/**
 * {@code process.consoleSize}. Source: runtime-spec config.md#process, ioctl_tty(2).
 *
 * @param height in characters, 0 to 65535
 * @param width in characters, 0 to 65535
 */
public record ConsoleSize(int height, int width) {
    public static final int MAX = 0xffff;

    public ConsoleSize {
        Ranges.check("process.consoleSize.height", height, 0, MAX);
        Ranges.check("process.consoleSize.width", width, 0, MAX);
    }
}
