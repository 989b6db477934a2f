// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.serve;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Host;
import io.jrunc.it.harness.Program;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.ResidentRuntime;
import io.jrunc.it.harness.Result;
import io.jrunc.it.harness.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A resident runtime takes requests only from callers that may do and see exactly what it does; a
 * launcher asks only a resident runtime of its own user. Otherwise the command is done by a JVM of
 * its own, with the caller's rights.
 */
@Requires({ROOT, JRUNC})
class CallersIT {
    private ResidentRuntime resident;

    @BeforeEach
    void start() {
        resident = new ResidentRuntime();
    }

    @AfterEach
    void end() {
        resident.close();
    }

    @Test
    void commandsOfTheSameContextAreServed() {
        resident.start();

        assertTrue(resident.servesSoon());
    }

    /** A service of systemd has no supplementary groups; a login of root has group 0. */
    @ParameterizedTest
    @ValueSource(strings = {"setpriv --clear-groups", "setpriv --groups 0"})
    void callersOwnGroupMakesNoDifference(String wrapper) {
        resident.start();

        assertTrue(Host.becomes(20_000, () -> resident.serves(wrapper.split(" ", -1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unshare --mount",
                "unshare --net",
                "unshare --ipc",
                "unshare --uts",
                "unshare --cgroup",
                "unshare --time",
                "unshare --pid --fork",
                "unshare --pid --fork --mount-proc",
                "unshare --user --map-root-user",
                "setpriv --no-new-privs",
                "setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin",
                "setpriv --groups 1234",
                "setpriv --egid 1234 --keep-groups",
            })
    void callerInAnotherContextGetsAJvmOfItsOwn(String wrapper) {
        resident.start();

        assertFalse(resident.serves(wrapper.split(" ", -1)));
        assertTrue(resident.servesSoon());
    }

    @Test
    void callerWithAFilterOfSystemCallsIsNotServed() {
        resident.start();
        String filtered =
                "import ctypes,os,sys\n"
                        + "libc=ctypes.CDLL(None)\n"
                        + "class F(ctypes.Structure): _fields_=[('c',ctypes.c_ushort),"
                        + "('t',ctypes.c_ubyte),('f',ctypes.c_ubyte),('k',ctypes.c_uint)]\n"
                        + "class P(ctypes.Structure): _fields_=[('n',ctypes.c_ushort),"
                        + "('p',ctypes.POINTER(F))]\n"
                        + "f=F(6,0,0,0x7fff0000)\n"
                        + "assert libc.prctl(22,2,ctypes.byref(P(1,ctypes.pointer(f))),0,0)==0\n"
                        + "os.execv(sys.argv[1],sys.argv[1:])\n";

        assertFalse(resident.serves("python3", "-c", filtered));
    }

    @Test
    void callerInAnotherRootDirectoryIsNotServed() throws Exception {
        resident.start();
        Path root = Sandbox.current().freshDirectory("root");
        String script = "mount --rbind / " + root + " && exec chroot " + root + " \"$@\"";

        // The same files, the same mount namespace of an outer unshare, but another root.
        assertFalse(
                resident.serves(
                        "unshare", "--mount", "--propagation", "private", "sh", "-c", script, "-"));
        assertTrue(Files.isDirectory(root));
    }

    /** The socket and the launcher are bound into a container, which runs as root. */
    @Test
    void processInAContainerIsNotServed() {
        resident.start();
        String id = Sandbox.current().freshId();
        Bundle bundle = Bundle.busybox();
        for (String path :
                new String[] {Sandbox.current().directory().toString(), "/usr", "/lib", "/lib64"}) {
            bundle.bind(Path.of(path), path);
        }
        Path original = Path.of(Program.path()).getParent().getParent();
        bundle.bind(original, original.toString());
        bundle.args(resident.program(), "--version");

        Result run = bundle.invoke("run", id).run();

        assertFalse(run.stdout().contains("resident: yes"), run::describe);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwxrwxrwx", "rwx--x---", "rwxrwx---"})
    void launcherDoesNotAskInADirectoryThatOthersMayUse(String mode) throws Exception {
        resident.start();
        Files.setPosixFilePermissions(resident.directory(), PosixFilePermissions.fromString(mode));

        assertFalse(resident.serves());
    }

    @Test
    void launcherDoesNotAskInADirectoryOfAnotherUser() throws Exception {
        resident.start();
        Files.setAttribute(resident.directory(), "unix:uid", 1234);

        assertFalse(resident.serves());
    }

    @Test
    void launcherDoesNotFollowALinkToTheDirectory() throws Exception {
        resident.start();
        Path moved = resident.directory().resolveSibling("moved");
        Files.move(resident.directory(), moved);
        Files.createSymbolicLink(resident.directory(), moved);

        assertFalse(resident.serves());
    }

    @Test
    void serverRefusesADirectoryThatOthersMayUse() {
        resident.makeDirectory("rwxr-xr-x");

        Result serve = resident.launch().await();

        assertEquals(1, serve.status(), serve::describe);
        assertTrue(serve.stderr().contains("mode 0700"), serve::describe);
    }

    @Test
    void secondServerIsRefused() {
        resident.start();
        Result second = resident.runtime("serve").run();

        assertEquals(1, second.status(), second::describe);
        assertTrue(second.stderr().contains("already"), second::describe);
        assertTrue(resident.servesSoon());
    }
}
