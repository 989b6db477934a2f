// SPDX-License-Identifier: Apache-2.0
package io.jrunc.container.model;

import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Kernel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The end of a pipe that is read. Closing it closes the descriptor. */
final class PipeInput extends InputStream {
    private final Kernel kernel;
    private final Fd pipe;

    PipeInput(Kernel kernel, Fd pipe) {
        this.kernel = kernel;
        this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        try {
            byte[] bytes = kernel.files().read(pipe, length);
            System.arraycopy(bytes, 0, buffer, offset, bytes.length);
            return bytes.length == 0 ? -1 : bytes.length;
        } catch (Failure f) {
            throw new IOException(f);
        }
    }

    @Override
    public void close() {
        pipe.close();
    }
}
