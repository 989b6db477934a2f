// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.guard;

import io.jrunc.linux.local.Libc;
import io.jrunc.linux.local.LibcProvider;
import java.util.Collection;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Runtime;
import jnr.ffi.provider.FFIProvider;
import jnr.ffi.provider.LoadedLibrary;

/**
 * Binds libc as the distribution does, with the {@link Guard} that {@link Guards} names in between.
 * Chosen by {@code -Djnr.ffi.provider}: so the runtime under test is the built one, unchanged.
 */
public final class GuardedLibcProvider extends FFIProvider {
    private final FFIProvider built = new LibcProvider();

    /** Found by name: jnr-ffi asks a provider for its platform. */
    public static final class Platform extends LibcProvider.Platform {}

    @Override
    public Runtime getRuntime() {
        return built.getRuntime();
    }

    @Override
    public <T> LibraryLoader<T> createLibraryLoader(Class<T> type) {
        LibraryLoader<T> loader = built.createLibraryLoader(type);
        return type == Libc.class ? new Loader<>(type, loader) : loader;
    }

    private static final class Loader<T> extends LibraryLoader<T> {
        private final Class<T> type;
        private final LibraryLoader<T> inner;

        Loader(Class<T> type, LibraryLoader<T> inner) {
            super(type);
            this.type = type;
            this.inner = inner;
        }

        @Override
        public T load(String name) {
            return type.cast(new Guarded((Libc) inner.load(name)));
        }

        @Override
        protected T loadLibrary(
                Class<T> type,
                Collection<String> names,
                Collection<String> paths,
                Map<LibraryOption, Object> options,
                boolean failImmediately) {
            return load(names.iterator().next());
        }
    }

    /** libc, where each system call meets the guard first. */
    private record Guarded(Libc libc) implements Libc, LoadedLibrary {
        @Override
        public Runtime getRuntime() {
            return ((LoadedLibrary) libc).getRuntime();
        }

        @Override
        public long syscall(long number, long a, long b, long c, long d, long e, long f) {
            long result = Guards.current().syscall(libc, new long[] {number, a, b, c, d, e, f});
            if (result < 0 && result > -4096) {
                getRuntime().setLastError((int) -result);
                return -1;
            }
            return result;
        }

        @Override
        public long syscall(long number, long a, long b, long c, long d, long e) {
            return syscall(number, a, b, c, d, e, 0);
        }

        @Override
        public int posix_spawn(long a, long b, long c, long d, long e, long f) {
            int error = Guards.current().spawn(libc);
            return error != 0 ? error : libc.posix_spawn(a, b, c, d, e, f);
        }

        @Override
        public long malloc(long size) {
            return libc.malloc(size);
        }

        @Override
        public void free(long address) {
            libc.free(address);
        }

        @Override
        public int posix_spawn_file_actions_init(long actions) {
            return libc.posix_spawn_file_actions_init(actions);
        }

        @Override
        public int posix_spawn_file_actions_adddup2(long actions, int from, int to) {
            return libc.posix_spawn_file_actions_adddup2(actions, from, to);
        }

        @Override
        public int posix_spawn_file_actions_destroy(long actions) {
            return libc.posix_spawn_file_actions_destroy(actions);
        }
    }
}
