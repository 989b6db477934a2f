// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/** The end of a pipe that is written to. Closing it closes the descriptor. */
final class PipeOutput extends OutputStream {
    private final Kernel kernel;
    private final Fd pipe;

    PipeOutput(Kernel kernel, Fd pipe) {
        this.kernel = kernel;
        this.pipe = pipe;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        try {
            kernel.files().writeAll(pipe, Arrays.copyOfRange(buffer, offset, offset + length));
        } catch (Failure f) {
            throw new IOException(f);
        }
    }

    @Override
    public void close() {
        pipe.close();
    }
}
