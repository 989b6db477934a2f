// SPDX-License-Identifier: Apache-2.0
package io.jrunc.linux.local;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.Library;
import com.kenai.jffi.Type;
import io.jrunc.linux.Machine;
import java.util.Collection;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Runtime;
import jnr.ffi.provider.FFIProvider;
import jnr.ffi.provider.LoadedLibrary;
import jnr.ffi.provider.jffi.Provider;

/**
 * Binds {@link Libc} by hand where jnr-ffi would reflect and generate a proxy class, which costs a
 * cold JVM as much as the rest of a short command. Everything else is left to the provider that
 * comes with jnr-ffi. The command line chooses it by {@code -Djnr.ffi.provider}, so that jnr-ffi
 * does not load its own first.
 */
public final class LibcProvider extends FFIProvider {
    private final FFIProvider stock = new Provider();

    @Override
    public Runtime getRuntime() {
        return stock.getRuntime();
    }

    @Override
    public <T> LibraryLoader<T> createLibraryLoader(Class<T> type) {
        return type == Libc.class
                ? new Loader<>(type, getRuntime())
                : stock.createLibraryLoader(type);
    }

    /** Found by name: jnr-ffi asks a provider for its platform. */
    public static class Platform extends jnr.ffi.Platform {
        /** That of Linux. */
        public Platform() {
            super(
                    OS.LINUX,
                    Machine.name().equals("aarch64") ? CPU.AARCH64 : CPU.X86_64,
                    64,
                    64,
                    "lib.*\\.so.*");
        }
    }

    private static final class Loader<T> extends LibraryLoader<T> {
        private final Class<T> type;
        private final Runtime runtime;

        Loader(Class<T> type, Runtime runtime) {
            super(type);
            this.type = type;
            this.runtime = runtime;
        }

        /** Without the search in directories: the dynamic linker knows where libc is. */
        @Override
        public T load(String name) {
            return type.cast(new Bound(Library.openLibrary(name, Library.LAZY), runtime));
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

    /** The functions of libc, by their addresses. */
    private static final class Bound implements Libc, LoadedLibrary {
        private static final Type L = Type.SLONG_LONG;
        private static final Type I = Type.SINT;

        private final Invoker invoker = Invoker.getInstance();
        private final Library library;
        private final Runtime runtime;
        private final long syscall;
        private final CallContext sevenWords = context(L, L, L, L, L, L, L, L);
        private final CallContext sixLongs = context(L, L, L, L, L, L, L);
        private final CallContext oneWord = context(L, L);

        Bound(Library library, Runtime runtime) {
            this.library = library;
            this.runtime = runtime;
            syscall = library.getSymbolAddress("syscall");
        }

        private static CallContext context(Type result, Type... parameters) {
            return CallContext.getCallContext(result, parameters, CallingConvention.DEFAULT, true);
        }

        @Override
        public Runtime getRuntime() {
            return runtime;
        }

        @Override
        public long syscall(long number, long a, long b, long c, long d, long e, long f) {
            HeapInvocationBuffer words = new HeapInvocationBuffer(sevenWords);
            words.putLong(number);
            words.putLong(a);
            words.putLong(b);
            words.putLong(c);
            words.putLong(d);
            words.putLong(e);
            words.putLong(f);
            return invoker.invokeLong(sevenWords, syscall, words);
        }

        @Override
        public long syscall(long number, long a, long b, long c, long d, long e) {
            return invoker.invokeL6(sixLongs, syscall, number, a, b, c, d, e);
        }

        @Override
        public long malloc(long size) {
            return invoker.invokeL1(oneWord, library.getSymbolAddress("malloc"), size);
        }

        @Override
        public void free(long address) {
            invoker.invokeL1(oneWord, library.getSymbolAddress("free"), address);
        }

        @Override
        public int posix_spawn(long a, long b, long c, long d, long e, long f) {
            return (int)
                    invoker.invokeN6(
                            context(I, L, L, L, L, L, L),
                            library.getSymbolAddress("posix_spawn"),
                            a,
                            b,
                            c,
                            d,
                            e,
                            f);
        }

        @Override
        public int posix_spawn_file_actions_init(long actions) {
            return (int)
                    invoker.invokeL1(
                            oneWord,
                            library.getSymbolAddress("posix_spawn_file_actions_init"),
                            actions);
        }

        @Override
        public int posix_spawn_file_actions_adddup2(long actions, int from, int to) {
            return (int)
                    invoker.invokeL3(
                            context(I, L, I, I),
                            library.getSymbolAddress("posix_spawn_file_actions_adddup2"),
                            actions,
                            from,
                            to);
        }

        @Override
        public int posix_spawn_file_actions_destroy(long actions) {
            return (int)
                    invoker.invokeL1(
                            oneWord,
                            library.getSymbolAddress("posix_spawn_file_actions_destroy"),
                            actions);
        }
    }
}
