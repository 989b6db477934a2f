// SPDX-License-Identifier: Apache-2.0
package io.jrunc.spec;

/** A kind of device node. Source: runtime-spec config-linux.md#devices, mknod(1). */
public enum DeviceType implements SpecWord {
    CHARACTER("c"),
    BLOCK("b"),
    /** A character device by another letter. */
    UNBUFFERED("u"),
    FIFO("p");

    private final String specName;

    DeviceType(String specName) {
        this.specName = specName;
    }

    @Override
    public String specName() {
        return specName;
    }
}
